import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { LookupFunction } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
  type Fault,
  type Message,
  type Operation,
  type Server,
  type StoredFile,
} from '../emulator/emulator.ts'
import { run } from '../src/action.ts'
import type { UploadStrategy } from '../src/domain.ts'
import { Cancelled } from '../src/errors.ts'
import { environmentOf } from '../src/http/environment.ts'
import { Caller } from '../test-support/emulator-caller.ts'
import { endHangs } from '../test-support/hangs.ts'
import { recordingRunner, type RecordingRunner } from '../test-support/recording-runner.ts'
import { simulatedClock } from '../test-support/simulated-clock.ts'

/** How long (ms of real time) a job may take that does nothing but compute: then it is taken to wait for ever. */
const WATCHDOG = 30_000

/** A file that is to be uploaded. */
export interface Given {
  /** Below the job's directory. */
  path: string
  bytes: Buffer
}

/** A server refuses connections. */
export interface Refusal {
  server: Server
  /** From the moment this call is under way; default: before the first. */
  during?: Operation
  /** `once`: the next try finds it listening again. */
  lasts: 'once' | 'for ever'
}

/** What `conflict-strategy` is for each strategy. */
export const INPUT_OF: Readonly<Record<UploadStrategy, string>> = {
  AUTO_RENAME: 'auto-rename',
  OVERWRITE: 'overwrite',
  RETURN_DENTRY_IF_EXISTS: 'return-existing',
  RETURN_ERROR_IF_EXISTS: 'fail',
  IF_CHANGED: 'if-changed',
}

export interface Setting {
  options: EmulatorOptions
  files: readonly Given[]
  /** How many groups are sent to. The IDs come from the emulator. */
  chats: number
  /** Whether a person gets the files and what the robot posts, too. */
  person?: boolean
  /** Default: `AUTO_RENAME`. */
  strategy?: UploadStrategy
  /** Whether the directories of the files become folders. */
  keepsDirectories?: boolean
  inputs?: (emulator: Emulator) => Readonly<Record<string, string>>
  /** What the app's robot posts, in this order, to each recipient. */
  posts?: readonly Message['kind'][]
  faults: readonly Fault[]
  refusal?: Refusal
  scopesWithdrawn?: readonly string[]
  /** Faults of this call enable these permissions again. */
  grantsAt?: Operation
  /** How long (ms) the bytes of a file take to be stored. */
  transfer: number
  /** How the same job runs once more, after the faults. */
  again?: Again
  /** Faults of this call cancel the job. */
  cancelsAt?: Operation
  /** An earlier run of the workflow has uploaded files of the same names and sizes. */
  earlier?: Earlier
  /** The names of files that a colleague has put into the folder. */
  present?: readonly string[]
}

/** A later attempt of the run, another run of the workflow, or the command, which knows of no run. */
export type Again = 're-run' | 'new run' | 'command'

/** A group or a person to send to. */
export interface Recipient {
  /** As inputs and outputs have it. */
  id: string
  /** As messages have it. */
  to: string
}

export interface Earlier {
  /** How long before the job, in ms. */
  age: number
  /** Whether the files have the same bytes, too. */
  isSame?: boolean
  /** What it has uploaded instead. The job deletes that. */
  outdated?: Given
  /** What somebody has done with the first file since. The platform keeps the mark. */
  then?: 'version by the operator' | 'version by a colleague' | 'copy by a colleague'
}

/** What a job did, and what the platform knows of it. */
export interface Trial {
  readonly setting: Setting
  readonly runner: RecordingRunner
  /** The exit status; undefined if the job did not come to its end. */
  readonly ok: boolean | undefined
  /** What it threw, which it never may. */
  readonly thrown: unknown
  readonly directory: string
  readonly recipients: readonly Recipient[]
  readonly values: Emulator['values']
  /** What the emulator issued. */
  readonly secrets: readonly string[]
  readonly before: readonly StoredFile[]
  readonly after: readonly StoredFile[]
  readonly messages: readonly Message[]
  readonly requests: Emulator['requests']
  /** Whether one of the faults was played. */
  readonly struck: boolean
  /** Simulated ms from beginning to end. */
  readonly elapsed: number
  /** The same job, once more, and the messages and requests of both together. */
  readonly again?: Pick<Trial, 'runner' | 'ok' | 'messages' | 'requests' | 'after'>
}

