import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix, win32 } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Cancelled, InputError, type Problem } from '../../src/errors.ts'
import { display } from '../../src/files/local-file.ts'
import { collected } from '../../test-support/collected.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let home: string
let before: string

beforeAll(() => {
  before = process.cwd()
  home = realpathSync(mkdtempSync(join(tmpdir(), 'files-')))
  process.chdir(home)
  mkdirSync('out/中文 [x]', { recursive: true })
  for (const name of ['out/b.apk', 'out/a.txt', 'out/c.apk', 'out/.hidden', 'out/中文 [x]/发布 (1).apk']) {
    writeFileSync(name, name)
  }
  writeFileSync('out/empty', '')
  // On Windows, only administrators may create links.
  if (process.platform === 'win32') return
  symlinkSync('b.apk', 'out/link.apk')
  symlinkSync('nowhere', 'out/broken')
})

afterAll(() => {
  process.chdir(before)
  rmSync(home, { recursive: true })
})

const find = async (patterns: string) => (await collected(patterns)).files

test('finds all files of a directory, sorted, without hidden files and broken links', async () => {
  const files = await find('out')
  expect(files.map(({ path }) => path)).toEqual([
    'out/a.txt',
    'out/b.apk',
    'out/c.apk',
    'out/empty',
    ...(process.platform === 'win32' ? [] : ['out/link.apk']),
    'out/中文 [x]/发布 (1).apk',
  ])
})

test('counts a file found by several patterns once, and an excluded one not at all', async () => {
  const files = await find('out/*.apk\nout/b.apk\nout/**\n!**/c.apk\n!**/link.apk\n!**/empty')
  expect(files.map(({ path }) => path)).toEqual(['out/a.txt', 'out/b.apk', 'out/中文 [x]/发布 (1).apk'])
})

test('returns name and size, also of an empty file', async () => {
  expect(await find('out/**/发布*\nout/empty')).toEqual([
    { path: 'out/empty', name: 'empty', size: 0, modified: expect.any(Number) },
    { path: 'out/中文 [x]/发布 (1).apk', name: '发布 (1).apk', size: 29, modified: expect.any(Number) },
  ])
})

test('finds nothing for a pattern without matches', async () => {
  expect(await find('out/*.ipa')).toEqual([])
})

onPosix('reports every forbidden name with its character', async () => {
  mkdirSync('bad')
  for (const name of ['bad/a|b', 'bad/x.']) writeFileSync(name, name)
  const problems = await problemsOf(find('bad'))
  expect(problems.map(({ input }) => input)).toEqual(['path', 'path'])
  expectWhole(problems[0]!.text, '"a|b"', '|')
  expectWhole(problems[1]!.text, '"x."')
})

test('renames a single file, and rejects one name for several', async () => {
  const { files } = await collected('out/b.apk', { name: '新.apk' })
  expect(files).toMatchObject([{ path: 'out/b.apk', name: '新.apk' }])
  const problems = await problemsOf(collected('out/[bc].apk', { name: 'x.apk' }))
  expect(problems.map(({ input }) => input)).toEqual(['name'])
  expectWhole(problems[0]!.text, '2', 'x.apk', 'out/b.apk', 'out/c.apk', 'archive: true')
})

test('lists the first ten of many files with one name', async () => {
  mkdirSync('many')
  for (let n = 10; n < 40; n++) writeFileSync(`many/${n}.apk`, '')
  const [problem] = await problemsOf(collected('many', { name: 'x' }))
  expectWhole(problem!.text, '30', 'many/19.apk')
  expect(problem!.text.en + problem!.text.zh).not.toContain('many/20.apk')
})

async function problemsOf(refused: Promise<unknown>): Promise<readonly Problem[]> {
  const error = await refused.catch((error: unknown) => error)
  expect(error).toBeInstanceOf(InputError)
  return (error as InputError).problems
}

test.each([
  ['C:\\work\\out\\a.txt', 'out/a.txt'],
  ['c:\\WORK\\out\\a.txt', 'out/a.txt'],
  ['C:\\work\\..a\\b.txt', '..a/b.txt'],
  ['C:\\working\\a.txt', 'C:/working/a.txt'],
  ['C:\\other\\a.txt', 'C:/other/a.txt'],
  ['C:\\work', 'C:/work'],
  ['C:\\', 'C:/'],
  ['D:\\work\\a.txt', 'D:/work/a.txt'],
  ['\\\\host\\share\\a.txt', '//host/share/a.txt'],
])('shows %j as %j on Windows in C:\\work', (path, shown) => {
  expect(display(path, 'C:\\work', win32)).toBe(shown)
})

