import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readArguments, UsageError } from '../../src/command/arguments.ts'
import { misspelledVariables, readSettings } from '../../src/command/settings.ts'
import { InputError } from '../../src/errors.ts'
import type { FileSelection } from '../../src/files/find.ts'
import { collected } from '../../test-support/collected.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

test.each([
  [{ DINGTALK_CHATID: 'x' }, ['DINGTALK_CHATID', 'DINGTALK_CHAT_ID']],
  [{ DINGTALK_APP_SECERT: 'x' }, ['DINGTALK_APP_SECERT', 'DINGTALK_APP_SECRET']],
  [{ DINGTALK_CHATID: '' }, undefined],
  [{ DINGTALK_CHATID: 'x', DINGTALK_CHAT_ID: 'y' }, undefined],
  [{ DINGTALK_CHAT_ID: 'y', DINGTALK_SOMETHING_ELSE: 'z', CHATID: 'x' }, undefined],
])('suggests the correct name for the misspelled variable in %j', (variables, named) => {
  const [warning, ...others] = misspelledVariables(variables)
  expect(others).toEqual([])
  if (named) expectWhole(warning!, ...named)
  else expect(warning).toBeUndefined()
})

describe('a file of variables', () => {
  const text = '\ufeffDINGTALK_APP_SECRET="s"\r\nDINGTALK_MESSAGE=构建\r\n'
  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 without a mark', Buffer.from(text.slice(1))],
    ['UTF-16LE', Buffer.from(text, 'utf16le')],
    ['UTF-16BE', Buffer.from(text, 'utf16le').swap16()],
  ])('is read in %s', (_, bytes) => {
    writeFileSync('my.env', bytes)
    expect(settings(['--env', 'my.env']).inputs).toMatchObject({ 'app-secret': 's', message: '构建' })
  })

  test('is named with its directory if it can’t be read, or has unknown variables', () => {
    writeFileSync('my.env', 'DINGTALK_X=1\nOTHER=2')
    // 构建
    writeFileSync('gbk.env', Buffer.from('DINGTALK_FOLDER_PATH=\xb9\xb9\xbd\xa8', 'latin1'))
    for (const [file, ...named] of [['no.env'], ['my.env', 'DINGTALK_X'], ['gbk.env', 'UTF-8']] as const) {
      let thrown: unknown
      try {
        settings(['--env', file])
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(UsageError)
      expectWhole((thrown as UsageError).problems[0]!, join(home, file), ...named)
    }
  })
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
  const warnings: string[] = []

  /** The paths of the files that the arguments select. */
  const selected = async (args: readonly string[], more: Partial<FileSelection> = {}) => {
    const { inputs, literalPaths } = settings(args)
    const { files, warnings: given } = await collected(
      inputs.path ?? '',
      { ifNoFilesFound: 'error', literalPaths, ...more },
      { expectsAll: true },
    )
    warnings.splice(0, Infinity, ...given.map(({ en }) => en))
    return files.map(({ path, directory = '' }) => (more.keepDirectories ? `${directory}: ${path}` : path))
  }

  const NAMES = [
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
  ]
  // Windows has no such names.
  const isPossible = (name: string) => process.platform !== 'win32' || !/[\\*\n]| $/.test(name)

  test.each(NAMES.filter(isPossible))('%j selects only that file', async (name) => {
    for (const other of ['a.txt', 'ab.txt', 'x']) writeFileSync(other, '')
    writeFileSync(name, '')
    // DingTalk rejects these names with a wildcard, but the file is found.
    expect(await selected(['--', name], { name: 'n' })).toEqual([name])
    rmSync(name)
    if (!/[*[]/.test(name)) await expect(selected(['--', name])).rejects.toThrow(InputError)
  })

  test('a directory selects everything in it', async () => {
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

  onPosix('ends the search at a link that leads back, and ignores broken links', async () => {
    mkdirSync('out')
    writeFileSync('out/a.txt', '')
    symlinkSync('..', 'out/up')
    symlinkSync('nowhere', 'out/broken')
    expect(await selected(['out'])).toEqual(['out/a.txt'])
  })

  // Only Linux has such names.
  const onLinux = process.platform === 'linux' ? test : test.skip
  onLinux('a name in a directory that is not UTF-8 is an error', async () => {
    mkdirSync('out')
    writeFileSync('out/a.txt', '')
    writeFileSync(Buffer.from([...Buffer.from('out/b'), 0xff]), '')
    await expect(selected(['out'])).rejects.toThrow(String.raw`out/b\xff`)
  })

  test('a missing file is named, even if others exist', async () => {
    writeFileSync('a.txt', '')
    await expect(selected(['a.txt', 'b.txt'])).rejects.toThrow('"b.txt"')
    expect(await selected(['a.txt', 'b.txt'], { ifNoFilesFound: 'warn' })).toEqual(['a.txt'])
    expect(warnings.join()).toContain('"b.txt"')
    await expect(selected(['b.txt'])).rejects.toThrow('"b.txt"')
  })

  test('a pattern that matches nothing is named, even if others match', async () => {
    writeFileSync('a.txt', '')
    mkdirSync('empty.apk')
    expect(await selected(['*.txt', '*.apk', '!*.zip'])).toEqual(['a.txt'])
    expect(warnings).toEqual([expect.stringContaining('*.apk')])
    expect(await selected(['*.txt', 'a*'])).toEqual(['a.txt'])
    expect(warnings).toEqual([])
  })

  test('one with wildcards is a pattern', async () => {
    for (const name of ['a.txt', 'b.txt', '#c.txt']) writeFileSync(name, '')
    expect(await selected(['*.txt', '!b*'])).toEqual(['#c.txt', 'a.txt'])
    expect(await selected(['#*.txt'])).toEqual(['#c.txt'])
    await expect(selected(['*.txt '])).rejects.toThrow('"*.txt "')
  })

  test('they replace the environment variable, and add to the option', () => {
    writeFileSync('a.txt', '')
    const variables = { DINGTALK_PATH: 'secret.txt' }
    expect(settings(['a.txt'], variables)).toMatchObject({ inputs: { path: '' } })
    expect(settings(['a.txt', '--path=b.txt'], variables)).toMatchObject({
      inputs: { path: 'b.txt' },
      literalPaths: [join(home, 'a.txt')],
    })
    expect(settings([], variables)).toMatchObject({ inputs: { path: 'secret.txt' }, literalPaths: [] })
  })

  test('with a release, an argument can name an asset or a file', () => {
    const literal = join(home, 'app.apk')
    for (const literalPaths of [[], [literal]]) {
      for (const path of literalPaths) writeFileSync(path, '')
      expect(settings(['--release-tag=v1', 'app.apk'])).toMatchObject({
        inputs: { path: 'app.apk' },
        literalPaths,
      })
    }
    expect(settings(['--release-tag=v1', 'out/app.apk']).literalPaths).toEqual([join(home, 'out/app.apk')])
  })

  test('one that starts with "!" excludes', async () => {
    mkdirSync('out/docs', { recursive: true })
    for (const name of ['out/a.txt', 'out/docs/b.txt']) writeFileSync(name, '')
    expect(await selected(['out', '!out/docs'])).toEqual(['out/a.txt'])
  })

  // The working directory would be uploaded.
  test.each([[['']], [['a.txt', ' ']], [['a.txt', '--env', '']]])('an empty one is an error: %j', (args) => {
    writeFileSync('a.txt', '')
    expect(() => settings(args)).toThrow(UsageError)
  })

  test.each(['.env', 'ci.env', 'out/.env', '.env.local'])('%s, a file of secrets, is rejected', (path) => {
    expect(() => settings([path])).toThrow(UsageError)
  })

  test('a directory may be named env', () => {
    mkdirSync('env')
    expect(settings(['env']).literalPaths).toEqual([join(home, 'env')])
  })

  test('a pattern may start above the working directory', async () => {
    writeFileSync('a.txt', '')
    mkdirSync('work')
    process.chdir('work')
    const [path, ...others] = await selected(['../*.txt'])
    expect([resolve(path!), others]).toEqual([join(home, 'a.txt'), []])
  })

  onPosix('links in a circle are ignored', async () => {
    mkdirSync('out')
    writeFileSync('out/a.txt', '')
    symlinkSync('b', 'out/c')
    symlinkSync('c', 'out/b')
    expect(await selected(['out'])).toEqual(['out/a.txt'])
  })
})