/** Runs a job in this process, in a directory of its own, against an emulator of its own, on simulated time. */
export async function tryOut(setting: Setting): Promise<Trial> {
  const directory = mkdtempSync(join(tmpdir(), 'faults-'))
  const clock = simulatedClock(Date.UTC(2026, 7, 1, 12, 0, 0, 250))
  const emulator = await startEmulator({ clock: () => clock.now(), ...setting.options })
  endHangs(emulator, clock)
  try {
    if (setting.earlier) {
      const { age, isSame, then, outdated } = setting.earlier
      const files = outdated ? [outdated] : setting.files
      write(directory, files, (bytes) => (isSame ? bytes : Buffer.alloc(bytes.length, 'earlier ')))
      const given = { ...setting, files, chats: 0, inputs: () => ({}) }
      const { runner } = runnerFor(emulator, directory, given, 0)
      await run(runner, environmentOf({ clock, random: () => 0.5 }))
      if (then) await change(emulator, then)
      clock.advance(age)
    }
    const caller = new Caller(emulator)
    for (const name of setting.present ?? [])
      await caller.commit(
        await caller.stored('of a colleague'),
        name,
        {},
        {},
        emulator.others.secondUser.unionId,
      )
    write(directory, setting.files, (bytes) => bytes)
    // Copies: what the emulator hands out is a view of what is there now.
    const before = emulator.files().map((file) => ({ ...file }))
    const { runner, recipients } = runnerFor(emulator, directory, setting)
    const cancelling = new AbortController()
    const reopening = prepare(emulator, setting, clock, runner, cancelling)
    const started = clock.now()
    const from = { requests: emulator.requests.length, messages: emulator.messages.length }
    const { signal } = cancelling
    const environment = environmentOf({ clock: reopening, random: () => 0.5, signal, lookup })
    const { ok, thrown } = await watched(run(runner, environment))
    // What was cut off may have been about to take effect.
    for (let turns = 0; turns < 3; turns++) await turn()
    const trial: Trial = {
      setting,
      runner,
      ok,
      thrown,
      directory,
      recipients,
      values: emulator.values,
      secrets: emulator.secrets(),
      before,
      after: emulator.files().map((file) => ({ ...file })),
      messages: emulator.messages.slice(from.messages),
      requests: emulator.requests.slice(from.requests),
      struck: emulator.faults.played.some((fault) => setting.faults.includes(fault)),
      elapsed: clock.now() - started,
    }
    if (!setting.again) return trial
    emulator.faults.clear()
    clock.advance(60_000)
    const { refusal } = setting
    if (refusal?.lasts === 'for ever') await emulator.acceptConnections(refusal.server)
    const { runner: second } = runnerFor(emulator, directory, setting, 2)
    const again = await watched(run(second, environmentOf({ clock, random: () => 0.5, lookup })))
    const messages = emulator.messages.slice(from.messages)
    const requests = emulator.requests.slice(from.requests)
    return { ...trial, again: { runner: second, ok: again.ok, messages, requests, after: emulator.files() } }
  } finally {
    await emulator.close()
    rmSync(directory, { recursive: true })
  }
}

