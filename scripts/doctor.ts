// `mode: check` at somebody's desk: npm run doctor [-- FILE], .env if there is none.
import { runAtDesk } from './desk.ts'

await runAtDesk(process.argv[2] ?? '.env', { mode: 'check' })
