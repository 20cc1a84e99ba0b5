// `mode: check` on somebody's machine: npm run doctor [-- FILE]; default: .env.
import { runAtDesk } from './desk.ts'

await runAtDesk(process.argv[2] ?? '.env', { mode: 'check' })
