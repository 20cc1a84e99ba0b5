// Runs the committed bundle on a real file against the emulator, as GitHub's runner would.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '../emulator/emulator.ts'
import { localeLanguage } from '../src/command/settings.ts'
import { act, inputsFor } from './act.ts'
import { shownLine } from './shown-line.ts'

const language = localeLanguage(process.env)
const directory = mkdtempSync(join(tmpdir(), 'demo-'))
const emulator = await startEmulator()
try {
  const file = join(directory, '演示 app [v1.0].js')
  copyFileSync(join(import.meta.dirname, '../dist/index.js'), file)

  heading({ en: 'Log', zh: '日志' })
  const { exitCode, outputs, summary } = await act({
    with: {
      ...inputsFor(emulator.values),
      path: '*.js',
      language,
    },
    cwd: directory,
    onLine: (line) => {
      const shown = shownLine(line)
      if (shown) console.log(shown)
    },
  })
  heading({ en: 'Outputs', zh: '输出' })
  for (const [name, value] of Object.entries(outputs)) console.log(`${name}=${value}`)
  heading({ en: 'Job summary', zh: '任务摘要' })
  console.log(summary.trim())

  heading({ en: 'In DingTalk', zh: '钉钉中的结果' })
  const stored = emulator.contents(outputs['dentry-id'] ?? '')
  const equal = stored.equals(readFileSync(file))
  const messages = emulator.messages.filter(({ kind }) => kind === 'file').length
  const onQuota = emulator.requests.filter((request) => request.onQuota).length
  const requests = emulator.requests.length
  const results: Record<typeof language, string[]> = {
    en: [
      `${stored.length} bytes stored, ${equal ? 'identical to the file' : 'NOT identical to the file'}`,
      `Messages in the group: ${messages}. Requests: ${requests}, of which ${onQuota} count toward the monthly quota.`,
      'To see the messages of a group in a browser, run npm run emulator (docs/emulator.md).',
    ],
    zh: [
      `已存储 ${stored.length} 字节，与原文件${equal ? '一致' : '不一致'}`,
      `群里收到 ${messages} 条消息；共 ${requests} 次请求，其中 ${onQuota} 次计入每月额度。`,
      '如需在浏览器中查看群消息，请运行 npm run emulator（参见 docs/emulator.zh-CN.md）。',
    ],
  }
  for (const line of results[language]) console.log(line)
  process.exitCode = exitCode === 0 && equal && messages === 1 ? 0 : 1
} finally {
  await emulator.close()
  rmSync(directory, { recursive: true })
}

function heading(title: Record<typeof language, string>): void {
  console.log(`\n── ${title[language]} ${'─'.repeat(60)}`)
}
