// What `path` selects beyond the rules of @actions/glob, and what is said about what it doesn't select.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { InputError, type Problem } from '../../src/errors.ts'
import type { FileSources } from '../../src/files/find.ts'
import { readLines, search } from '../../src/files/search.ts'
import { TemporaryDirectory } from '../../src/files/temporary-directory.ts'
import { patternRules } from '../../src/github/patterns.ts'
import { collected } from '../../test-support/collected.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const before = process.cwd()
let directory: string

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'selection-')))
  chmodSync(directory, 0o755)
  mkdirSync(join(directory, 'work [1]'))
  process.chdir(join(directory, 'work [1]'))
})
afterEach(() => {
  process.chdir(before)
  rmSync(directory, { recursive: true })
})

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, path)
  }
}

const select = async (path: string) => (await collected(path)).paths

async function problemsOf(refused: Promise<unknown>): Promise<readonly Problem[]> {
  const error = await refused.catch((error: unknown) => error)
  expect(error).toBeInstanceOf(InputError)
  return (error as InputError).problems
}

/** Does something as a user whom permissions apply to. */
async function unprivileged<T>(what: () => Promise<T>): Promise<T> {
  const user = process.geteuid?.()
  if (user === 0) process.seteuid?.(65534)
  try {
    return await what()
  } finally {
    if (user === 0) process.seteuid?.(0)
  }
}

describe('a directory that cannot be read', () => {
  beforeEach(() => {
    write('out/app.apk', 'out/volumes/db/a.bin', 'out/volumes/b.bin')
    chmodSync('out/volumes/db', 0)
  })
  afterEach(() => {
    chmodSync('out/volumes/db', 0o755)
  })

  onPosix.each([
    ['out\n!out/volumes', ['out/app.apk']],
    ['out\n!out/volumes/**', ['out/app.apk']],
    ['out\n!**/volumes/', ['out/app.apk']],
    ['out/**/*.apk\n!out/volumes/db', ['out/app.apk']],
    ['out\n!**/db/**', ['out/app.apk', 'out/volumes/b.bin']],
    ['out\n!out/volumes\nout/volumes/*.bin', ['out/app.apk', 'out/volumes/b.bin']],
    ['out\n!out/volumes/db\nout/*.txt', ['out/app.apk', 'out/volumes/b.bin']],
  ])('is not a problem of %j', async (path, expected) => {
    expect(await unprivileged(() => select(path))).toEqual(expected)
  })

  onPosix.each(['out', 'out\n!**/*.bin', '!out/volumes/**\nout', 'out\n!out/volumes\nout/volumes/**/*.txt'])(
    'is a problem of %j, which may match files in it',
    async (path) => {
      const problems = await unprivileged(() => problemsOf(collected(path)))
      expect(problems.map(({ input }) => input)).toEqual(['path'])
      expectWhole(problems[0]!.text, '"out/volumes/db"', 'EACCES')
    },
  )
})

onPosix('reports all unreadable files together', async () => {
  write('out/a', 'out/b', 'out/c')
  for (const path of ['out/a', 'out/c']) chmodSync(path, 0)
  const problems = await unprivileged(() => problemsOf(collected('out')))
  expect(problems).toHaveLength(2)
  for (const [index, path] of ['out/a', 'out/c'].entries())
    expectWhole(problems[index]!.text, JSON.stringify(path), 'EACCES')
})

const onLinux = process.platform === 'linux' ? test : test.skip
onLinux("reports a file that opens, but can't be read", async () => {
  const problems = await problemsOf(collected('/proc/self/mem'))
  expect(problems.map(({ input }) => input)).toEqual(['path'])
  expectWhole(problems[0]!.text, '"/proc/self/mem"', 'EIO')
})

describe('a line that excludes nothing because of its position', () => {
  const linesIn = async (path: string) => {
    write('out/app.apk', 'out/app-unsigned.apk', 'out/app.txt', 'out/sub/notes.txt')
    const { warnings } = await collected(path)
    return warnings
  }

  test.each([
    '!out/*-unsigned.apk\nout/*.apk',
    '!out/*-unsigned.apk\n**/*.txt\nout/*.apk',
    '**/*.log\n!out/*-unsigned.apk\nout/*.apk',
    '!**/*-unsigned.apk\nout',
    '!out/app-unsigned.apk\nout/app-unsigned.apk',
  ])('%j: causes a warning', async (path) => {
    const warnings = await linesIn(path)
    expect(warnings).toHaveLength(1)
    expectWhole(
      warnings[0]!,
      path.split('\n').find((line) => line.startsWith('!'))!,
    )
  })

  test.each([
    'out/*.apk\n!out/*-unsigned.apk',
    'out\n!out/sub',
    '**/*.txt\n!out/sub\nout/sub/notes.txt',
    // It excludes others.
    'out\n!out/*.apk\nout/app.apk',
    'out/*.apk\n!out/app*\nout/*.txt',
    // There is nothing to exclude.
    '!out/*.ipa\nout/*.apk',
    'out/*.apk\n!out/*.ipa',
  ])('%j: causes none', async (path) => {
    expect(await linesIn(path)).toEqual([])
  })
})

