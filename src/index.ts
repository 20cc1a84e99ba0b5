import { type Package, runCommand } from './command/command.ts'
import { run } from './main.ts'

// dist/cli.js sets this, and the runner does not.
const { uploadToDingtalk } = globalThis as { uploadToDingtalk?: Package }

const [first, ...rest] = process.argv.slice(2)

if (uploadToDingtalk && first === 'setup') {
  // A file of its own in the bundle, which no job loads.
  const { runSetup } = await import('./setup/setup.ts')
  await runSetup(rest)
} else if (uploadToDingtalk) {
  await runCommand(uploadToDingtalk, process.argv.slice(2))
} else {
  await run()
}
