import { createHash } from 'node:crypto'
import type { EmulatorOptions, Fault, Operation, Play } from '../emulator/emulator.ts'
import * as plays from '../emulator/faults/plays.ts'
import { scopeOf, serverOf } from '../emulator/http/operation.ts'
import { docsLink } from '../test-support/job.ts'
import { tryMatrix, type MatrixSetting } from './matrix.ts'
import { tryOut, type Given, type Refusal, type Setting } from './trial.ts'
import { BREACHES, judge, type Breach, type Verdict, type Violation } from './verdict.ts'

/** How long (simulated ms) a job may take that meets the same failure every time, with the default of retries. */
const BOUND = 15 * 60_000

/** The age (ms) of a namesake that no clock takes for new. */
const LONG_AGO = 48 * 3600_000

/** What the policy (docs/reliability.md) makes of a job. */
export type Expected = 'survives' | 'fails' | 'either'

/** Whether a call has happened that meets a fault, as far as the client can know. */
type Certainty = 'in doubt' | 'not done' | 'refused' | 'done'

/** What happens to a call, by the name it has in the report. */
interface NamedFault {
  name: string
  /** Nothing listens where the play is missing. */
  play?: Play | ((operation: Operation) => Play)
  leaves: Certainty
  /** The calls it can befall; default: all. */
  only?: readonly Operation[]
}

const WRITES: readonly Operation[] = ['commitV1', 'commitV2', 'subfolder', 'send', 'sendLink']
/** One of each kind of call, for codes that mean the same for all. */
const EXAMPLES: readonly Operation[] = ['commitV2', 'list', 'sendLink']
const PUTS: readonly Operation[] = ['put', 'putPart']

const NAMED_FAULTS: readonly NamedFault[] = [
  { name: 'connection refused', leaves: 'not done' },
  { name: 'cut before', play: { kind: 'cut-before' }, leaves: 'in doubt' },
  { name: 'cut after', play: { kind: 'cut-after' }, leaves: 'in doubt' },
  { name: 'cut in the body', play: { kind: 'cut-in-body' }, leaves: 'in doubt' },
  { name: '400', play: plays.paramError400, leaves: 'refused' },
  { name: '200 with a refusal', play: plays.paramError200, leaves: 'refused' },
  { name: '401', play: plays.unauthorized401, leaves: 'refused' },
  { name: '403 throttled', play: plays.throttledQps, leaves: 'not done' },
  {
    name: '403 scope',
    play: (operation) => plays.accessTokenPermissionDenied(scopeOf(operation) ?? 'qyapi_base'),
    leaves: 'refused',
  },
  { name: '429 Retry-After', play: plays.systemBusyFor(7), leaves: 'not done' },
  { name: '500', play: plays.systemError500, leaves: 'in doubt' },
  { name: '500 after', play: { ...plays.systemError500, kind: 'answer-after' }, leaves: 'in doubt' },
  { name: '502 HTML', play: plays.badGateway, leaves: 'in doubt' },
  { name: '502 HTML after', play: { ...plays.badGateway, kind: 'answer-after' }, leaves: 'in doubt' },
  { name: '503', play: plays.serviceUnavailable503, leaves: 'in doubt' },
  { name: 'hang', play: { kind: 'hang' }, leaves: 'in doubt' },
  { name: 'hang after', play: { kind: 'hang-after' }, leaves: 'in doubt' },
  { name: 'truncated JSON', play: plays.truncatedJson, leaves: 'in doubt' },
  { name: 'wrong JSON', play: plays.wrongJson, leaves: 'in doubt' },
  { name: 'empty 200', play: plays.empty200, leaves: 'in doubt' },
  { name: 'end missing', play: { kind: 'broken', how: 'truncated' }, leaves: 'in doubt' },
  { name: 'HTML behind it', play: { kind: 'broken', how: 'html-behind' }, leaves: 'in doubt' },
  { name: 'inside HTML', play: { kind: 'broken', how: 'in-html' }, leaves: 'in doubt' },
  { name: 'HTTP 201', play: { kind: 'broken', how: 'status-201' }, leaves: 'in doubt' },
  { name: 'BOM', play: { kind: 'broken', how: 'bom' }, leaves: 'done' },
  { name: 'echo', play: { kind: 'echo', status: 502, as: 'html' }, leaves: 'in doubt' },
  { name: 'echo in JSON', play: { kind: 'echo', status: 502, as: 'json' }, leaves: 'in doubt' },
  { name: 'IP ban', play: plays.ipBan, leaves: 'refused' },
  { name: '400 system', play: plays.systemError400, leaves: 'in doubt', only: WRITES },
  { name: '400 system after', play: plays.systemError400After, leaves: 'in doubt', only: WRITES },
  {
    name: 'drip',
    play: { kind: 'drip' },
    leaves: 'in doubt',
    only: [...WRITES, 'accessToken', 'list', 'put'],
  },
  { name: 'other bytes arrive', play: { kind: 'corrupt' }, leaves: 'not done', only: ['put', 'putPart'] },
  { name: 'throttled by the minute', play: plays.throttledQpm, leaves: 'not done', only: EXAMPLES },
  { name: 'throttled for all', play: plays.throttledOrgApi, leaves: 'not done', only: EXAMPLES },
  { name: '429', play: plays.systemBusy429, leaves: 'not done', only: EXAMPLES },
  { name: 'token rejected', play: plays.invalidAuthentication, leaves: 'not done', only: EXAMPLES },
  { name: 'quota', play: plays.monthlyQuota, leaves: 'refused', only: EXAMPLES },
  { name: 'IP ban in JSON', play: plays.ipBanJson, leaves: 'refused', only: EXAMPLES },
  { name: 'IP not allowed', play: plays.ipNotInWhiteList, leaves: 'refused', only: EXAMPLES },
  { name: 'OSS slows down', play: plays.ossSlowDown, leaves: 'not done', only: PUTS },
  { name: 'OSS times out', play: plays.ossRequestTimeout, leaves: 'not done', only: PUTS },
  { name: 'signature expired', play: plays.ossSkewed, leaves: 'not done', only: PUTS },
  { name: 'signature does not match', play: plays.ossSignatureDoesNotMatch, leaves: 'refused', only: PUTS },
]

