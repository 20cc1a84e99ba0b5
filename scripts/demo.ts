// The whole job against the emulator: the committed bundle, run as GitHub's runner would, on a real file.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '../emulator/emulator.ts'
import { act, inputsFor } from './act.ts'
import { shownLine } from './shown-line.ts'

const directory = mkdtempSync(join(tmpdir(), 'demo-'))
const emulator = await startEmulator()
try {
  const file = join(directory, '演示 app [v1.0].js')
  copyFileSync(join(import.meta.dirname, '../dist/index.js'), file)

  heading('Log')
  const { exitCode, outputs, summary } = await act({
    with: {
      ...inputsFor(emulator.values),
      path: '*.js',
    },
    cwd: directory,
    onLine: (line) => {
      const shown = shownLine(line)
      if (shown) console.log(shown)
    },
  })
  heading('Outputs')
  for (const [name, value] of Object.entries(outputs)) console.log(`${name}=${value}`)
  heading('Job summary')
  console.log(summary.trim())

  heading('In DingTalk')
  const stored = emulator.contents(outputs['dentry-id'] ?? '')
  const equal = stored.equals(readFileSync(file))
  const messages = emulator.messages.filter(({ kind }) => kind === 'file').length
  const onQuota = emulator.requests.filter((request) => request.onQuota).length
  console.log(
    `${stored.length} bytes stored, ${equal ? 'equal to the file byte for byte' : 'NOT EQUAL to the file'}`,
  )
  console.log(
    `${messages} message in the group; ${emulator.requests.length} requests, ${onQuota} of them on quota`,
  )
  console.log('To see the messages of a group in a browser, run `npm run emulator`: docs/emulator.md')
  process.exitCode = exitCode === 0 && equal && messages === 1 ? 0 : 1
} finally {
  await emulator.close()
  rmSync(directory, { recursive: true })
}

function heading(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 76 - text.length))}`)
}