describe('selects an existing path with any characters', () => {
  test.each([
    ['app [v1.0].apk', ['app [v1.0].apk', 'app v.apk']],
    ['./app [v1.0].apk', ['app [v1.0].apk', 'app v.apk']],
    ['out [x]', ['out [x]/a.apk', 'out [x]/b.txt']],
    ['out [x]/', ['out [x]/a.apk', 'out [x]/b.txt']],
    ['out [x]/*.apk', ['out [x]/a.apk']],
    ['{cwd}/out [x]/[ab].*', ['out [x]/a.apk', 'out [x]/b.txt']],
    ['**\n!out [x]\n!*.apk', ['#c', '- d.txt', '{a,b}.txt']],
    ['**\n!out [x]/*.txt\n!*', []],
    ['{a,b}.txt', ['{a,b}.txt']],
    ['- d.txt', ['- d.txt']],
    ['#c', []],
    ['out [x]/../#c', ['#c']],
    ['{parent}/work [1]/*.apk', ['app [v1.0].apk', 'app v.apk']],
  ])('%j selects %j', async (path, expected) => {
    write('app [v1.0].apk', 'app v.apk', 'out [x]/a.apk', 'out [x]/b.txt', '{a,b}.txt', '- d.txt', '#c')
    const absolute = path.replace('{cwd}', process.cwd()).replace('{parent}', directory)
    expect(await select(absolute)).toEqual(expected)
  })

  onPosix('also if it contains wildcards', async () => {
    write('a*b', 'axb', 'c?', 'd\\e', '[f]*/g')
    const found = async (path: string) => {
      const lines = await readLines(path, patternRules())
      const { files } = await search(lines, { includeHidden: false, inside: [] })
      return files.map((file) => relative(process.cwd(), file))
    }
    expect(await found('a*b')).toEqual(['a*b', 'axb'])
    expect(await found('c?')).toEqual(['c?'])
    expect(await found('d\\e')).toEqual(['d\\e'])
    expect(await found('[f]*')).toEqual(['[f]*/g'])
  })

  test('directories are relative to the path', async () => {
    write('out [x]/sub/a.apk')
    const { files } = await collected('out [x]', { keepDirectories: true })
    expect(files.map((file) => file.directory)).toEqual(['sub'])
  })

  test('literal paths are not patterns, and can be excluded', async () => {
    write('a [1].txt', 'a 1.txt', '!b.txt', '#c.txt', 'd/e.txt', 'd/f.txt', 'd/.g', '.env')
    const literalPaths = ['a [1].txt', '!b.txt', '#c.txt', 'd', '.env'].map((name) => resolve(name))
    const paths = async (path: string) => (await collected(path, { literalPaths })).paths
    expect(await paths('')).toEqual(['!b.txt', '#c.txt', '.env', 'a [1].txt', 'd/e.txt', 'd/f.txt'])
    expect(await paths('!d/e.txt\n!*c*')).toEqual(['!b.txt', '.env', 'a [1].txt', 'd/f.txt'])
    expect((await collected('*.txt', { literalPaths: [resolve('.env')] })).paths).toContain('a 1.txt')
  })

  test('literal paths that are missing are reported', async () => {
    write('a.txt')
    const selection = { literalPaths: ['a.txt', 'b [1].txt'].map((name) => resolve(name)) }
    const problems = await problemsOf(collected('', { ...selection, ifNoFilesFound: 'error' }))
    expect(problems.map(({ input }) => input)).toEqual(['path'])
    expectWhole(problems[0]!.text, '"b [1].txt"')
    const { paths, warnings } = await collected('', { ...selection, ifNoFilesFound: 'warn' })
    expect([paths, warnings.length]).toEqual([['a.txt'], 1])
  })
})

test('accepts the dashes of a YAML list', async () => {
  write('out/a.apk', 'out/b.txt', 'out/c d.txt')
  expect(await select('- out/*\n- !out/b.txt')).toEqual(['out/a.apk', 'out/c d.txt'])
  expect(await select('- "out/c d.txt"\n-  \'out/a.*\'')).toEqual(['out/a.apk', 'out/c d.txt'])
})