/** The names of all faults. */
export const FAULTS = NAMED_FAULTS.map(({ name }) => name)

/** A job that makes a certain call. */
interface Scene {
  operation: Operation
  /** Distinguishes it from others of the same call. */
  name?: string
  options?: EmulatorOptions
  inputs?: Setting['inputs']
  posts?: Setting['posts']
  files?: readonly Given[]
  strategy?: Setting['strategy']
  keepsDirectories?: boolean
  /** Plays without which the call would not be made. */
  faults?: readonly Fault[]
  /** Plays that come before the fault, to the same call. */
  first?: readonly Fault[]
  /** The call under way before it: while that is answered, the server can stop listening. */
  after?: Operation
  earlier?: Setting['earlier']
  again?: Setting['again']
  transfer?: number
}

export const SMALL_FILE: Given = { path: 'app.apk', bytes: Buffer.from('the bytes of the one file') }
/** It goes up in parts, wherever the storage is. */
export const LARGE_FILE: Given = {
  path: 'large.bin',
  bytes: Buffer.from(new Uint8Array(9 * 1024 ** 2).map((_, at) => at % 251)),
}
const inFolders: readonly Given[] = ['a/app.apk', 'b/c/app.apk'].map((path) => ({
  path,
  bytes: Buffer.from(`the bytes of ${path}`),
}))
const byUuid: Setting['inputs'] = ({ values }) => ({
  'space-id': '',
  'parent-id': '',
  'folder-url': docsLink(values.parentUuid),
})
/** The app's robot posts to a group and to a person, without files. */
const posting = (
  operation: Operation,
  after: Operation,
  posts: readonly ('markdown' | 'image')[],
): Scene => ({
  operation,
  name: posts.join(' and '),
  after,
  files: [],
  posts,
  inputs: ({ others }) => ({
    'robot-code': others.robotCode,
    message: posts.includes('markdown') ? 'a build' : '',
    images: posts.includes('image') ? 'qr:{run}' : '',
  }),
})
const lost = (play: Play): Fault => ({ operation: 'commitV1', play })

/** For one look at a folder: the client looks again with a new token, because the permission may be new. */
const UNLISTED: Fault = {
  operation: 'list',
  times: 2,
  play: plays.accessTokenPermissionDenied('Storage.File.Read'),
}

