// `keep-directories`: directories become folders below the target folder.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import * as plays from '../../emulator/faults/plays.ts'
import { refusal } from '../../emulator/faults/refusals.ts'
import { markdownText } from '../../src/text/plain-text.ts'
import { job, type Job } from '../../test-support/job.ts'

const first = { source: { workflow: '0123456789abcdef', run: '7', job: 'a'.repeat(16) }, attempt: 1 }
const rerun = { ...first, attempt: 2 }
const TARGET = '/构建产物/'

let step: Job

beforeEach(async () => {
  step = await job()
})
afterEach(() => step.end())

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, path)
  }
}

const run = (given: Record<string, string> = {}, as = first) =>
  step.run({ 'keep-directories': 'true', path: '.', 'chat-id': '', ...given }, as)
/** Where the files are below the target folder. */
const there = () =>
  step.emulator
    .files()
    .flatMap(({ path }) => (path.startsWith(TARGET) ? path.slice(TARGET.length) : []))
    .sort()
interface FileOutput {
  path: string
  parentId: string
  status: string
  error?: string
}
const told = (outputs: Readonly<Record<string, string>>) => JSON.parse(outputs['files']!) as FileOutput[]
const quota = () => step.emulator.requests.filter(({ onQuota }) => onQuota).length

/** Sixty files in twelve folders, three levels deep. */
const TREE = Array.from({ length: 60 }, (_, n) => {
  const [one, two] = [Math.floor(n / 20), Math.floor(n / 10) % 2]
  return n % 5 === 0 ? `r${one}/${n}.txt` : `r${one}/m${two}/d/${n}.txt`
})

describe.each(['v1', 'v2'])('in %s', (edition) => {
  const target = () => (edition === 'v2' ? step.byUuid : {})

  test('creates each folder once, parents first', async () => {
    write(...TREE)
    const { ok, errors, outputs, log } = await run({ ...target(), concurrency: '16' })
    expect([ok, errors]).toEqual([true, []])
    expect(there()).toEqual([...TREE].sort())
    // Three of r, six of m, six of d.
    expect(step.count('subfolder')).toBe(15)
    expect(log.filter((line) => line.includes('15 '))).toHaveLength(1)
    const parents = new Map(step.emulator.files().map(({ id, parentId }) => [id, parentId]))
    const files = JSON.parse(outputs['files']!) as { dentryId: string; parentId: string }[]
    for (const { dentryId, parentId } of files) expect(parentId).toBe(parents.get(dentryId))
    expect(new Set(files.map(({ parentId }) => parentId)).size).toBe(9)
    expect(quota()).toBe(15 + 2 * 60 + (edition === 'v2' ? 1 : 0))
  })

  test('finds the folders in a second run, with as many calls', async () => {
    write('a/b/1.txt', 'c/2.txt', '3.txt')
    await run(target())
    const { ok } = await run({ ...target(), 'conflict-strategy': 'overwrite' })
    expect(ok).toBe(true)
    expect(there()).toEqual(['3.txt', 'a/b/1.txt', 'c/2.txt'])
    expect(step.count('subfolder')).toBe(6)
  })
})

test('uploads all files to one folder without it', async () => {
  write('a/1.txt', 'b/2.txt')
  await run({ 'keep-directories': '' })
  expect([there(), step.count('subfolder')]).toEqual([['1.txt', '2.txt'], 0])
})

test('creates the folders below folder-path', async () => {
  write('dist/a/1.txt', 'dist/2.txt')
  expect((await run({ path: 'dist', 'folder-path': 'site/v1' })).ok).toBe(true)
  expect(there()).toEqual(['site/v1/2.txt', 'site/v1/a/1.txt'])
  expect(step.count('subfolder')).toBe(3)
})

test('uploads files with the same name from different directories, and shows their paths', async () => {
  write('a/index.html', 'b/index.html')
  const { ok, warnings, summaries } = await run({
    'chat-id': step.emulator.values.openConversationId,
    message: '{files}',
    'robot-code': step.emulator.others.robotCode,
  })
  expect([ok, warnings]).toEqual([true, []])
  expect(there()).toEqual(['a/index.html', 'b/index.html'])
  for (const place of ['a/index.html', 'b/index.html']) {
    expect(summaries.join()).toContain(`[${markdownText(place)}](`)
    expect(step.emulator.messages.at(-1)!.text).toContain(`[${place}](`)
  }
})

// Elsewhere, both are one directory.
const onLinux = process.platform === 'linux' ? test : test.skip

onLinux.each(['exact', 'ignored'] as const)(
  'handles folders whose names differ only in case: %s',
  async (nameCase) => {
    await step.restart({ nameCase })
    write('docs/1.txt', 'Docs/1.txt', 'Docs/2.txt')
    const { ok, warnings } = await run({ concurrency: '16' })
    // If they are the same folder, the files collide, so there is a warning.
    expect([ok, warnings.length]).toEqual([true, 1])
    expect(there()).toEqual(
      nameCase === 'exact'
        ? ['Docs/1.txt', 'Docs/2.txt', 'docs/1.txt']
        : ['Docs/1(1).txt', 'Docs/1.txt', 'Docs/2.txt'],
    )
    expect(step.count('subfolder')).toBe(2)
  },
)

