import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readArguments, UsageError } from '../../src/command/arguments.ts'
import { doubts, readSettings } from '../../src/command/settings.ts'
import { InputError } from '../../src/errors.ts'
import { collectFiles, type FileSelection } from '../../src/files/find.ts'
import { TemporaryDirectory } from '../../src/files/temporary-directory.ts'
import { actionsRunner, searchPaths } from '../../src/github/actions-runner.ts'
import { onPosix } from '../../test-support/on-posix.ts'

const webhook = { 'robot-webhook': 'https://oapi.dingtalk.com/robot/send?access_token=1', message: 'done' }

test.each([
  ['an upload', {}, [], ['DINGTALK_APP_SECRET']],
  ['an upload with the secret', { 'app-secret': '1' }, [], []],
  ['a message by a webhook', webhook, [], []],
  ['patterns, and a message by a webhook', { ...webhook, path: '*.apk' }, [], ['DINGTALK_APP_SECRET']],
  ['a file, and a message by a webhook', webhook, ['/a.apk'], ['DINGTALK_APP_SECRET']],
  [
    'a release',
    { 'app-secret': '1', 'release-tag': 'v1' },
    [],
    ['DINGTALK_GITHUB_TOKEN', 'GITHUB_REPOSITORY'],
  ],
])('%s: what is missing', (_, inputs, literalPaths, missing) => {
  const found = doubts({ inputs, literalPaths }, {})
  expect(found).toHaveLength(missing.length)
  for (const [index, name] of missing.entries())
    expect([found[index]?.en, found[index]?.zh].every((text) => text?.includes(name))).toBe(true)
})

let before: string
let home: string
beforeEach(() => {
  before = process.cwd()
  home = realpathSync(mkdtempSync(join(tmpdir(), 'settings-')))
  process.chdir(home)
})
afterEach(() => {
  process.chdir(before)
  rmSync(home, { recursive: true })
})

const settings = (args: readonly string[], variables = {}) => readSettings(readArguments(args), variables)

describe('arguments', () => {
  const selection: FileSelection = {
    path: '',
    literalPaths: [],
    includeHiddenFiles: false,
    ifNoFilesFound: 'error',
    name: '',
    archive: false,
    keepDirectories: false,
    conflictStrategy: 'AUTO_RENAME',
    releaseTag: '',
  }
  const warnings: string[] = []

  /** The paths of the files that the arguments select. */
  const selected = async (args: readonly string[], more: Partial<FileSelection> = {}) => {
    const { inputs, literalPaths } = settings(args)
    const { glob } = actionsRunner()
    warnings.length = 0
    const files = await collectFiles(
      { ...selection, path: inputs.path ?? '', literalPaths, ...more },
      {
        glob: (patterns) => glob(patterns, more.includeHiddenFiles ?? false),
        globHidden: (patterns) => glob(patterns, true),
        searchPaths,
        releaseAssets: () => Promise.resolve([]),
        temporary: new TemporaryDirectory(home),
        logger: { info: () => undefined, warning: ({ en }) => void warnings.push(en) },
      },
    )
    return files.map(({ path, directory = '' }) => (more.keepDirectories ? `${directory}: ${path}` : path))
  }

  onPosix.each([
    'a\\b.txt',
    'a.txt ',
    ' a.txt',
    'x\n!a.txt',
    'x\r\na.txt',
    '!a.txt',
    '#a.txt',
    '[a].txt',
    'a*',
    '-x',
  ])('%j is that file, and no other', async (name) => {
    for (const other of ['a.txt', 'ab.txt', 'x']) writeFileSync(other, '')
    writeFileSync(name, '')
    // DingTalk allows none of these names with a wildcard; the file is found all the same.
    expect(await selected(['--', name], { name: 'n' })).toEqual([name])
    rmSync(name)
    if (!/[*[]/.test(name)) await expect(selected(['--', name])).rejects.toThrow(InputError)
  })

  test('a directory is everything in it, whatever its name is', async () => {
    mkdirSync('out [1]/b', { recursive: true })
    for (const name of ['out [1]/b/c.txt', 'out [1]/.hidden', 'out [1]/a.txt', 'out1'])
      writeFileSync(name, '')
    expect(await selected(['out [1]'])).toEqual(['out [1]/a.txt', 'out [1]/b/c.txt'])
    expect(await selected(['out [1]/'], { keepDirectories: true })).toEqual([
      ': out [1]/a.txt',
      'b: out [1]/b/c.txt',
    ])
    expect(await selected(['out [1]'], { includeHiddenFiles: true })).toHaveLength(3)
    await expect(selected(['out [1]/b/d.txt'])).rejects.toThrow('out [1]/b/d.txt')
  })

  onPosix('a link that leads back ends the search, and a broken one is no file', async () => {
    mkdirSync('out')
    writeFileSync('out/a.txt', '')
    symlinkSync('..', 'out/up')
    symlinkSync('nowhere', 'out/broken')
    expect(await selected(['out'])).toEqual(['out/a.txt'])
  })

  test('one that does not exist is named, even where others do', async () => {
    writeFileSync('a.txt', '')
    await expect(selected(['a.txt', 'b.txt'])).rejects.toThrow('"b.txt"')
    expect(await selected(['a.txt', 'b.txt'], { ifNoFilesFound: 'warn' })).toEqual(['a.txt'])
    expect(warnings.join()).toContain('"b.txt"')
    await expect(selected(['b.txt'])).rejects.toThrow('"b.txt"')
  })

  test('one with wildcards is a pattern', async () => {
    for (const name of ['a.txt', 'b.txt', '#c.txt']) writeFileSync(name, '')
    expect(await selected(['*.txt', '!b*'])).toEqual(['#c.txt', 'a.txt'])
    expect(await selected(['#*.txt'])).toEqual(['#c.txt'])
    await expect(selected(['*.txt '])).rejects.toThrow('"*.txt "')
  })

  test('they take precedence over the environment, and come on top of the option', () => {
    writeFileSync('a.txt', '')
    const variables = { DINGTALK_PATH: 'secret.txt' }
    expect(settings(['a.txt'], variables)).toMatchObject({ inputs: { path: '' } })
    expect(settings(['a.txt', '--path=b.txt'], variables)).toMatchObject({
      inputs: { path: 'b.txt' },
      literalPaths: [join(home, 'a.txt')],
    })
    expect(settings([], variables)).toMatchObject({ inputs: { path: 'secret.txt' }, literalPaths: [] })
  })

  test('with a release, one that is no file may name an asset', () => {
    expect(settings(['--release-tag=v1', 'app.apk']).inputs).toMatchObject({ path: 'app.apk' })
  })

  test('a file of secrets is none to upload', () => {
    expect(() => settings(['.env'])).toThrow(UsageError)
  })
})

test.each([
  ['DINGTALK_APP_SECERT', ['DINGTALK_APP_SECRET']],
  ['DINGTALK_CHAT_IDS', ['DINGTALK_CHAT_ID']],
  ['DINGTALK_SOMETHING_ELSE', []],
  ['MY_CHAT_IDS', []],
])('the variable %s is near to %j', (name, meant) => {
  const doubted = doubts({ 'app-secret': '1' }, { [name]: 'x' })
  expect(doubted).toHaveLength(meant.length)
  for (const [index, other] of meant.entries())
    for (const text of [doubted[index]!.en, doubted[index]!.zh]) {
      expect(text).toContain(name)
      expect(text).toContain(other)
    }
  // A variable that is set is not one that was meant.
  for (const other of meant) expect(doubts({ 'app-secret': '1' }, { [name]: 'x', [other]: 'y' })).toEqual([])
})
