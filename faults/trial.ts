import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
import { environmentOf } from '../src/http/environment.ts'
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

export interface Setting {
  options: EmulatorOptions
  files: readonly Given[]
  /** Open conversation ids come from the emulator: how many groups are sent to. */
  chats: number
  /** Default: `AUTO_RENAME`. */
  strategy?: UploadStrategy
  /** Whether the directories of the files become folders. */
  keepsDirectories?: boolean
  inputs?: (emulator: Emulator) => Readonly<Record<string, string>>
  /** What the app's robot posts, in this order, to each group and to the second user. */
  posts?: readonly Message['kind'][]
  faults: readonly Fault[]
  refusal?: Refusal
  scopesWithdrawn?: readonly string[]
  /** How long (ms) the bytes of a file take to be stored. */
  transfer: number
  /** Whether the same job runs once more, after the faults. */
  again?: boolean
  /** Names of files that are in the folder before: of the same sizes, made so long (ms) before. */
  earlier?: { age: number }
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
  /** Open conversation ids, in order. */
  readonly chats: readonly string[]
  /** The union id of the second user. */
  readonly user: string
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
  /** The same job, once more, and the messages of both together. */
  readonly again?: Pick<Trial, 'runner' | 'ok' | 'messages'>
}

/** Runs a job in this process, in a directory of its own, against an emulator of its own, on simulated time. */
export async function tryOut(setting: Setting): Promise<Trial> {
  const directory = mkdtempSync(join(tmpdir(), 'faults-'))
  const clock = simulatedClock(Date.UTC(2026, 7, 1, 12, 0, 0, 250))
  const emulator = await startEmulator({ clock: () => clock.now(), ...setting.options })
  endHangs(emulator, clock)
  try {
    if (setting.earlier) {
      write(directory, setting.files, (bytes) => Buffer.alloc(bytes.length, 'earlier '))
      const { runner } = runnerFor(emulator, directory, { ...setting, chats: 0, inputs: () => ({}) })
      await run(runner, environmentOf({ clock, random: () => 0.5 }))
      clock.advance(setting.earlier.age)
    }
    write(directory, setting.files, (bytes) => bytes)
    // Copies: what the emulator hands out is a view of what is there now.
    const before = emulator.files().map((file) => ({ ...file }))
    const { runner, chats } = runnerFor(emulator, directory, setting)
    const reopening = prepare(emulator, setting, clock, runner)
    const started = clock.now()
    const from = { requests: emulator.requests.length, messages: emulator.messages.length }
    const environment = environmentOf({ clock: reopening, random: () => 0.5 })
    const { ok, thrown } = await watched(run(runner, environment))
    // What was cut off may have been about to take effect.
    for (let turns = 0; turns < 3; turns++) await turn()
    const trial: Trial = {
      setting,
      runner,
      ok,
      thrown,
      directory,
      chats,
      user: emulator.others.secondUser.unionId,
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
    const { refusal } = setting
    if (refusal?.lasts === 'for ever') await emulator.acceptConnections(refusal.server)
    const { runner: second } = runnerFor(emulator, directory, setting)
    const again = await watched(run(second, environmentOf({ clock, random: () => 0.5 })))
    return {
      ...trial,
      again: { runner: second, ok: again.ok, messages: emulator.messages.slice(from.messages) },
    }
  } finally {
    await emulator.close()
    rmSync(directory, { recursive: true })
  }
}

function write(directory: string, files: readonly Given[], contents: (bytes: Buffer) => Buffer): void {
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), contents(bytes))
  }
}

function runnerFor(emulator: Emulator, directory: string, setting: Setting) {
  const { appKey, appSecret, unionId, spaceId, parentId, openConversationId, apiBaseUrl, oapiBaseUrl } =
    emulator.values
  const { secondGroup, thirdGroup } = emulator.others
  const chats = [openConversationId, secondGroup.openConversationId, thirdGroup.openConversationId]
  const runner = recordingRunner({
    'app-key': appKey,
    'app-secret': appSecret,
    'union-id': unionId,
    'space-id': spaceId,
    'parent-id': parentId,
    'chat-id': chats.slice(0, setting.chats).join('\n'),
    // One a line, and absolute: the working directory is everybody's.
    path: setting.files.map(({ path }) => join(directory, path)).join('\n'),
    'api-base-url': apiBaseUrl,
    'oapi-base-url': oapiBaseUrl,
    'conflict-strategy': setting.strategy ?? 'AUTO_RENAME',
    'keep-directories': String(setting.keepsDirectories ?? false),
    ...setting.inputs?.(emulator),
  })
  return { runner, chats: chats.slice(0, setting.chats) }
}

/** Lays the faults out. @returns the job's clock, which lets a server listen again when the job waits to try again */
function prepare(
  emulator: Emulator,
  { faults, refusal, scopesWithdrawn = [], transfer }: Setting,
  clock: ReturnType<typeof simulatedClock>,
  runner: RecordingRunner,
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
