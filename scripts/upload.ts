// The action at somebody's desk, for real: npm run upload -- PATH…, with the inputs out of .env, or another file (--env FILE).
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DESK, runAtDesk } from './desk.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { env: { type: 'string', default: '.env' } },
})
// `npm run doctor -- FILE` takes its values from the file; so one may be given here by mistake.
const secret = positionals.find((path) => /(^|\/|\.)env$/i.test(path))
if (secret !== undefined) {
  console.error(
    `${secret} looks like a file of secrets and is not uploaded: --env ${secret} takes the values out of it / 疑似密钥文件，未上传`,
  )
  process.exit(2)
}
// What is there is meant as it is called, whatever its name would mean as a pattern.
const paths = positionals.map((path) =>
  existsSync(resolve(DESK, path)) ? resolve(DESK, path).replace(/[[*?]/g, '[$&]') : path,
)
await runAtDesk(values.env, { mode: 'upload', ...(paths.length > 0 ? { path: paths.join('\n') } : {}) })