const SCENES: readonly Scene[] = [
  { operation: 'accessToken' },
  {
    operation: 'unionId',
    after: 'accessToken',
    inputs: ({ values }) => ({ 'union-id': '', 'user-id': values.userId }),
  },
  {
    operation: 'openConversationId',
    after: 'accessToken',
    inputs: ({ values }) => ({ 'chat-id': values.chatId }),
  },
  { operation: 'uploadInfoV1', after: 'accessToken' },
  { operation: 'uploadInfoV2', after: 'accessToken', inputs: byUuid },
  { operation: 'multipartInit', after: 'accessToken', files: [LARGE_FILE] },
  { operation: 'partInfo', after: 'multipartInit', files: [LARGE_FILE] },
  { operation: 'put', after: 'uploadInfoV1' },
  {
    operation: 'put',
    name: 'after other bytes arrived',
    after: 'uploadInfoV1',
    first: [{ operation: 'put', play: { kind: 'corrupt' } }],
  },
  { operation: 'putPart', after: 'partInfo', files: [LARGE_FILE] },
  { operation: 'commitV1', after: 'put' },
  { operation: 'commitV1', name: 'of parts', after: 'putPart', files: [LARGE_FILE] },
  { operation: 'commitV1', name: 'with a namesake', after: 'put', earlier: { age: LONG_AGO } },
  {
    operation: 'commitV1',
    name: 'with a namesake of the same second',
    after: 'put',
    earlier: { age: 0 },
    transfer: 0,
  },
  { operation: 'commitV1', name: 'in the same second', after: 'put', transfer: 0 },
  ...(['OVERWRITE', 'RETURN_DENTRY_IF_EXISTS', 'RETURN_ERROR_IF_EXISTS', 'IF_CHANGED'] as const).flatMap(
    (strategy): Scene[] => [
      { operation: 'commitV1', name: strategy, after: 'put', strategy },
      {
        operation: 'commitV1',
        name: `${strategy}, with a namesake`,
        after: 'put',
        strategy,
        earlier: { age: LONG_AGO },
        // The folder may be listed, but not before the upload: then there would be nothing to commit.
        ...(strategy === 'RETURN_DENTRY_IF_EXISTS' ? { faults: [UNLISTED] } : {}),
      },
    ],
  ),
  { operation: 'commitV2', after: 'put', inputs: byUuid },
  { operation: 'commitV2', name: 'v1 closed', after: 'dentry', options: { v1Commit: 'closed' } },
  {
    operation: 'commitV2',
    name: 'with a namesake',
    after: 'put',
    inputs: byUuid,
    earlier: { age: LONG_AGO },
  },
  { operation: 'dentry', after: 'commitV1', options: { v1Commit: 'closed' } },
  {
    operation: 'space',
    after: 'accessToken',
    files: [LARGE_FILE],
    inputs: byUuid,
  },
  { operation: 'list', name: 'done', after: 'commitV1', faults: [lost({ kind: 'cut-after' })] },
  { operation: 'list', name: 'not done', after: 'commitV1', faults: [lost({ kind: 'cut-before' })] },
  {
    operation: 'list',
    name: 'done, with a namesake',
    after: 'commitV1',
    faults: [lost({ kind: 'cut-after' })],
    earlier: { age: LONG_AGO },
  },
  { operation: 'subfolder', after: 'accessToken', files: inFolders, keepsDirectories: true },
  { operation: 'send', after: 'commitV1' },
  { operation: 'sendLink', after: 'commitV1', inputs: () => ({ 'send-as': 'link' }) },
  { operation: 'send', name: 'and once more', after: 'commitV1', strategy: 'IF_CHANGED', again: 'command' },
  {
    operation: 'sendLink',
    name: 'and once more',
    after: 'commitV1',
    inputs: () => ({ 'send-as': 'link' }),
    strategy: 'RETURN_DENTRY_IF_EXISTS',
    again: 'command',
  },
  posting('post', 'accessToken', ['markdown', 'image']),
  posting('postToUsers', 'accessToken', ['markdown', 'image']),
  posting('post', 'uploadMedia', ['image']),
  posting('postToUsers', 'uploadMedia', ['image']),
  posting('uploadMedia', 'post', ['markdown', 'image']),
  {
    operation: 'appProperties',
    name: 'and once more',
    after: 'send',
    faults: [{ operation: 'send', play: plays.paramError400 }],
    strategy: 'IF_CHANGED',
    again: 'command',
  },
  ...(['modified-by-app', 'new-version'] as const).map((updatedProperties): Scene => ({
    operation: 'dentry',
    name: `to see what a record changes: ${updatedProperties}`,
    after: 'appProperties',
    options: { updatedProperties },
    faults: [{ operation: 'send', play: plays.paramError400 }],
    strategy: 'IF_CHANGED',
    again: 'command',
  })),
]