test('commits files with the same name to different folders at the same time', async () => {
  write(...Array.from({ length: 8 }, (_, n) => `${n}/index.html`))
  let most = 0
  step.emulator.onFault((_, { operation }) => {
    const underWay = step.emulator.requests.filter((other) => other.operation === operation && !other.ended)
    most = Math.max(most, underWay.length)
  })
  step.emulator.faults.add({ operation: 'commitV1', times: Infinity, play: { kind: 'delay', ms: 20 } })
  expect((await run({ concurrency: '16' })).ok).toBe(true)
  expect(most).toBeGreaterThan(1)
})

test('fails only the files of a folder without a response', async () => {
  write('a/x', 'b/x')
  step.emulator.faults.add({ operation: 'subfolder', nth: 2, play: { kind: 'hang' } })
  const { ok, outputs } = await run({ retries: '0', concurrency: '1' })
  expect(ok).toBe(false)
  expect(told(outputs).map(({ status }) => status)).toEqual(['uploaded', 'failed'])
})

test('uploads a large file to its folder in parts', async () => {
  mkdirSync('a')
  writeFileSync('a/large.bin', Buffer.alloc(9 * 1024 ** 2))
  const { ok } = await run(step.byUuid)
  expect(ok).toBe(true)
  expect([there(), step.count('multipartInit')]).toEqual([['a/large.bin'], 1])
})

test('renames a single file', async () => {
  write('a/b/app.apk')
  expect((await run({ name: 'x.apk' })).ok).toBe(true)
  expect(there()).toEqual(['a/b/x.apk'])
})

test('rejects a name for several files, and uploads nothing', async () => {
  write('a/1', 'b/2')
  const { ok, errors } = await run({ name: 'x.apk' })
  expect([ok, errors.length, step.emulator.requests]).toEqual([false, 1, []])
})

test('names a directory that DingTalk rejects, and uploads nothing', async () => {
  write('a/ b/1.txt', 'a/2.txt')
  const { ok, errors } = await run()
  expect(ok).toBe(false)
  expect(errors.join()).toMatch(/keep-directories.*"a\/ b"/s)
  expect(step.emulator.requests).toEqual([])
})

describe("a folder that can't be created", () => {
  /** Rejects the second folder below the target. */
  const refuse = (code: string) => {
    step.emulator.faults.add({ operation: 'subfolder', nth: 2, play: refusal('subfolder', code) })
  }

  test.each(['permissionDenied', 'dentryAlreadyExist', 'dentryNameIllegal', 'dentryNotExist'])(
    '%s: fails its files and those below, and uploads the others',
    async (code) => {
      write('a/1.txt', 'b/2.txt', 'b/3.txt', 'b/c/4.txt', 'd/5.txt')
      refuse(code)
      const { ok, errors, outputs } = await run({ concurrency: '1' })
      expect(ok).toBe(false)
      expect(there()).toEqual(['a/1.txt', 'd/5.txt'])
      expect(told(outputs).map(({ status }) => status)).toEqual([
        'uploaded',
        'failed',
        'failed',
        'failed',
        'uploaded',
      ])
      // Reports the cause once with the folder, and for every file.
      expect(errors).toHaveLength(1)
      expect(errors[0]).toContain('"b"')
      expect(errors[0]).toContain(code)
      for (const { status, error } of told(outputs)) if (status === 'failed') expect(error).toContain(code)
      expect(step.count('subfolder')).toBe(3)
      expect(step.count('put')).toBe(2)
    },
  )

  test.each(['refused', 'returned'] as const)('because a file has its name: %s', async (folderOverFile) => {
    await step.restart({ folderOverFile })
    write('b')
    await run({ path: 'b' })
    mkdirSync('dist')
    write('dist/a/1.txt', 'dist/b/2.txt')
    const { ok, errors, outputs } = await run({ path: 'dist', concurrency: '1' })
    expect([ok, errors.length, there()]).toEqual([false, 1, ['a/1.txt', 'b']])
    expect(errors[0]).toMatch(/keep-directories.*"b"/s)
    expect(told(outputs).map(({ status }) => status)).toEqual(['uploaded', 'failed'])
  })

  test('because of a missing permission stops all calls', async () => {
    write(...TREE)
    step.emulator.scopes.withdraw('Storage.File.Write')
    const { ok, errors } = await run({ concurrency: '1' })
    expect(ok).toBe(false)
    expect(errors.join()).toContain('Storage.File.Write')
    // The second one is made with a new token.
    expect([step.count('subfolder'), quota()]).toEqual([2, 2])
  })

  test('fails only the files of a read-only folder', async () => {
    write('a/1.txt', 'a/2.txt', 'b/3.txt', 'b/4.txt')
    step.emulator.faults.add({
      operation: 'uploadInfoV1',
      play: refusal('uploadInfoV1', 'permissionDenied'),
    })
    const { ok } = await run({ concurrency: '1' })
    expect([ok, there()]).toEqual([false, ['b/3.txt', 'b/4.txt']])
    expect(step.count('uploadInfoV1')).toBe(3)
  })
})

