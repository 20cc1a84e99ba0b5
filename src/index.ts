import { type Package, runCommand } from './command/command.ts'
import { run } from './main.ts'

// dist/cli.js sets this, and the runner does not.
const { uploadToDingtalk } = globalThis as { uploadToDingtalk?: Package }

if (uploadToDingtalk) {
  await runCommand(uploadToDingtalk, process.argv.slice(2))
} else {
  await run()
}