const USED_UPLOAD_KEYS = ['refuse', 'second-file'] as const
const TIMES = ['once', 'every time'] as const
/** What becomes of the mark that an upload writes on its file. */
const MARKS = ['kept', 'dropped', 'refused'] as const

interface Mode {
  readonly times: (typeof TIMES)[number]
  readonly usedUploadKey: (typeof USED_UPLOAD_KEYS)[number]
  readonly marks: (typeof MARKS)[number]
}

export interface Case {
  readonly name: string
  /** Whether the tests play it; the command plays every one. */
  readonly isInSample: boolean
  readonly operation: Operation
  /** The platform, and what goes wrong on it. */
  readonly setting: Pick<Setting, 'options' | 'faults'>
  run(): Promise<Result>
}

export interface Result extends Verdict {
  readonly name: string
  /** Simulated ms. */
  readonly elapsed: number
}

/**
 * Every call × every fault × once or every time × both answers to used upload keys, where marks are kept.
 *
 * A mark is written by a commit and read from a list, so only faults of these calls are played where marks are dropped
 * or refused too, and only once: what happens every time ends before a mark matters. Two legs of a matrix, which run
 * at once and are re-run, meet every fault of a commit × every conflict strategy × what becomes of marks × both answers to used keys.
 */
export function cases(): Case[] {
  const single = SCENES.flatMap((scene) =>
    faultsOf(scene.operation).flatMap((namedFault) =>
      modesOf(scene).map((mode) => ({
        one: caseOf(scene, namedFault, mode),
        group: groupOf(scene, namedFault, mode),
      })),
    ),
  )
  const groups = Map.groupBy(single, ({ group }) => group)
  const sample = new Set([...groups].map(([group, some]) => some[numberOf(group) % some.length]?.one))
  return [...single.map(({ one }) => ({ ...one, isInSample: sample.has(one) })), ...matrixCases()]
}

/**
 * What a case has in common with others that the client must treat alike: the call in its scene, how often it fails and how
 * certainly, whether it took effect, and, if that is in doubt, how it is known whose file is there.
 */
function groupOf(
  scene: Scene,
  { name, leaves, play, only }: NamedFault,
  { times, usedUploadKey, marks }: Mode,
): string {
  if (leaves === 'done') return scene.operation
  if (only === EXAMPLES || only === PUTS) return [name, times].join()
  const kind = typeof play === 'object' ? play.kind : ''
  const hasEffect = ['cut-after', 'cut-in-body', 'answer-after', 'hang-after', 'broken'].includes(kind)
  const key = leaves === 'in doubt' && concernsMarks(scene.operation) ? usedUploadKey : ''
  // What certainly had no effect is treated alike in every scene of a call.
  const where = leaves === 'in doubt' ? SCENES.indexOf(scene) : scene.operation
  return [where, times, leaves, hasEffect, key, marks].join()
}

/** A number that looks random and is always the same, so that the members of groups take turns. */
export function numberOf(group: string): number {
  return createHash('md5').update(group).digest().readUInt32BE()
}

/** Whether a call writes or reads the mark of a file. */
function concernsMarks(operation: Operation): boolean {
  return operation.startsWith('commit') || operation === 'list'
}

function faultsOf(operation: Operation): NamedFault[] {
  return NAMED_FAULTS.filter(({ only }) => only?.includes(operation) ?? true)
}

function modesOf({ operation, again, posts }: Scene): Mode[] {
  // Those that run once more are about sending, and those that post upload no file.
  const keys = again || posts ? USED_UPLOAD_KEYS.slice(0, 1) : USED_UPLOAD_KEYS
  return keys.flatMap((usedUploadKey) => [
    ...TIMES.map((times): Mode => ({ times, usedUploadKey, marks: 'kept' })),
    ...(concernsMarks(operation)
      ? (['dropped', 'refused'] as const).map((marks): Mode => ({ times: 'once', usedUploadKey, marks }))
      : []),
  ])
}

