import { describe, expect, test } from '@jest/globals'
import { OPTIONS, readArguments, UsageError } from '../../src/command/arguments.ts'
import { nearest } from '../../src/command/names.ts'
import { INPUT_NAMES, INPUTS } from '../../src/inputs/inputs.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const SECRETS = INPUT_NAMES.filter((name) => INPUTS[name].secret)

function problemsOf(...argv: string[]): UsageError['problems'] {
  try {
    readArguments(argv)
  } catch (error) {
    if (error instanceof UsageError) return error.problems
    throw error
  }
  return []
}

test('has an option for every input except secrets and what only a runner knows', () => {
  expect(SECRETS).toEqual(
    expect.arrayContaining(['app-secret', 'github-token', 'robot-webhook', 'robot-secret']),
  )
  const expected = INPUT_NAMES.filter((name) => !SECRETS.includes(name) && name !== 'job-identity')
  expect(OPTIONS).toEqual([...expected, 'env', 'json', 'help', 'version'])
})

test('accepts a value after its option or an equals sign', () => {
  const { inputs } = readArguments([
    '--chat-id',
    'cid1',
    '--message=a=b\nc',
    '--name',
    '-x',
    '--folder-path=',
  ])
  expect(inputs).toEqual({ 'chat-id': 'cid1', message: 'a=b\nc', name: '-x', 'folder-path': '' })
})

test.each([
  [['--archive'], 'true'],
  [['--archive', 'out'], 'true'],
  [['--archive', '--json'], 'true'],
  [['--archive', 'false'], 'false'],
  [['--archive=FALSE'], 'FALSE'],
])('%j says archive: %s', (argv, archive) => {
  expect(readArguments(argv).inputs.archive).toBe(archive)
})

test('joins repeated options as lines', () => {
  const { inputs } = readArguments(['--path', 'a', '--chat-id', 'x', '--path=!b'])
  expect(inputs).toEqual({ path: 'a\n!b', 'chat-id': 'x' })
})

test('treats other arguments, and all after two dashes, as paths', () => {
  const { paths, json, env } = readArguments(['a', '--json', '-', '--env', 'f', '--', '--json', '-b'])
  expect({ paths, json, env }).toEqual({ paths: ['a', '-', '--json', '-b'], json: true, env: 'f' })
})

test.each([['--help'], ['-h']])('shows help for %s', (option) => {
  expect(readArguments([option]).help).toBe(true)
})

describe('rejects a secret, and does not quote it', () => {
  const spellings = SECRETS.flatMap((name): [string, string[]][] => [
    [name, [`--${name}`, 'hunter2']],
    [name, [`--${name}=hunter2`]],
    [name, [`--${name.slice(0, -2)}`, 'hunter2']],
    [name, [`--DINGTALK_${name.replaceAll('-', '_').toUpperCase()}=hunter2`]],
    [name, [`-${name}=hunter2`]],
  ])
  test.each(spellings)('%s as %j', (name, argv) => {
    const [problem, ...others] = problemsOf(...argv)
    expect(others).toEqual([])
    for (const half of [problem!.en, problem!.zh]) {
      expect(half).toContain(`DINGTALK_${name.replaceAll('-', '_').toUpperCase()}`)
      expect(half).not.toContain('hunter2')
    }
  })
})

test.each([
  ['--chat-ids', '--chat-id'],
  ['--jsn', '--json'],
  ['--PATH=x', '--path'],
  ['--folder_path', '--folder-path'],
  ['-path', '--path'],
  ['--chat', '--chat-id'],
  ['--webhook', 'DINGTALK_ROBOT_WEBHOOK'],
])('suggests, for %s, %s', (given, meant) => {
  const [problem] = problemsOf(given)
  for (const half of [problem!.en, problem!.zh]) {
    expect(half).toContain(given.split('=')[0])
    expect(half).toContain(meant)
  }
})

test('reports every problem, with a suggestion only for similar names', () => {
  const problems = problemsOf('--frobnicate=s3cret', '-x', '--json=1', '--path', '--chat-id')
  expect(problems.map(({ en }) => /--?[\w-]+/.exec(en)?.[0])).toEqual([
    '--frobnicate',
    '-x',
    '--json',
    '--path',
    '--chat-id',
  ])
  expect(problems[0]!.en).toContain('--help')
  expect(JSON.stringify(problems)).not.toContain('s3cret')
})

test.each(['-dash.txt', '-x', '--out.zip'])('explains how to write %s if it is a file', (given) => {
  expectWhole(problemsOf(given)[0]!, given, `./${given}`, '--help')
})

test.each([
  ['--language=zh', '--bogus'],
  ['--bogus', '--language', 'zh'],
])('reports problems in the language of the option: %j', (...argv) => {
  expect(() => readArguments(argv)).toThrow(expect.objectContaining({ language: 'zh' }))
})

test('suggests the name with the fewest different characters', () => {
  expect(nearest('user-id', ['union-id', 'user-ids', 'space-id'])).toBe('user-ids')
  expect(nearest('a', ['b', 'cde'])).toBe('b')
  expect(nearest('app', ['app-key', 'app-secret'])).toBeUndefined()
  expect(nearest('constructor', ['path'])).toBeUndefined()
})
