// With any combination of faults: right bytes once, a message at most once, a correct report, and no secret shown.
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Emulator, Fault, Operation } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { tryOut, type Given, type Setting } from '../../faults/trial.ts'
import { judge } from '../../faults/verdict.ts'
import { docsLink } from '../../test-support/job.ts'

/** The number of jobs, and the random seed. To try more and others: `RUNS=5000 SEED=$RANDOM`. */
const RUNS = Number(process.env['RUNS'] ?? 80)
const SEED = Number(process.env['SEED'] ?? 4)
/** The size (bytes) of a file that is uploaded in parts. */
const IN_PARTS = 9 * 1024 ** 2
/** How long (simulated ms) a job may take: four files, each call at its worst. */
const BOUND = 3600_000

const OPERATIONS: readonly Operation[] = [
  'accessToken',
  'unionId',
  'openConversationId',
  'uploadInfoV1',
  'uploadInfoV2',
  'multipartInit',
  'partInfo',
  'put',
  'putPart',
  'commitV1',
  'commitV2',
  'dentry',
  'space',
  'list',
  'send',
]

const play = fc.constantFrom<plays.Play[]>(
  { kind: 'cut-before' },
  { kind: 'cut-after' },
  { kind: 'cut-in-body' },
  { kind: 'hang' },
  { kind: 'hang-after' },
  { ...plays.badGateway, kind: 'answer-after' },
  ...Object.values(plays.PLAYS),
)

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record(
    {
      // The calls that can do harm more often than the others.
      operation: fc.oneof(
        fc.constantFrom<Operation[]>('commitV1', 'commitV2', 'send', 'put', 'putPart'),
        fc.constantFrom(...OPERATIONS),
      ),
      nth: fc.integer({ min: 1, max: 5 }),
      times: fc.constantFrom(1, 1, 1, 2, 3, Infinity),
      play,
    },
    { requiredKeys: ['operation', 'times', 'play'] },
  ),
  fc.record({
    operation: fc.constantFrom<Operation[]>('put', 'putPart'),
    times: fc.integer({ min: 1, max: 3 }),
    play: fc.constant<plays.Play>({ kind: 'corrupt' }),
  }),
)

const files: fc.Arbitrary<Given[]> = fc
  .uniqueArray(
    fc.record({
      path: fc.constantFrom('a.bin', 'x/a.bin', 'y/a.bin', 'b.apk', 'x/b.apk', 'c', 'a(1).bin'),
      size: fc.constantFrom(1, 20, 20, 102_400, 102_400, IN_PARTS),
    }),
    { selector: ({ path }) => path, minLength: 1, maxLength: 4 },
  )
  // Every file has different bytes, so that its owner is known.
  .map((some) => some.map(({ path, size }, at) => ({ path, bytes: Buffer.alloc(size, at + 1) })))

const inputs = fc
  .record({
    byUuid: fc.boolean(),
    byUserId: fc.boolean(),
    byChatId: fc.boolean(),
    concurrency: fc.integer({ min: 1, max: 4 }),
    retries: fc.integer({ min: 0, max: 3 }),
  })
  .map((one) => ({ values, others }: Emulator, chats: number): Record<string, string> => ({
    concurrency: String(one.concurrency),
    retries: String(one.retries),
    ...(one.byUuid ? { 'space-id': '', 'parent-id': '', 'folder-url': docsLink(values.parentUuid) } : {}),
    ...(one.byUserId ? { 'union-id': '', 'user-id': values.userId } : {}),
    ...(one.byChatId
      ? {
          'chat-id': [values.chatId, others.secondGroup.chatId, others.thirdGroup.chatId]
            .slice(0, chats)
            .join(),
        }
      : {}),
  }))

const setting: fc.Arbitrary<Setting> = fc
  .record({
    options: fc.record({
      usedUploadKey: fc.constantFrom('refuse', 'second-file'),
      appProperties: fc.constantFrom('kept', 'kept', 'list', 'unlisted', 'first-kept', 'dropped', 'refused'),
      v1Commit: fc.constantFrom('open', 'open', 'open', 'closed'),
      signing: fc.constantFrom('headers', 'url'),
      etag: fc.constantFrom('md5', 'md5', 'md5', 'opaque'),
      deadResourceHosts: fc.constantFrom(0, 0, 0, 1),
      timeFormat: fc.constantFrom('iso', 'iso', 'iso-minutes', 'cst'),
      storageClockSkew: fc.constantFrom(0, 0, -1500, 60_000, -3600_000),
    }),
    files,
    chats: fc.integer({ min: 0, max: 3 }),
    inputs,
    faults: fc.array(fault, { maxLength: 6 }),
    scopesWithdrawn: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      fc.subarray(['Storage.File.Read', 'Document.WorkspaceDocument.Read', 'ConvFile.File.Send']),
    ),
    strategy: fc.constantFrom(
      'AUTO_RENAME',
      'OVERWRITE',
      'RETURN_DENTRY_IF_EXISTS',
      'RETURN_ERROR_IF_EXISTS',
      'IF_CHANGED',
    ),
    transfer: fc.constantFrom(0, 2000),
    age: fc.constantFrom(undefined, undefined, 0, 5000),
  })
  .map(({ inputs, age, faults, ...rest }) => ({
    ...rest,
    inputs: (emulator: Emulator) => inputs(emulator, rest.chats),
    // An opaque ETag can't show it.
    faults: faults.filter(({ play }) => play.kind !== 'corrupt' || rest.options.etag === 'md5'),
    ...(age === undefined ? {} : { earlier: { age } }),
  }))

test(
  'keeps its guarantees with any faults, files, chats, and conflict strategies',
  () =>
    fc.assert(
      fc.asyncProperty(setting, async (given) => {
        const { violations } = judge(await tryOut(given), BOUND)
        expect(violations).toEqual([])
      }),
      { numRuns: RUNS, seed: SEED, markInterruptAsFailure: true },
    ),
  60_000 + RUNS * 1000,
)
