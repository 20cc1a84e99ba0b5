// The action at somebody's desk, for real: npm run upload -- PATH…, with the inputs out of .env, or another file (--env FILE).
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DESK, runAtDesk } from './desk.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { env: { type: 'string', default: '.env' } },
})
// What is there is meant as it is called, whatever its name would mean as a pattern.
const paths = positionals.map((path) =>
  existsSync(resolve(DESK, path)) ? resolve(DESK, path).replace(/[[*?]/g, '[$&]') : path,
)
await runAtDesk(values.env, paths.length > 0 ? { path: paths.join('\n') } : {})