const STRATEGIES = [
  'AUTO_RENAME',
  'OVERWRITE',
  'RETURN_DENTRY_IF_EXISTS',
  'RETURN_ERROR_IF_EXISTS',
  'IF_CHANGED',
] as const

/** Faults of the commit that leave the outcome unknown and differ in what happened. The tests play these too. */
const DECISIVE = ['cut before', 'cut after', 'hang after', '400']

function matrixCases(): Case[] {
  return faultsOf('commitV1').flatMap(({ name, play }) =>
    play === undefined
      ? [] // nothing listens: that is met by both legs, or by neither
      : STRATEGIES.flatMap((strategy) =>
          USED_UPLOAD_KEYS.flatMap((usedUploadKey, at) =>
            MARKS.map((marks): Case => {
              const operation = 'commitV1'
              const fault: Fault = { operation, play: typeof play === 'function' ? play(operation) : play }
              const options = { usedUploadKey, appProperties: marks }
              // By pairs: with every strategy and mark both legs are played with the same content, and with others.
              const setting = { options, strategy, isSameContent: usedUploadKey === 'refuse', fault }
              const title = ['matrix', strategy, name, usedUploadKey, `marks ${marks}`].join(' · ')
              return {
                name: title,
                operation,
                setting: { options, faults: [fault] },
                // Each strategy with each fault, and with every mark of one of them or another.
                isInSample:
                  DECISIVE.includes(name) &&
                  (MARKS.indexOf(marks) + at + STRATEGIES.indexOf(strategy)) % 4 === 0,
                run: () => runMatrix(title, setting),
              }
            }),
          ),
        ),
  )
}

async function runMatrix(name: string, setting: MatrixSetting): Promise<Result> {
  const { struck, violations, ...verdict } = await tryMatrix(setting)
  return { name, ...verdict, violations: [...violations, ...missedUnless(struck)] }
}

function caseOf(scene: Scene, namedFault: NamedFault, mode: Mode): Case {
  const { times, usedUploadKey, marks } = mode
  const {
    operation,
    files = [SMALL_FILE],
    strategy,
    keepsDirectories = false,
    inputs,
    posts,
    earlier,
    again,
    transfer = 2000,
    options,
    faults = [],
    first = [],
  } = scene
  const { name, play } = namedFault
  const fault: Fault | undefined = play && {
    operation,
    play: typeof play === 'function' ? play(operation) : play,
    times: times === 'once' ? 1 : Infinity,
  }
  const refusal: Refusal | undefined = play
    ? undefined
    : {
        server: serverOf(operation),
        ...(scene.after ? { during: scene.after } : {}),
        lasts: times === 'once' ? 'once' : 'for ever',
      }
  const setting: Setting = {
    options: { ...options, usedUploadKey, appProperties: marks },
    files,
    chats: 1,
    keepsDirectories,
    ...(again ? { again } : {}),
    // One after the other, so that it is known which call a refused connection meets.
    inputs: (emulator) => ({ concurrency: refusal ? '1' : '4', ...inputs?.(emulator) }),
    faults: [...first, ...(fault ? [fault] : []), ...faults],
    transfer,
    ...(strategy ? { strategy } : {}),
    ...(posts ? { posts, person: true } : {}),
    ...(earlier ? { earlier } : {}),
    ...(refusal ? { refusal } : {}),
  }
  const marked = marks === 'kept' ? '' : `marks ${marks}`
  const title = [operation, scene.name, name, times, usedUploadKey, marked].filter(Boolean).join(' · ')
  return {
    name: title,
    operation,
    setting,
    isInSample: false,
    run: () => runCase(title, setting, expectedOf(scene, namedFault, mode)),
  }
}