test('keeps a backslash in a name elsewhere', () => {
  expect(display('/work/a\\b', '/work', posix)).toBe('a\\b')
  expect(display('/other/a\\b', '/work', posix)).toBe('/other/a\\b')
})

onPosix('skips a pipe with a warning', async () => {
  execFileSync('mkfifo', ['pipe'])
  const { files, warnings } = await collected('pipe')
  expect(files).toEqual([])
  expect(warnings).toHaveLength(1)
  expectWhole(warnings[0]!, 'pipe')
})

onPosix('reports files that disappear during the search as problems of path', async () => {
  mkdirSync('gone')
  for (const name of ['gone/1', 'gone/2', 'gone/3']) writeFileSync(name, '')
  execFileSync('mkfifo', ['gone/0'])
  const warning = () => {
    for (const name of ['gone/1', 'gone/3']) rmSync(name)
  }
  const problems = await problemsOf(collected('gone', {}, { logger: { info: () => undefined, warning } }))
  expect(problems.map(({ input }) => input)).toEqual(['path', 'path'])
  expectWhole(problems[0]!.text, '"gone/1"', 'ENOENT', 'path')
  expectWhole(problems[1]!.text, '"gone/3"', 'ENOENT', 'path')
})

onPosix('stops when canceled', async () => {
  mkdirSync('cancelled')
  execFileSync('mkfifo', ['cancelled/1', 'cancelled/2'])
  const cancelling = new AbortController()
  const reason = new Cancelled()
  let warnings = 0
  const warning = () => {
    warnings++
    cancelling.abort(reason)
  }
  const looking = collected(
    'cancelled',
    {},
    { logger: { info: () => undefined, warning }, signal: cancelling.signal },
  )
  await expect(looking).rejects.toBe(reason)
  expect(warnings).toBe(1)
})

test('can be canceled in a tree without matches', async () => {
  mkdirSync('tree')
  for (let n = 0; n < 300; n++) writeFileSync(`tree/${n}.txt`, '')
  const cancelling = new AbortController()
  const reason = new Cancelled()
  const looking = collected('tree/**/*.apk', {}, { signal: cancelling.signal })
  setImmediate(() => {
    cancelling.abort(reason)
  })
  await expect(looking).rejects.toBe(reason)
  await expect(collected('tree', {}, { signal: cancelling.signal })).rejects.toBe(reason)
})

describe('a name that is not UTF-8', () => {
  const onLinux = process.platform === 'linux' ? test : test.skip

  beforeAll(() => {
    if (process.platform !== 'linux') return
    mkdirSync('bytes [1]/below', { recursive: true })
    for (const path of ['bytes [1]/a\xff.apk', 'bytes [1]/below/b\xff.txt'])
      writeFileSync(Buffer.from(join(home, path), 'latin1'), '')
    writeFileSync('bytes [1]/good.apk', '')
  })

  onLinux.each([
    ['bytes [[]1]', ['a\\xff.apk', 'below/b\\xff.txt']],
    ['bytes [[]1]/*.apk', ['a\\xff.apk']],
    ['bytes*/b*/*.txt', ['below/b\\xff.txt']],
    ['bytes*/**/*.txt', ['below/b\\xff.txt']],
    ['bytes*/\n!**/*.txt', ['a\\xff.apk']],
  ])('is a problem in %j', async (patterns, names) => {
    const problems = await problemsOf(find(patterns))
    expect(problems).toHaveLength(names.length)
    for (const [index, name] of names.entries()) expectWhole(problems[index]!.text, `bytes [1]/${name}`)
  })

  onLinux.each(['bytes*/good*', 'bytes*/*\n!**/*.apk\n!**/*.txt', 'bytes*/*.ipa'])(
    "is not a problem for %j, which doesn't match it",
    async (patterns) => {
      await expect(find(patterns)).resolves.toBeDefined()
    },
  )
})
