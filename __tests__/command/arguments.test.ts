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

test('every input of the action is an option, except for secrets and what only a runner knows', () => {
  expect(SECRETS).toEqual(
    expect.arrayContaining(['app-secret', 'github-token', 'robot-webhook', 'robot-secret']),
  )
  const expected = INPUT_NAMES.filter((name) => !SECRETS.includes(name) && name !== 'job-identity')
  expect(OPTIONS).toEqual([...expected, 'env', 'json', 'help', 'version'])
})

test('a value follows its option, or an equals sign', () => {
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

test('what is given more than once has several lines', () => {
  const { inputs } = readArguments(['--path', 'a', '--chat-id', 'x', '--path=!b'])
  expect(inputs).toEqual({ path: 'a\n!b', 'chat-id': 'x' })
})

test('what is no option is a path, and so is everything after two dashes', () => {
  const { paths, json, env } = readArguments(['a', '--json', '-', '--env', 'f', '--', '--json', '-b'])
  expect({ paths, json, env }).toEqual({ paths: ['a', '-', '--json', '-b'], json: true, env: 'f' })
})

test.each([['--help'], ['-h']])('%s asks for help', (option) => {
  expect(readArguments([option]).help).toBe(true)
})

describe('a secret is refused, and not quoted', () => {
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
])('%s is unknown; %s is meant', (given, meant) => {
  const [problem] = problemsOf(given)
  for (const half of [problem!.en, problem!.zh]) {
    expect(half).toContain(given.split('=')[0])
    expect(half).toContain(meant)
  }
})

test('every problem is told, and what is near to nothing has no suggestion', () => {
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

test.each(['-dash.txt', '-x', '--out.zip'])('%s may be a file: how to write it', (given) => {
  expectWhole(problemsOf(given)[0]!, given, `./${given}`, '--help')
})

test.each([
  ['--language=zh', '--bogus'],
  ['--bogus', '--language', 'zh'],
])('problems are reported in the language of the option: %j', (...argv) => {
  expect(() => readArguments(argv)).toThrow(expect.objectContaining({ language: 'zh' }))
})

test('the nearest name has the fewest characters to change', () => {
  expect(nearest('user-id', ['union-id', 'user-ids', 'space-id'])).toBe('user-ids')
  expect(nearest('a', ['b', 'cde'])).toBe('b')
  expect(nearest('app', ['app-key', 'app-secret'])).toBeUndefined()
  expect(nearest('constructor', ['path'])).toBeUndefined()
})
