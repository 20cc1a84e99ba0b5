// The action at somebody's desk, for real: npm run upload -- PATH…, with the inputs out of .env, or another file (--env FILE).
import { parseArgs } from 'node:util'
import { runAtDesk } from './desk.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { env: { type: 'string', default: '.env' } },
})
await runAtDesk(values.env, { path: positionals.join('\n') })
