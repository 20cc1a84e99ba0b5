import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, posix, win32 } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openPromise } from 'yauzl'
import { LocalFileError, type InputError } from '../../src/errors.ts'
import { members, pack } from '../../src/files/archive.ts'
import type { LocalFile } from '../../src/files/local-file.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let directory: string
const before = process.cwd()

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'archive-')))
  process.chdir(directory)
})
afterEach(() => {
  process.chdir(before)
  rmSync(directory, { recursive: true })
})

function write(path: string, content: string | Buffer = path): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

async function local(path: string): Promise<LocalFile> {
  const { size, mtimeMs } = await stat(path)
  return { path, name: basename(path), size, modified: mtimeMs }
}

const packed = async (paths: readonly string[], name = 'x.zip', signal?: AbortSignal) =>
  pack([await Promise.all(paths.map(local))], name, directory, signal)

async function entries(path: string) {
  const zip = await openPromise(path)
  const found = []
  for await (const entry of zip.eachEntry()) {
    const content = await buffer(await zip.openReadStreamPromise(entry))
    found.push({
      name: entry.fileName,
      content: content.toString(),
      mode: (entry.externalFileAttributes >>> 16).toString(8),
      method: entry.compressionMethod,
    })
  }
  return found
}

const names = async (paths: readonly string[]) =>
  (await entries((await packed(paths)).path)).map(({ name }) => name)

test('paths are relative to the common root, sorted, in UTF-8', async () => {
  const paths = ['out/b/z.txt', 'out/b/中文/🚀 1.txt', 'out/b/a.txt', 'out/b/.hidden', 'out/bc/x.txt']
  for (const path of paths) write(path)
  expect(await names(paths)).toEqual(['b/.hidden', 'b/a.txt', 'b/z.txt', 'b/中文/🚀 1.txt', 'bc/x.txt'])
  expect(await names(['out/b/z.txt', 'out/b/中文/🚀 1.txt'])).toEqual(['z.txt', '中文/🚀 1.txt'])
  expect(await names(['out/b/z.txt'])).toEqual(['z.txt'])
})

test('each group has a root of its own, and no two files one path', async () => {
  write('a/x/1.txt')
  write('b/y/2.txt')
  write('b/y/1.txt')
  const [one, two, twin] = await Promise.all(['a/x/1.txt', 'b/y/2.txt', 'b/y/1.txt'].map(local))
  const { path } = await pack([[one!], [two!]], 'x.zip', directory)
  expect((await entries(path)).map(({ name }) => name)).toEqual(['1.txt', '2.txt'])
  const refusal = (await pack([[one!], [twin!]], 'x.zip', directory).catch(
    (error: unknown) => error,
  )) as InputError
  expect(refusal.problems).toMatchObject([{ input: 'archive' }])
  expectWhole(refusal.problems[0]!.text, 'a/x/1.txt', 'b/y/1.txt')
})

test.each([
  ['two directories', ['C:\\a\\b\\1.txt', 'C:\\a\\c\\2.txt'], ['b/1.txt', 'c/2.txt']],
  ['one directory', ['C:\\a\\1.txt', 'C:\\a\\b\\2.txt'], ['1.txt', 'b/2.txt']],
  ['names that begin alike', ['C:\\a\\b\\1.txt', 'C:\\a\\bc\\2.txt'], ['b/1.txt', 'bc/2.txt']],
  ['names that begin with dots', ['C:\\a\\..b\\1.txt', 'C:\\a\\c\\...'], ['..b/1.txt', 'c/...']],
  ['a drive itself', ['C:\\1.txt', 'C:\\a\\b\\2.txt'], ['1.txt', 'a/b/2.txt']],
  ['forward slashes', ['C:/a/b/1.txt', 'C:\\a\\c\\2.txt'], ['b/1.txt', 'c/2.txt']],
  ['other case', ['c:\\A\\b\\1.txt', 'C:\\a\\c\\2.txt'], ['b/1.txt', 'c/2.txt']],
  ['shares', ['\\\\host\\share\\a\\1.txt', '\\\\host\\share\\b\\2.txt'], ['a/1.txt', 'b/2.txt']],
  ['two drives', ['C:\\a\\1.txt', 'D:\\b\\2.txt', 'D:\\b\\c\\3.txt'], ['1.txt', '2.txt', 'c/3.txt']],
  ['a drive and a share', ['C:\\a\\1.txt', '\\\\host\\share\\2.txt'], ['1.txt', '2.txt']],
])(
  'on Windows, %s: paths in the archive have neither drive nor dots nor backslashes',
  (_, paths, expected) => {
    expect(members(paths, win32)).toEqual(expected)
  },
)

