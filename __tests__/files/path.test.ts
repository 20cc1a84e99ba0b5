// Which files `path` selects, beside @actions/glob itself on the same tree: the short cut for plain names included.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, sep } from 'node:path'
import { create } from '@actions/glob'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { InputError } from '../../src/errors.ts'
import { findFiles } from '../../src/files/find.ts'
import { actionsRunner } from '../../src/github/actions-runner.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const TREE = [
  'readme.md',
  'app.apk',
  'App.apk.sig',
  '.env',
  'with blank.txt',
  'out/app.apk',
  'out/mapping.txt',
  'out/.keep',
  'out/release/app-arm64.apk',
  'out/release/app-x86.apk',
  'out/release/notes v1.2.txt',
  'out/.cache/blob.bin',
  'out/.cache/deep/.more/blob.bin',
  '中文/发布 说明.txt',
  '中文/子 目录/文件.apk',
  '🚀/发射 🛰️.txt',
  '[brackets]/a[1].txt',
  '[brackets]/b.txt',
  'b/c/d/e/f.txt',
  'a.b.c/..name',
  'a.b.c/x..y',
  '(paren) & {brace}/x,y.txt',
  "quote's/file #1.txt",
  '!bang/x.txt',
  '#hash/x.txt',
]

let directory: string
const before = process.cwd()

beforeAll(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true) // @actions/glob debugs onto it
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'path-')))
  process.chdir(directory)
  for (const path of TREE) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, path)
  }
  mkdirSync('empty/within', { recursive: true })
  symlinkSync('out', 'link', 'junction')
  if (process.platform === 'win32') return
  symlinkSync('app.apk', 'link.apk')
  symlinkSync('nowhere', 'broken.apk')
  symlinkSync('..', 'b/c/loop')
})

afterAll(() => {
  process.chdir(before)
  rmSync(directory, { recursive: true })
  jest.restoreAllMocks()
})

const PATTERNS = [
  '*',
  '**',
  '**/*',
  '.',
  './',
  'out',
  'out/',
  'out/*',
  'out/**',
  'out//release',
  'app.apk',
  '.env',
  '.*',
  '**/.*',
  'out/.cache',
  'out/.cache/blob.bin',
  'out/.cache/**',
  '*.apk',
  '**/*.apk',
  '**/app-*.apk',
  'out/*/*.apk',
  '?pp.apk',
  '**/app-???.apk',
  '[aA]pp*',
  '[a-c]/**',
  '[!a]*/*.txt',
  '[[]brackets]/*.txt',
  '[brackets]/*.txt',
  '[[]brackets]/a[[]1].txt',
  'with blank.txt',
  '  with blank.txt  ',
  '中文',
  '中文/**/*.apk',
  '**/*说明*',
  '🚀',
  '**/*🛰️*',
  'link',
  'link/*.apk',
  'link.apk',
  'broken.apk',
  'b/**/f.txt',
  'b/c/loop',
  'a.b.c/*..*',
  'a.b.c',
  '{app.apk,readme.md}',
  '(paren) & {brace}/*',
  "quote's/file #1.txt",
  '# out/app.apk',
  '\\#hash/x.txt',
  '\\!bang/x.txt',
  'empty',
  'nothing/here',
  'out\n!out/release',
  'out\n!out/release/**\n!**/*.txt',
  '**\n!**/*.apk',
  '**/*.txt\n!中文\n中文/发布*',
  '!out\nout/app.apk',
  'out/app.apk\n!out/app.apk\nout/app.apk',
  'app.apk\nout/app.apk\napp.apk\n./app.apk',
  'app.apk\n\n# a comment\n\treadme.md\r',
  '!**',
]

const found = (patterns: string, hidden: boolean) =>
  findFiles(
    patterns,
    (given) => actionsRunner().glob(given, hidden),
    () => undefined,
  )

describe.each([false, true])('include-hidden-files: %j', (hidden) => {
  test.each(PATTERNS)('%j', async (patterns) => {
    const { files } = await found(patterns, hidden)
    const globber = await create(patterns, { excludeHiddenFiles: !hidden })
    const expected = (await globber.glob())
      .filter((path) => statSync(path).isFile())
      .map((path) => relative(directory, path).replaceAll(sep, '/'))
    expect(files.map(({ path }) => path)).toEqual([...new Set(expected)].sort())
  })
})

test.each(['./out/../out/app.apk', 'out/release/..', 'out/./app.apk', 'app.apk\nout/../app.apk'])(
  '%j is refused by both',
  async (patterns) => {
    await expect(create(patterns)).rejects.toThrow('Relative pathing')
    const { problems } = (await found(patterns, false).catch((error: unknown) => error)) as InputError
    expect(problems).toMatchObject([{ input: 'path' }])
    expectWhole(problems[0]!.text, patterns.split('\n').at(-1)!)
  },
)

test('the patterns between them select something of every kind', async () => {
  const runner = actionsRunner()
  const found = await runner.glob(PATTERNS.filter((line) => !line.includes('!')).join('\n'), true)
  const names = found.map((path) => relative(directory, path).replaceAll(sep, '/'))
  expect(names).toEqual(expect.arrayContaining(TREE.filter((path) => !path.startsWith('!'))))
})

// In a process of its own: the machine's home directory may be large, and another one cannot be set in this process.
test('~ is the home directory', () => {
  const home = join(directory, 'out')
  const script = `
    import { create } from '@actions/glob'
    import { actionsRunner } from './src/github/actions-runner.ts'
    const globber = await create('~/*', { excludeHiddenFiles: true })
    const [found, expected] = [await actionsRunner().glob('~/*', false), await globber.glob()]
    console.log(JSON.stringify({ searched: globber.getSearchPaths(), found, expected }))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: dirname(dirname(import.meta.dirname)),
    env: { ...process.env, HOME: home, USERPROFILE: home },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { searched, found, expected } = JSON.parse(output.trim().split('\n').at(-1)!) as Record<
    string,
    string[]
  >
  expect(searched).toEqual([home])
  expect(found).toEqual(expected)
  expect(found!.map((path) => basename(path))).toContain('mapping.txt')
})
