// The action on somebody's machine, for real: npm run upload -- PATH…, with the inputs from .env or another file (--env FILE).
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DESK, refuse, runAtDesk } from './desk.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { env: { type: 'string', default: '.env' } },
})
// `npm run doctor -- FILE` takes its values from the file; so one may be given here by mistake.
const secret = positionals.find((path) => /(^|\/|\.)env$/i.test(path))
if (secret !== undefined) {
  refuse({
    en: `${secret} looks like a file of secrets, so it is not uploaded. To read the inputs from it, use --env ${secret}.`,
    zh: `${secret} 疑似密钥文件，不会上传。如需从中读取配置，请使用 --env ${secret}。`,
  })
  process.exit()
}
// A path that exists is meant literally, even if its name looks like a pattern.
const paths = positionals.map((path) =>
  existsSync(resolve(DESK, path)) ? resolve(DESK, path).replace(/[[*?]/g, '[$&]') : path,
)
await runAtDesk(values.env, { mode: 'upload', ...(paths.length > 0 ? { path: paths.join('\n') } : {}) })