/** The policy's line for a call, where it leaves no choice. */
function expectedOf(
  scene: Scene,
  { name, leaves }: NamedFault,
  { times, usedUploadKey, marks }: Mode,
): Expected {
  const { operation, strategy, earlier } = scene
  const isOnce = times === 'once'
  // What is to be recorded is that nothing was sent.
  if (operation === 'appProperties' || scene.after === 'appProperties') return 'fails'
  // The name is taken, and that is to be an error.
  if (strategy === 'RETURN_ERROR_IF_EXISTS' && earlier) return 'fails'
  // A page in place of OSS's response: whether the ban is found then, or by the commit, doesn't matter.
  if (operation.startsWith('put') && name === 'IP ban') return 'either'
  if (operation === 'space' && name === 'IP ban') return 'fails'
  // Without parts a file goes up in one piece, and without v1 it is committed by v2; what is no answer of the platform
  // counts as their absence.
  if (operation === 'space') return isOnce ? 'survives' : 'either'
  // A permission that was enabled a moment ago may need a new token: once more with one.
  const usesToken = operation !== 'accessToken' && !operation.startsWith('put')
  // A job gets one new token for that, which the list may have taken.
  if (name === '403 scope' && isOnce && usesToken)
    return operation === 'list' || scene.faults?.includes(UNLISTED) ? 'either' : 'survives'
  // A refusal of the commit may have been that of its mark: once more without it.
  if (operation.startsWith('commit') && isOnce && (name === '400' || name === '200 with a refusal'))
    return 'survives'
  // What is there may be another's, and neither a mark nor a key decides. Where marks are refused, it is not there.
  if (operation === 'list' && marks === 'refused') return leaves === 'refused' ? 'fails' : 'either'
  if (
    operation === 'list' &&
    scene.name !== 'not done' &&
    usedUploadKey === 'second-file' &&
    marks !== 'kept'
  )
    return 'fails'
  if (leaves === 'done') return 'survives'
  if (leaves === 'refused') return 'fails'
  if (leaves === 'not done') return isOnce ? 'survives' : 'fails'
  // JSON that reports no error is success.
  if (operation.startsWith('send') || operation.startsWith('post'))
    return name === 'wrong JSON' ? 'survives' : 'fails'
  // The refusal of the mark may be what cannot be read.
  if (operation === 'commitV2' && marks === 'refused') return 'either'
  // A refusal with the status of a success: of the mark, or of the file.
  if (operation === 'commitV1' && marks === 'refused' && name === 'HTTP 201') return 'either'
  // Some are always found after they were lost. Only the mark, or else the upload key, decides whose an entry is that may be
  // another's: one that is there since the commit, or a namesake made just before.
  const isProven =
    marks === 'kept' || (usedUploadKey === 'refuse' && (earlier === undefined || earlier.age === LONG_AGO))
  if (operation.startsWith('commit')) return isOnce && isProven ? 'survives' : 'either'
  // A 200 is all that OSS has to say.
  if (operation.startsWith('put')) return isOnce ? 'survives' : 'either'
  return isOnce ? 'survives' : 'fails'
}

export async function runCase(name: string, setting: Setting, expected: Expected): Promise<Result> {
  const trial = await tryOut(setting)
  const { survived, inDoubt, violations } = judge(trial, BOUND)
  const against: Violation[] =
    expected === 'either' || (expected === 'survives') === survived
      ? []
      : [{ breach: 'policy', what: `${survived ? 'it survived' : 'it failed'}, against the policy` }]
  const happened =
    setting.refusal !== undefined
      ? trial.runner.log.some((line) => line.includes('ECONNREFUSED'))
      : trial.requests.length > 0 && trial.struck
  return {
    name,
    survived,
    inDoubt,
    violations: [...violations, ...against, ...missedUnless(happened)],
    elapsed: trial.elapsed,
  }
}

/** A case in which nothing went wrong would show nothing. */
function missedUnless(happened: boolean): Violation[] {
  return happened ? [] : [{ breach: 'policy', what: 'the fault was not met' }]
}

/** What a campaign comes to. */
export interface Counts {
  cases: number
  survived: number
  /** Failed, and nothing that must never be has been. */
  failedClean: number
  /** Of those: how many say that something may have happened. */
  inDoubt: number
  /** How often each thing that must never be has been: all 0. */
  breaches: Readonly<Record<Breach, number>>
}

export function count(results: readonly Result[]): Counts {
  const clean = results.filter(({ violations }) => violations.length === 0)
  const failed = clean.filter(({ survived }) => !survived)
  const breaches = Object.fromEntries(BREACHES.map((breach) => [breach, 0])) as Record<Breach, number>
  for (const { breach } of results.flatMap(({ violations }) => violations)) breaches[breach] += 1
  return {
    cases: results.length,
    survived: clean.length - failed.length,
    failedClean: failed.length,
    inDoubt: failed.filter(({ inDoubt }) => inDoubt).length,
    breaches,
  }
}
