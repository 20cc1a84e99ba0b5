// The stand-in for GitHub's runner reads a step's files like the runner, with any line ends.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { act } from '../../scripts/act.ts'
import { shownLine } from '../../scripts/shown-line.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'act-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

test.each([
  ['as here', '\n'],
  ['as on Windows', '\r\n'],
])('reads lines that end %s', async (_, eol) => {
  const main = join(directory, 'step.mjs')
  const written = {
    log: ['::group::g', '::add-mask::m', '::error::a%0Ab%25', '中文'],
    output: ['one<<E', 'x', 'y', 'E', 'two<<F', '', 'F'],
    summary: ['## s', 'end'],
  }
  writeFileSync(
    main,
    `import { appendFileSync } from 'node:fs'
const written = ${JSON.stringify(written)}
const text = (lines) => lines.map((line) => line + ${JSON.stringify(eol)}).join('')
process.stdout.write(text(written.log))
appendFileSync(process.env.GITHUB_OUTPUT, text(written.output))
appendFileSync(process.env.GITHUB_STEP_SUMMARY, text(written.summary))
process.exitCode = 3`,
  )
  const heard: string[] = []
  const result = await act({ with: {}, main, onLine: (line) => heard.push(line) })
  expect(result).toEqual({
    exitCode: 3,
    stdout: `${written.log.join('\n')}\n`,
    stderr: '',
    outputs: { one: 'x\ny', two: '' },
    summary: '## s\nend\n',
  })
  expect(heard).toEqual(written.log)
  expect(heard.map(shownLine)).toEqual(['▾ g', undefined, 'Error: a\nb%', '中文'])
})
