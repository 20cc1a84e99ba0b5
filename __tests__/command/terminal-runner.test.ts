import { expect, test } from '@jest/globals'
import { terminalRunner } from '../../src/command/terminal-runner.ts'

/** What a terminal shows after everything has been written: its lines, of which an erased one is empty. */
function screenOf(written: readonly string[]): string[] {
  return written
    .join('')
    .split('\n')
    .map((line) => line.split('\r\u001b[K').at(-1) ?? '')
}

function runnerOn(columns: number | undefined, language = 'en') {
  const written: string[] = []
  const write = (text: string) => void written.push(text)
  return { written, runner: terminalRunner({ inputs: { language }, literalPaths: [] }, {}, write, columns) }
}

test('on a terminal, progress is one line that is updated, below the log', () => {
  const { written, runner } = runnerOn(80)
  runner.info({ en: 'first', zh: '一' })
  runner.progress!(0, 200, 0)
  runner.progress!(50, 200, 1000)
  expect(screenOf(written)).toEqual([
    'first',
    expect.stringMatching(/^\[#+-+\] 25% .*200 B, 50 B\/s, 3\.0 s/),
  ])
  runner.info({ en: 'second', zh: '二' })
  expect(screenOf(written)).toEqual(['first', 'second', ''])
  runner.progress!(200, 200, 4000)
  runner.error({ en: 'third', zh: '三' })
  expect(screenOf(written)).toEqual(['first', 'second', 'Error: third', ''])
})

test.each(['en', 'zh'])('the line fits on a narrow terminal, in %s', (language) => {
  const { written, runner } = runnerOn(40, language)
  runner.progress!(50, 200, 1000)
  expect(screenOf(written)[0]!.length).toBeLessThan(40)
})

test('prints no such line elsewhere', () => {
  expect(runnerOn(undefined).runner).not.toHaveProperty('progress')
})