describe('the reason for an empty selection', () => {
  const textOf = async (path: string) => {
    write('out/a.apk', 'out/b.txt')
    const [problem] = await problemsOf(collected(path, { ifNoFilesFound: 'error' }))
    return problem!.text
  }

  test.each([
    ['out/*.{apk,txt}', '{a,b}'],
    ['$HOME/out/*.apk', '$HOME'],
    ['${HOME}/out/*.apk', '$HOME'],
    ['%USERPROFILE%/out/*.apk', '%USERPROFILE%'],
    ['out/*.apk out/*.txt', '`path: |`'],
    ['out/a.apk,out/*.txt', '`path: |`'],
    ['out/a.apk，out/*.txt', '`path: |`'],
    ['nothing.apk; out/a.apk', '`path: |`'],
    ['out/+(a|b).*', '+(a|b)'],
    ['./**.apk', '**/*.apk'],
  ])('%j', async (path, named) => {
    expectWhole(await textOf(path), path, named)
  })

  test.each(['"out/*.apk"', "'out/a.apk'", ...(process.platform === 'win32' ? [] : ['out\\*.apk'])])(
    '%j: is not a build that has not run',
    async (path) => {
      const [plain, reason] = [await textOf('nothing.apk'), await textOf(path)]
      expect(reason.en.replace(path, '')).not.toBe(plain.en.replace('nothing.apk', ''))
      expectWhole(reason, path)
    },
  )

  onPosix.each([
    ['out/dangling.ipa', 'out/dangling.ipa'],
    ['out/*.ipa', 'out/dangling.ipa, out/loop.ipa'],
    ['gone/*.apk', 'gone'],
  ])('%j: is broken links', async (path, named) => {
    symlinkSync('nowhere', 'gone')
    mkdirSync('out')
    symlinkSync('nowhere', 'out/dangling.ipa')
    symlinkSync('loop.ipa', 'out/loop.ipa')
    const plain = (await textOf('nothing.apk')).en
    const { en } = await textOf(path)
    expect(en).not.toBe(plain.replace('nothing.apk', path))
    expect(en).toContain(`: ${named}.`)
  })

  test.each(['out/my file.apk', 'out/*.ipa, out/*.exe', 'out/a-b$.apk', '100%'])(
    '%j: is not guessed',
    async (path) => {
      const [plain, reason] = [await textOf('nothing.apk'), await textOf(path)]
      expect(reason.en).toBe(plain.en.replace('nothing.apk', path))
    },
  )
})

describe('a symbolic link', () => {
  const outside = (...names: string[]) => join(directory, 'elsewhere', ...names)
  const linked = async (path: string, sources: Partial<FileSources> = {}) => {
    write('out/app.apk', 'shared/lib.so', outside('passwd'), outside('conf', 'hosts'))
    symlinkSync(outside(), 'out/etc')
    symlinkSync(outside('passwd'), 'out/passwd')
    symlinkSync('../shared', 'out/shared')
    const { paths, warnings } = await collected(path, { keepDirectories: true }, sources)
    return { paths, warnings }
  }

  onPosix.each([
    ['out', ['out/app.apk', 'out/shared/lib.so'], ['out/etc', 'out/passwd']],
    ['out/*', ['out/app.apk', 'out/shared/lib.so'], ['out/etc', 'out/passwd']],
    // What doesn't match is not worth a warning.
    ['out/**/*.apk', ['out/app.apk'], ['out/etc']],
    ['out/*.apk', ['out/app.apk'], []],
    ['out\n!out/etc\n!out/pass*', ['out/app.apk', 'out/shared/lib.so'], []],
    // A line that names the link itself, or a path through it, follows it.
    ['out/passwd', ['out/passwd'], []],
    ['out/etc/*', ['out/etc/conf/hosts', 'out/etc/passwd'], []],
    ['out/etc/conf', ['out/etc/conf/hosts'], []],
    [
      'out\nout/etc\nout/passwd',
      ['out/app.apk', 'out/etc/conf/hosts', 'out/etc/passwd', 'out/passwd', 'out/shared/lib.so'],
      [],
    ],
  ])('%j', async (path, expected, left) => {
    const { paths, warnings } = await linked(path)
    expect(paths).toEqual(expected)
    expect(warnings).toHaveLength(left.length > 0 ? 1 : 0)
    for (const name of left) expectWhole(warnings[0]!, name)
  })

  onPosix("can lead to the runner's directories", async () => {
    const { paths, warnings } = await linked('out', { inside: [outside('..')] })
    expect(paths).toContain('out/etc/conf/hosts')
    expect(warnings).toEqual([])
  })

  onPosix('can lead anywhere below the root of its pattern', async () => {
    write(outside('a', 'x.txt'), outside('b', 'y.txt'))
    symlinkSync('../b', outside('a', 'link'))
    const { paths, warnings } = await collected(`${outside()}/**/*.txt`, { keepDirectories: true })
    expect(paths.map((path) => path.slice(outside().length))).toEqual([
      '/a/link/y.txt',
      '/a/x.txt',
      '/b/y.txt',
    ])
    expect(warnings).toEqual([])
  })
})

test('creates a missing directory for temporary files, or replaces it', async () => {
  const missing = new TemporaryDirectory(join(directory, 'runner', 'temp'))
  expect((await missing.path()).startsWith(join(directory, 'runner', 'temp'))).toBe(true)
  await missing.remove()
  write('file')
  const impossible = new TemporaryDirectory(join(process.cwd(), 'file', 'temp'))
  expect((await impossible.path()).startsWith(join(tmpdir(), 'upload-to-dingtalk-'))).toBe(true)
  await impossible.remove()
})

test('matches names in any Unicode composition on macOS', () => {
  const [composed, decomposed] = ['é', 'é'].map((name) => name.normalize('NFC'))
  const path = join(process.cwd(), composed!.normalize('NFD'), 'a.txt')
  expect(patternRules('darwin').compile(`${decomposed!}/*`).matches(path)).toBeGreaterThan(0)
  expect(patternRules('linux').compile(`${decomposed!}/*`).matches(path)).toBe(0)
})
