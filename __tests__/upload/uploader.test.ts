// What the Uploader is responsible for as a whole: what it reports, what it leaves behind, and how it ends.
import { randomBytes } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Emulator, startEmulator } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { DingTalk } from '../../src/dingtalk/client.ts'
import type { FileResult } from '../../src/domain.ts'
import { Cancelled, LocalFileError } from '../../src/errors.ts'
import type { LocalFile } from '../../src/files/local-file.ts'
import { environmentOf } from '../../src/http/environment.ts'
import { Http } from '../../src/http/http.ts'
import { type UploadOptions, Uploader } from '../../src/upload/uploader.ts'
import { endHangs } from '../../test-support/hangs.ts'
import { recordingRunner } from '../../test-support/recording-runner.ts'
import { simulatedClock, type SimulatedClock } from '../../test-support/simulated-clock.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const MIB = 1024 ** 2

let directory: string
let clock: SimulatedClock
let emulator: Emulator
let http: Http
let uploader: Uploader
let cancelling: AbortController
let runner: ReturnType<typeof recordingRunner>

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'uploader-'))
  clock = simulatedClock()
  emulator = await startEmulator({ clock: () => clock.now() })
  endHangs(emulator, clock)
  cancelling = new AbortController()
  http = new Http(environmentOf({ clock, random: () => 1, signal: cancelling.signal }), 30_000, 32)
  runner = recordingRunner({})
  uploader = create()
})

afterEach(async () => {
  uploader.close()
  await http.close()
  await emulator.close()
  rmSync(directory, { recursive: true })
})

function create(given: Partial<UploadOptions> = {}): Uploader {
  const { values } = emulator
  const app = { ...values, retries: 1 }
  const dingtalk = new DingTalk({ ...app, http, logger: runner })
  const options: UploadOptions = {
    ...app,
    folder: { kind: 'ids', spaceId: values.spaceId, parentId: values.parentId },
    unionId: values.unionId,
    conflictStrategy: 'AUTO_RENAME',
    concurrency: 'auto',
    job: { source: undefined, attempt: 1 },
    onUnlisted: () => undefined,
    ...given,
  }
  return new Uploader(options, { dingtalk, http, logger: runner, log: runner.info, warn: runner.warning })
}

function fileOf(name: string, bytes: Uint8Array | string): LocalFile {
  const path = join(directory, name)
  writeFileSync(path, bytes)
  const { size, mtimeMs: modified } = statSync(path)
  return { path, name, size, modified }
}

const smallFiles = (count: number) =>
  Array.from({ length: count }, (_, index) => fileOf(`${index}.bin`, `small ${index}`))
const upload = async (files: readonly LocalFile[]) => Promise.all(await uploader.start(files))
const kinds = (results: readonly FileResult[]) =>
  results.map(({ uploaded, failures }) => {
    if (uploaded) return 'uploaded'
    return failures.length > 0 ? 'failed' : 'not-started'
  })
const count = (operation: string) =>
  emulator.requests.filter((request) => request.operation === operation).length
const errorOf = (result: FileResult | undefined) => result?.failures[0]?.error

test('returns the outcome of each file in order', async () => {
  const [a, gone, b] = [
    fileOf('a.bin', 'a'),
    fileOf('gone.bin', 'gone'),
    fileOf('b.bin', randomBytes(9 * MIB)),
  ]
  rmSync(gone.path)
  const outcomes = await upload([a, gone, b])
  expect(outcomes).toMatchObject([
    { file: a, uploaded: { dentry: { name: 'a.bin' }, isNew: true } },
    { file: gone, failures: [{ stage: 'upload' }] },
    { file: b, uploaded: { dentry: { name: 'b.bin', size: 9 * MIB } } },
  ])
  const error = errorOf(outcomes[1])
  expect(error).toBeInstanceOf(LocalFileError)
  expectWhole((error as LocalFileError).text, gone.path)
})

test('returns nothing for no files', async () => {
  expect(await uploader.start([])).toEqual([])
  expect(emulator.requests).toEqual([])
})

test('starts no other file after an error that concerns all', async () => {
  emulator.scopes.withdraw('Storage.UploadInfo.Read')
  expect(kinds(await upload(smallFiles(5)))).toEqual(['failed', ...Array<string>(4).fill('not-started')])
  // The second one is made with a new token.
  expect(count('uploadInfoV1')).toBe(2)
})

