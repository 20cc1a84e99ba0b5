import { describe, expect, test } from '@jest/globals'
import { helpText } from '../../src/command/help.ts'
import { variableOf } from '../../src/command/names.ts'
import { GROUPS, INPUT_NAMES, INPUTS } from '../../src/inputs/inputs.ts'
import { helpText as setupHelpText } from '../../src/setup/answers.ts'

/** How many columns of a terminal a line takes. */
const columns = (line: string) => line.replace(/[\p{Script=Han}\u3000-\u303f\uff01-\uff60]/gu, '00').length

describe.each(['en', 'zh'] as const)('help in %s', (language) => {
  const help = helpText(80)[language]

  test.each([60, 80, 120])('has at most %d columns per line, unless one word is longer', (width) => {
    const lines = helpText(width)[language].split('\n')
    const tooLong = lines.filter((line) => columns(line) > width && !/^ +\S+$/.test(line))
    // The commands of the example are to be copied.
    expect(tooLong.filter((line) => !line.includes('upload-to-dingtalk'))).toEqual([])
    expect(Math.max(...lines.map(columns))).toBeGreaterThan(width - 12)
  })

  test('has no markup, and no line that starts with the punctuation of the line before', () => {
    expect(help).not.toContain('`')
    expect(help).not.toMatch(/^ *[，。、；：）」]/m)
  })

  test('of setup has at most 80 columns per line, and no markup', () => {
    const setupHelp = setupHelpText(language, 80)
    expect(setupHelp.split('\n').filter((line) => columns(line) > 80)).toEqual([])
    expect(Math.max(...setupHelp.split('\n').map(columns))).toBeGreaterThan(68)
    expect(setupHelp).not.toContain('`')
  })

  test('starts with an example', () => {
    const [, , ...example] = help.split('\n')
    expect(example[0]).toContain(variableOf('app-key'))
    expect(example.slice(0, 4).join()).toContain('--chat-id')
  })

  test('lists the inputs in the groups and the order of the documentation', () => {
    const expected = INPUT_NAMES.filter((name) => !INPUTS[name].byRunner).flatMap((name, index, names) => {
      const { group, secret } = INPUTS[name]
      const isFirst = index === 0 || INPUTS[names[index - 1]!].group !== group
      return [...(isFirst ? [GROUPS[group][language]] : []), secret ? `  ${variableOf(name)}` : `  --${name}`]
    })
    const heads: readonly string[] = Object.values(GROUPS).map((text) => text[language])
    const listed = help.split('\n').flatMap((line) => {
      if (heads.includes(line)) return line
      return /^ {2}(DINGTALK_\w+$|--[\w-]+)/.exec(line)?.[0] ?? []
    })
    expect(listed.slice(0, expected.length)).toEqual(expected)
  })
})