/** Replaces the newest file by another of the same size. A copy is the same entry to everyone who trusts marks. */
async function change(emulator: Emulator, how: NonNullable<Earlier['then']>) {
  const { requests, values, others } = emulator
  const caller = new Caller(emulator)
  const { id = '', name = '', size = 0, spaceId = '' } = emulator.files().at(-1) ?? {}
  const by = how === 'version by the operator' ? values.unionId : others.secondUser.unionId
  const commit = requests.findLast(({ operation }) => operation === 'commitV1')
  const { option } = JSON.parse(commit?.body ?? '{}') as { option?: { appProperties?: object[] } }
  const isCopy = how === 'copy by a colleague'
  if (isCopy) await caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries/${id}`, { method: 'DELETE' })
  const more = isCopy ? { appProperties: option?.appProperties } : { conflictStrategy: 'OVERWRITE' }
  await caller.commit(await caller.stored(Buffer.alloc(size, 'another ')), name, more, {}, by)
}

function write(directory: string, files: readonly Given[], contents: (bytes: Buffer) => Buffer): void {
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), contents(bytes))
  }
}

/** Every host has an IPv6 address, at which nothing listens, and an IPv4 address. */
const lookup: LookupFunction = (_hostname, _options, callback) => {
  callback(null, [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ])
}

/** @param time whether the job runs for the first or the second time; 0: for an earlier run */
function runnerFor(emulator: Emulator, directory: string, setting: Setting, time: 0 | 1 | 2 = 1) {
  const { appKey, appSecret, unionId, spaceId, parentId, openConversationId, apiBaseUrl, oapiBaseUrl } =
    emulator.values
  const { secondGroup, thirdGroup, secondUser } = emulator.others
  const groups = [openConversationId, secondGroup.openConversationId, thirdGroup.openConversationId]
  const chats = groups.slice(0, setting.chats)
  const { again, person = false } = setting
  const run = String(again === 'new run' || time === 0 ? 41 + time : 42)
  const source = { workflow: '0'.repeat(16), run, job: '1'.repeat(16) }
  const inputs = {
    'app-key': appKey,
    'app-secret': appSecret,
    'union-id': unionId,
    'space-id': spaceId,
    'parent-id': parentId,
    'chat-id': chats.join('\n'),
    'to-user-ids': person ? secondUser.userId : '',
    // One a line, and absolute: the working directory is everybody's.
    path: setting.files.map(({ path }) => join(directory, path)).join('\n'),
    'api-base-url': apiBaseUrl,
    'oapi-base-url': oapiBaseUrl,
    'conflict-strategy': INPUT_OF[setting.strategy ?? 'AUTO_RENAME'],
    'keep-directories': String(setting.keepsDirectories ?? false),
    ...setting.inputs?.(emulator),
  }
  const attempt = again === 're-run' && time === 2 ? 2 : 1
  const runner = recordingRunner(inputs, {
    source: again === undefined || again === 'command' ? undefined : source,
    attempt,
  })
  const recipients: Recipient[] = [
    ...chats.map((id) => ({ id, to: id })),
    ...(person ? [{ id: secondUser.userId, to: secondUser.unionId }] : []),
  ]
  return { runner, recipients }
}

/** Lays the faults out. @returns the job's clock, which lets a server listen again when the job waits to try again */
function prepare(
  emulator: Emulator,
  { faults, refusal, scopesWithdrawn = [], grantsAt, transfer, cancelsAt }: Setting,
  clock: ReturnType<typeof simulatedClock>,
  runner: RecordingRunner,
  cancelling: AbortController,
) {
  emulator.faults.clear()
  emulator.scopes.withdraw(...scopesWithdrawn)
  for (const fault of faults) emulator.faults.add(fault)
  const slow: Fault = { operation: 'put', times: Infinity, play: { kind: 'delay', ms: 0 } }
  const underWay: Fault = {
    operation: refusal?.during ?? '*',
    times: Infinity,
    play: { kind: 'delay', ms: 0 },
  }
  let refused = false
  let reopened: Promise<void> | undefined
  const refuse = ({ server }: Refusal) => {
    if (refused) return
    refused = true
    emulator.refuseConnections(server)
  }
  if (refusal?.during) emulator.faults.add(underWay)
  else if (refusal) refuse(refusal)
  if (transfer > 0)
    for (const operation of ['put', 'putPart'] as const) emulator.faults.add({ ...slow, operation })
  emulator.onFault((fault, { operation }) => {
    if (operation === refusal?.during) refuse(refusal)
    if (operation === grantsAt) emulator.scopes.grant(...scopesWithdrawn)
    if (operation === cancelsAt) cancelling.abort(new Cancelled())
    if (fault.play.kind === 'delay' && operation.startsWith('put')) clock.advance(transfer)
  })
  return {
    ...clock,
    sleep: async (ms: number, signal?: AbortSignal) => {
      // The last word before a wait is what failed.
      const isRefused = runner.log.at(-1)?.includes('ECONNREFUSED')
      // Several calls may wait at once.
      if (refused && isRefused && refusal?.lasts === 'once')
        await (reopened ??= emulator.acceptConnections(refusal.server))
      await clock.sleep(ms, signal)
    },
  }
}

/** Waits for a job, but not for ever. */
export async function watched(job: Promise<boolean>): Promise<Pick<Trial, 'ok' | 'thrown'>> {
  let watchdog: NodeJS.Timeout | undefined
  const barked = new Promise<{ ok: undefined; thrown: Error }>((resolve) => {
    watchdog = setTimeout(() => {
      resolve({ ok: undefined, thrown: new Error('it did not come to an end') })
    }, WATCHDOG)
  })
  const settled = job.then(
    (ok) => ({ ok, thrown: undefined }),
    (thrown: unknown) => ({ ok: undefined, thrown }),
  )
  try {
    return await Promise.race([settled, barked])
  } finally {
    clearTimeout(watchdog)
  }
}