test('after three files that could not be stored, no other is started', async () => {
  uploader = create({ concurrency: 1, retries: 0 })
  emulator.faults.add({ operation: 'put', times: Infinity, play: plays.ossSlowDown })
  const outcomes = kinds(await upload(smallFiles(6)))
  expect(outcomes).toEqual([...Array<string>(3).fill('failed'), ...Array<string>(3).fill('not-started')])
  expect([count('put'), count('uploadInfoV1')]).toEqual([3, 3])
})

test('ends the file in progress, and starts no other, if the job is canceled', async () => {
  uploader = create({ concurrency: 1 })
  emulator.onFault(() => {
    cancelling.abort(new Cancelled())
  })
  emulator.faults.add({ operation: 'put', play: { kind: 'hang' } })
  const outcomes = await upload(smallFiles(3))
  expect(kinds(outcomes)).toEqual(['failed', 'not-started', 'not-started'])
  expect(errorOf(outcomes[0])).toBeInstanceOf(Cancelled)
  expect([count('put'), count('commitV1')]).toEqual([1, 0])
})

test('ends files in progress, and starts no other, if it is closed', async () => {
  uploader = create({ concurrency: 1 })
  emulator.onFault(() => {
    uploader.close()
  })
  emulator.faults.add({ operation: 'putPart', play: { kind: 'hang' } })
  const outcomes = await upload([fileOf('large.bin', randomBytes(9 * MIB)), ...smallFiles(2)])
  expect(kinds(outcomes)).toEqual(['failed', 'not-started', 'not-started'])
  expect(count('commitV1')).toBe(0)
})

test("removes the listeners of the job's signal after each file", async () => {
  const files = smallFiles(60)
  await upload([...files, fileOf('large.bin', randomBytes(9 * MIB))])
  uploader.close()
  uploader = create({ conflictStrategy: 'IF_CHANGED' })
  rmSync(files[0]!.path)
  const outcomes = kinds(await upload(files))
  expect(outcomes).toEqual(['failed', ...Array<string>(59).fill('uploaded')])
  // Nothing was uploaded again: each file was read and compared.
  expect(count('put')).toBe(60)
  expect(getEventListeners(cancelling.signal, 'abort')).toEqual([])
})

test('reports no progress of a file that waits for a connection', async () => {
  let sent = 0
  emulator.onFault(() => {
    if (++sent !== 16) return
    // Sixteen files are being sent, and sixteen more have begun.
    clock.advance(6000)
  })
  emulator.faults.add({ operation: 'put', times: Infinity, play: { kind: 'delay', ms: 200 } })
  await upload(smallFiles(48))
  const lines = runner.log.filter((line) => /: \d+% of /.test(line))
  expect(lines.length).toBeLessThanOrEqual(16)
  expect(sent).toBe(48)
})

test('repeats a single PUT that stalls near its end', async () => {
  emulator.faults.add({ operation: 'put', play: { kind: 'hang', afterBytes: 7 * MIB } })
  const content = randomBytes(8 * MIB)
  const [outcome] = await upload([fileOf('a.bin', content)])
  expect(outcome!.uploaded).toBeDefined()
  expect(count('put')).toBe(2)
  const [stored] = emulator.files().filter(({ name }) => name === 'a.bin')
  expect(emulator.contents(stored!.id).equals(content)).toBe(true)
})

test('shows the progress of all files together, without lines in the log', async () => {
  const shown: number[][] = []
  runner = Object.assign(runner, { progress: (...numbers: number[]) => void shown.push(numbers) })
  uploader = create({ concurrency: 1 })
  const files = [fileOf('a.bin', randomBytes(1000)), fileOf('b.bin', randomBytes(3000))]
  emulator.faults.add({ operation: 'put', nth: 2, play: { kind: 'hang' } })
  emulator.onFault(() => {
    clock.advance(6000)
  })
  await upload(files)
  expect(shown.length).toBeGreaterThan(0)
  for (const [sent, total] of shown) expect([total, sent! >= 1000, sent! <= 4000]).toEqual([4000, true, true])
  expect(runner.log.filter((line) => line.includes('%'))).toEqual([])
})
