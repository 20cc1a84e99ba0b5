// The directories that files have below the patterns' common root.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import nodePath, { dirname, join, posix, win32 } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { InputError } from '../../src/errors.ts'
import { placeOf } from '../../src/files/local-file.ts'
import { collisions, foldersOf, refuseNames, withDirectories } from '../../src/files/names.ts'
import { collected } from '../../test-support/collected.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const fileAt = (path: string, rules = nodePath) => ({
  path,
  name: rules.basename(path),
  size: 1,
  modified: 0,
})
const inDirectory = (directory: string, name = 'a') => ({ ...fileAt(name), directory })

test.each<[readonly string[], readonly string[], readonly string[]]>([
  [['/w/dist'], ['/w/dist/a.txt', '/w/dist/x/y/b.txt'], ['', 'x/y']],
  // One file alone stays where it is.
  [['/w/dist'], ['/w/dist/x/y/b.txt'], ['x/y']],
  [['/w/dist/a.txt'], ['/w/dist/a.txt'], ['']],
  [
    ['/w/dist/x/a.txt', '/w/dist/y/a.txt'],
    ['/w/dist/x/a.txt', '/w/dist/y/a.txt'],
    ['x', 'y'],
  ],
  [
    ['/w/dist/x', '/w/docs'],
    ['/w/dist/x/a.txt', '/w/docs/b.txt'],
    ['dist/x', 'docs'],
  ],
  [['/w/dist', '/w/dist-2'], ['/w/dist/a.txt'], ['dist']],
  [['/'], ['/w/a.txt'], ['w']],
])('%j: the directories of %j are %j', (searched, paths, expected) => {
  const files = withDirectories(
    paths.map((path) => fileAt(path, posix)),
    searched,
    posix,
  )
  expect(files.map(({ directory }) => directory)).toEqual(expected)
})

test('each drive has its own root on Windows, in any case', () => {
  const paths = ['C:/w/Dist/x/a.txt', 'd:/out/y/b.txt']
  const files = withDirectories(
    paths.map((path) => fileAt(path, win32)),
    ['c:\\w\\dist', 'D:\\out'],
    win32,
  )
  expect(files.map(({ directory }) => directory)).toEqual(['x', 'y'])
})

describe('files found by patterns', () => {
  const before = process.cwd()
  let directory: string

  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'directories-')))
    mkdirSync(join(directory, 'work'))
    process.chdir(join(directory, 'work'))
    for (const path of ['a.txt', 'x/b.txt', 'x/y/c.txt', '../outside/z/d.txt']) {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, path)
    }
  })
  afterEach(() => {
    process.chdir(before)
    rmSync(directory, { recursive: true })
  })

  const places = async (patterns: string) => {
    const { files } = await collected(
      patterns,
      { keepDirectories: true, includeHiddenFiles: true },
      { inside: [directory] },
    )
    return files.map(placeOf)
  }

  test.each([
    ['.', ['a.txt', 'x/b.txt', 'x/y/c.txt']],
    ['**/*.txt\n!a.txt', ['x/b.txt', 'x/y/c.txt']],
    ['x/**', ['b.txt', 'y/c.txt']],
    ['x/y/c.txt', ['c.txt']],
    ['a.txt\nx/y/c.txt', ['a.txt', 'x/y/c.txt']],
    ['{outside}', ['z/d.txt']],
    ['{outside}\nx', ['outside/z/d.txt', 'work/x/b.txt', 'work/x/y/c.txt']],
  ])('%j: %j', async (patterns, expected) => {
    expect(await places(patterns.replace('{outside}', join(directory, 'outside')))).toEqual(expected)
  })

  test.each(['x', ''])('assets of a release have no directories, together with files of %j', async (path) => {
    const releaseAssets = () => Promise.resolve([fileAt(join(directory, 'temporary', 'app.apk'))])
    const { files } = await collected(path, { keepDirectories: true, releaseTag: 'v1' }, { releaseAssets })
    const local = path === '' ? [] : ['b.txt', 'y/c.txt']
    expect(files.map(placeOf)).toEqual([...local, 'app.apk'])
  })

  onPosix('a link out of the root keeps its own name as the directory', async () => {
    symlinkSync('../../outside/z', 'x/link')
    symlinkSync('..', 'x/y/up')
    expect(await places('x')).toEqual(['b.txt', 'link/d.txt', 'y/c.txt'])
  })
})

test('counts each folder and its parents once', () => {
  const files = ['', 'a/b/c', 'a/b', 'd', 'a/b/c'].map((directory) => ({ directory }))
  expect(foldersOf(files)).toEqual(['a', 'a/b', 'a/b/c', 'd'])
  expect(foldersOf([{}])).toEqual([])
})

test('files with the same name collide in the same folder only, ignoring the case of its name', () => {
  const files = [inDirectory('x'), inDirectory('y'), inDirectory('X', 'A'), inDirectory('')]
  expect(collisions(files)).toEqual([[files[0], files[2]]])
})

describe('rejected names', () => {
  test.each(['a*b', 'a"b', 'a<b', 'a>b', 'a|b', 'a\tb', 'a.', '...', ' a', 'a ', ' '])('%j', (name) => {
    const path = `x/${name}/y`
    let error: unknown
    try {
      refuseNames([inDirectory(path), inDirectory(path), inDirectory('x')])
    } catch (thrown) {
      error = thrown
    }
    const { problems } = error as InputError
    expect(problems.map(({ input }) => input)).toEqual(['keep-directories'])
    expectWhole(problems[0]!.text, JSON.stringify(`x/${name}`))
  })

  test.each(['', '.github', 'a.b', 'a b', '构建 产物', 'a\\b', 'a:b', '🚀'])('accepts %j', (name) => {
    expect(() => {
      refuseNames([inDirectory(name)])
    }).not.toThrow()
  })
})
