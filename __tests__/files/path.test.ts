// Which files `path` selects, compared with @actions/glob on the same tree.
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { create } from '@actions/glob'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import type { InputError } from '../../src/errors.ts'
import { readLines, search } from '../../src/files/search.ts'
import { patternRules } from '../../src/github/patterns.ts'
import { collected } from '../../test-support/collected.ts'
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
  try {
    symlinkSync('out', 'link', 'junction')
  } catch {
    // Not every drive of Windows has junctions. A test of its own reports it, and the others need none.
  }
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

test('the tree has a link to a directory', () => {
  expect(lstatSync('link').isSymbolicLink()).toBe(true)
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

/** What @actions/glob finds: files, and directories below the working directory. */
async function byActionsGlob(patterns: string, includeHidden: boolean) {
  const globber = await create(patterns, { excludeHiddenFiles: !includeHidden })
  const paths = [...new Set(await globber.glob())].sort()
  const isFile = (path: string) => statSync(path).isFile()
  return { files: paths.filter(isFile), directories: paths.filter((path) => !isFile(path)).length }
}
async function bySearch(patterns: string, includeHidden: boolean) {
  const lines = await readLines(patterns, patternRules())
  const { files, directories, errors } = await search(lines, { includeHidden, inside: ['/'] })
  expect(errors).toEqual([])
  return { files, directories }
}

describe.each([false, true])('include-hidden-files: %j', (hidden) => {
  test.each(PATTERNS)('%j', async (patterns) => {
    expect(await bySearch(patterns, hidden)).toEqual(await byActionsGlob(patterns, hidden))
  })
})

test('selects the same files as @actions/glob for any patterns and tree', async () => {
  const name = fc.constantFrom('a', 'b', 'ab.txt', '.a')
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'))
  const kinds = process.platform === 'win32' ? ['file', 'directory'] : ['file', 'directory', 'link']
  const tree = fc.array(fc.tuple(fc.constantFrom(...kinds), path, path), {
    minLength: 1,
    maxLength: 12,
  })
  const segment = fc.oneof(name, fc.constantFrom('*', '**', '?', 'a*', '[ab]', '[!a]*', '*.txt', '.*'))
  const pattern = fc
    .tuple(
      fc.constantFrom('', '', '', '!', '!!'),
      fc.array(segment, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', '', '/'),
    )
    .map(([mark, segments, slash]) => mark + segments.join('/') + slash)
  const patterns = fc.array(pattern, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n'))
  let found = 0
  await fc.assert(
    fc.asyncProperty(tree, patterns, fc.boolean(), async (tree, patterns, hidden) => {
      const own = mkdtempSync(join(directory, 'tree-'))
      process.chdir(own)
      for (const [kind, path, target] of tree) {
        try {
          mkdirSync(kind === 'directory' ? path : dirname(path), { recursive: true })
          if (kind === 'file') writeFileSync(path, '')
          if (kind === 'link') symlinkSync(join(own, target), path)
        } catch {
          // Something else has that name.
        }
      }
      try {
        const expected = await byActionsGlob(patterns, hidden).catch(() => undefined)
        // A link to itself is an error, unless it is excluded.
        fc.pre(expected !== undefined)
        expect(await bySearch(patterns, hidden)).toEqual(expected)
        found += expected.files.length
      } finally {
        process.chdir(directory)
        rmSync(own, { recursive: true })
      }
    }),
    { numRuns: 100 },
  )
  expect(found).toBeGreaterThan(10)
})

test.each(['./nothing/../nowhere.apk', 'out/./nothing', 'app.apk\nout/../nothing'])(
  'both reject %j',
  async (patterns) => {
    await expect(create(patterns)).rejects.toThrow('Relative pathing')
    const { problems } = (await collected(patterns).catch((error: unknown) => error)) as InputError
    expect(problems).toMatchObject([{ input: 'path' }])
    expectWhole(problems[0]!.text, patterns.split('\n').at(-1)!)
  },
)

test('covers files of every kind', async () => {
  const { files } = await bySearch(PATTERNS.filter((line) => !line.includes('!')).join('\n'), true)
  const names = files.map((path) => relative(directory, path).replaceAll(sep, '/'))
  expect(names).toEqual(expect.arrayContaining(TREE.filter((path) => !path.startsWith('!'))))
})

// It may be large, so it is not searched.
test('~ is the home directory', async () => {
  const [line] = await readLines('~/*', patternRules())
  expect(line!.roots).toEqual([homedir()])
})