test.each([
  { kind: 'cut-after' },
  { kind: 'cut-before' },
  { kind: 'hang-after' },
  plays.badGateway,
  plays.throttledQps,
  { kind: 'answer', status: 400, body: { code: 'operationConcurrentControl', message: 'm' } },
] as const)('creates a folder once after a lost or delayed response: %j', async (play) => {
  write('a/1.txt', 'a/b/2.txt')
  step.emulator.faults.add({ operation: 'subfolder', play })
  expect((await run()).ok).toBe(true)
  expect(there()).toEqual(['a/1.txt', 'a/b/2.txt'])
  expect(step.count('subfolder')).toBe(3)
})

test('looks a lost commit up in its own folder', async () => {
  write('a/1.txt', 'b/1.txt')
  step.emulator.faults.add({ operation: 'commitV1', times: 2, play: { kind: 'cut-after' } })
  expect((await run()).ok).toBe(true)
  expect(there()).toEqual(['a/1.txt', 'b/1.txt'])
})

describe('existing files', () => {
  const statuses = (outputs: Readonly<Record<string, string>>) => told(outputs).map(({ status }) => status)

  test.each(['if-changed', 'return-existing'])('%s lists each folder', async (strategy) => {
    write('1.txt', 'a/1.txt', 'a/2.txt', 'b/1.txt')
    const given = { 'conflict-strategy': strategy }
    await run(given)
    const before = quota()
    writeFileSync('b/1.txt', 'another content')
    const { ok, outputs } = await run(given)
    expect(ok).toBe(true)
    expect(statuses(outputs)).toEqual([
      'existing',
      'existing',
      'existing',
      strategy === 'if-changed' ? 'uploaded' : 'existing',
    ])
    expect(there()).toEqual(['1.txt', 'a/1.txt', 'a/2.txt', 'b/1.txt'])
    // Two folders are found, three are listed.
    expect(quota() - before).toBe(2 + 3 + (strategy === 'if-changed' ? 2 : 0))
  })

  test('lists the first page of each folder, and a limited number of other pages', async () => {
    const names = Array.from({ length: 25 }, (_, n) => `f${n}/1.txt`)
    write(...names)
    const given = { 'conflict-strategy': 'if-changed' }
    await run(given)
    const before = step.count('list')
    // Every folder has one more page, and another, and so on.
    const page = (n: number) => ({
      kind: 'answer' as const,
      status: 200,
      body: { dentries: [], nextToken: `t${n}` },
    })
    for (let n = 0; n < 200; n++) step.emulator.faults.add({ operation: 'list', play: page(n) })
    await run(given)
    expect(step.count('list') - before).toBe(25 + 19)
  })

  test('warns once, and uploads everything, if a folder may not be listed', async () => {
    write('a/1.txt', 'b/2.txt', 'c/3.txt')
    step.emulator.scopes.withdraw('Storage.File.Read')
    const { ok, warnings } = await run({ 'conflict-strategy': 'if-changed', concurrency: '1' })
    expect([ok, warnings.length]).toEqual([true, 1])
    // The second one is made with a new token.
    expect(step.count('list')).toBe(2)
    expect(there()).toHaveLength(3)
  })

  test('warns once about all folders that the app may not list', async () => {
    write(...Array.from({ length: 8 }, (_, n) => `${n}/1.txt`))
    step.emulator.faults.add({
      operation: 'list',
      nth: 2,
      times: Infinity,
      play: refusal('list', 'permissionDenied'),
    })
    const { ok, warnings } = await run({ 'conflict-strategy': 'if-changed', concurrency: '16' })
    expect([ok, warnings.length]).toEqual([true, 1])
  })

  test('finds in a re-run the files of the earlier attempt in their folders', async () => {
    write('a/x.txt', 'b/x.txt')
    writeFileSync('b/x.txt', 'a/x.txt') // the same content
    step.emulator.faults.add({
      operation: 'subfolder',
      nth: 2,
      play: refusal('subfolder', 'permissionDenied'),
    })
    expect((await run({ concurrency: '1' })).ok).toBe(false)
    const { ok, outputs } = await run({}, rerun)
    expect([ok, statuses(outputs)]).toEqual([true, ['uploaded', 'uploaded']])
    expect(there()).toEqual(['a/x.txt', 'b/x.txt'])
    expect(step.count('put')).toBe(2)
  })
})