test('elsewhere a backslash is part of a name', () => {
  expect(members(['/a/b\\c/1.txt', '/a/d'], posix)).toEqual(['b\\c/1.txt', 'd'])
})

onPosix.each(['a\\b', 'c:d', '..\\e'])(
  '%j would be another path where it is unpacked: refused',
  async (name) => {
    write(name)
    const { problems } = (await packed([name]).catch((error: unknown) => error)) as InputError
    expect(problems).toMatchObject([{ input: 'archive' }])
    expectWhole(problems[0]!.text, JSON.stringify(name))
  },
)

test('what is compressed already is only stored', async () => {
  for (const path of ['a.txt', 'b.apk', 'c.PNG', 'd.tar.gz', 'e.json']) write(path, 'x'.repeat(1000))
  const { path } = await packed(['a.txt', 'b.apk', 'c.PNG', 'd.tar.gz', 'e.json'])
  const [stored, deflated] = [0, 8]
  expect((await entries(path)).map(({ method }) => method)).toEqual([
    deflated,
    stored,
    stored,
    stored,
    deflated,
  ])
})

test('the file has the name that was given, and its size', async () => {
  write('a.txt')
  const file = await packed(['a.txt'], '构建.zip')
  expect(file).toMatchObject({ name: '构建.zip', size: readFileSync(file.path).length })
})

test('the same files make the same bytes, whenever they were made, in any order and time zone', async () => {
  const paths = ['out/a.txt', 'out/b/c.txt', 'out/d.apk']
  for (const path of paths) write(path, path.repeat(1000))
  const first = readFileSync((await packed(paths)).path)
  for (const path of paths) utimesSync(path, 1e9, 1e9)
  expect(readFileSync((await packed(paths.toReversed())).path).equals(first)).toBe(true)
  const script =
    `import { pack } from ${JSON.stringify(new URL('../../src/files/archive.ts', import.meta.url).href)}\n` +
    `import { statSync } from 'node:fs'\n` +
    `const files = ${JSON.stringify(paths)}.map((path) => ({ path, name: path, size: statSync(path).size, modified: statSync(path).mtimeMs }))\n` +
    `await pack([files], 'x.zip', '.')`
  for (const TZ of ['America/New_York', 'Asia/Shanghai']) {
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TZ },
      stdio: 'pipe',
    })
    expect(readFileSync('archive.zip').equals(first)).toBe(true)
  }
})

onPosix('executable bits are kept, umasks are not; links are followed', async () => {
  write('run.sh')
  write('a.txt')
  chmodSync('run.sh', 0o700)
  chmodSync('a.txt', 0o600)
  symlinkSync('run.sh', 'link')
  const { path } = await packed(['run.sh', 'a.txt', 'link'])
  expect((await entries(path)).map(({ name, mode, content }) => [name, mode, content])).toEqual([
    ['a.txt', '100644', 'a.txt'],
    ['link', '100755', 'run.sh'],
    ['run.sh', '100755', 'run.sh'],
  ])
})

test('a file that changes meanwhile, or goes, fails the archive', async () => {
  write('a.txt')
  const file = await local('a.txt')
  write('a.txt', 'longer than before')
  const failure = async () =>
    (await pack([[file]], 'x.zip', directory).catch((error: unknown) => error)) as LocalFileError
  const changed = await failure()
  expectWhole(changed.text, 'a.txt')
  rmSync('a.txt')
  const gone = await failure()
  expectWhole(gone.text, 'a.txt', 'ENOENT')
  for (const error of [changed, gone]) {
    expect(error).toBeInstanceOf(LocalFileError)
    // What followed from it is another sentence on the same line.
    expect(error.text.en).toMatch(/\.$/)
    expect(error.text.zh).toMatch(/。$/)
  }
})

test('it can be called off', async () => {
  write('a.txt')
  const reason = new Error('the job was cancelled')
  await expect(packed(['a.txt'], 'x.zip', AbortSignal.abort(reason))).rejects.toBe(reason)
})
