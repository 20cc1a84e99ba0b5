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
import { basename, dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openPromise } from 'yauzl'
import { LocalFileError, type InputError } from '../../src/errors.ts'
import { pack } from '../../src/files/archive.ts'
import type { LocalFile } from '../../src/files/local-file.ts'
import { collected } from '../../test-support/collected.ts'
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
  const below = dirname(path)
  return { path, name: basename(path), directory: below === '.' ? '' : below, size, modified: mtimeMs }
}

const packed = async (paths: readonly string[], name = 'x.zip', signal?: AbortSignal) =>
  pack(await Promise.all(paths.map(local)), name, directory, signal)

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
  (await entries((await packed(paths)).location!)).map(({ name }) => name)

test('paths are sorted, in UTF-8', async () => {
  const paths = ['b/z.txt', 'b/中文/🚀 1.txt', 'b/a.txt', 'b/.hidden', 'bc/x.txt']
  for (const path of paths) write(path)
  expect(await names(paths)).toEqual(['b/.hidden', 'b/a.txt', 'b/z.txt', 'b/中文/🚀 1.txt', 'bc/x.txt'])
})

test('gives every file a different path', async () => {
  write('a/1.txt')
  write('b/1.txt')
  const files = await Promise.all(['a/1.txt', 'b/1.txt'].map(local))
  const packing = pack(
    files.map((file) => ({ ...file, directory: '' })),
    'x.zip',
    directory,
  )
  const refusal = (await packing.catch((error: unknown) => error)) as InputError
  expect(refusal.problems).toMatchObject([{ input: 'archive' }])
  expectWhole(refusal.problems[0]!.text, 'a/1.txt', 'b/1.txt')
})

onPosix.each(['a\\b', 'c:d', '..\\e'])(
  'rejects %j, which would be another path after unpacking',
  async (name) => {
    write(name)
    const { problems } = (await packed([name]).catch((error: unknown) => error)) as InputError
    expect(problems).toMatchObject([{ input: 'archive' }])
    expectWhole(problems[0]!.text, JSON.stringify(name))
  },
)

test('stores compressed files without compressing them again', async () => {
  for (const path of ['a.txt', 'b.apk', 'c.PNG', 'd.tar.gz', 'e.json']) write(path, 'x'.repeat(1000))
  const { location: path = '' } = await packed(['a.txt', 'b.apk', 'c.PNG', 'd.tar.gz', 'e.json'])
  const [stored, deflated] = [0, 8]
  expect((await entries(path)).map(({ method }) => method)).toEqual([
    deflated,
    stored,
    stored,
    stored,
    deflated,
  ])
})

test('returns the archive with its name and size', async () => {
  write('a.txt')
  const file = await packed(['a.txt'], '构建.zip')
  expect(file).toMatchObject({
    path: '构建.zip',
    name: '构建.zip',
    size: readFileSync(file.location!).length,
  })
})

test('creates the same bytes from the same files at any time, in any order and time zone', async () => {
  const paths = ['out/a.txt', 'out/b/c.txt', 'out/d.apk']
  for (const path of paths) write(path, path.repeat(1000))
  const first = readFileSync((await packed(paths)).location!)
  for (const path of paths) utimesSync(path, 1e9, 1e9)
  expect(readFileSync((await packed(paths.toReversed())).location!).equals(first)).toBe(true)
  const script =
    `import { pack } from ${JSON.stringify(new URL('../../src/files/archive.ts', import.meta.url).href)}\n` +
    `import { statSync } from 'node:fs'\n` +
    `import { basename, dirname } from 'node:path'\n` +
    `const files = ${JSON.stringify(paths)}.map((path) => ({ path, directory: dirname(path), name: basename(path), size: statSync(path).size, modified: statSync(path).mtimeMs }))\n` +
    `await pack(files, 'x.zip', '.')`
  for (const TZ of ['America/New_York', 'Asia/Shanghai']) {
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TZ },
      stdio: 'pipe',
    })
    expect(readFileSync('archive.zip').equals(first)).toBe(true)
  }
})

onPosix('keeps executable bits, ignores umasks, and follows links', async () => {
  write('run.sh')
  write('a.txt')
  chmodSync('run.sh', 0o700)
  chmodSync('a.txt', 0o600)
  symlinkSync('run.sh', 'link')
  const { location: path = '' } = await packed(['run.sh', 'a.txt', 'link'])
  expect((await entries(path)).map(({ name, mode, content }) => [name, mode, content])).toEqual([
    ['a.txt', '100644', 'a.txt'],
    ['link', '100755', 'run.sh'],
    ['run.sh', '100755', 'run.sh'],
  ])
})

test('fails if a file changes or is deleted', async () => {
  write('a.txt')
  const file = await local('a.txt')
  write('a.txt', 'longer than before')
  const failure = async () =>
    (await pack([file], 'x.zip', directory).catch((error: unknown) => error)) as LocalFileError
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

test('can be canceled', async () => {
  write('a.txt')
  const reason = new Error('the job was cancelled')
  await expect(packed(['a.txt'], 'x.zip', AbortSignal.abort(reason))).rejects.toBe(reason)
})

test.each([
  // What else was found makes no difference.
  ['build/macos', ['My.app/Contents/MacOS/My']],
  ['build/macos\n!**/Info.plist', ['My.app/Contents/MacOS/My']],
  ['build/macos/*.app', ['My.app/Contents/MacOS/My']],
  ['build/macos/My.app', ['Contents/MacOS/My']],
  ['build/**/My', ['macos/My.app/Contents/MacOS/My']],
  ['build/macos\ndocs/a.txt', ['build/macos/My.app/Contents/MacOS/My', 'docs/a.txt']],
  ['build/macos\nbuild/nothing', ['macos/My.app/Contents/MacOS/My']],
  ['docs/a.txt', ['a.txt']],
  ['docs/[a].txt\ndocs', ['a.txt']],
])('paths in the archive are relative to the fixed part of %j', async (path, expected) => {
  write('build/macos/My.app/Contents/MacOS/My')
  write('docs/a.txt')
  const { files } = await collected(path, { archive: true })
  expect((await entries(files[0]!.location!)).map(({ name }) => name)).toEqual(expected)
})

test('the assets of a release are at the top of the archive', async () => {
  write('build/x/a.txt')
  write('asset.apk')
  const releaseAssets = async () => [{ ...(await local('asset.apk')), directory: '' }]
  const { files } = await collected('build', { archive: true, releaseTag: 'v1' }, { releaseAssets })
  expect((await entries(files[0]!.location!)).map(({ name }) => name)).toEqual(['asset.apk', 'x/a.txt'])
})
