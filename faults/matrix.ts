// Two legs of a matrix at once, which upload a file of one name into one folder, and then the same run again.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
  type Fault,
  type RecordedRequest,
} from '../emulator/emulator.ts'
import { run } from '../src/action.ts'
import type { UploadStrategy } from '../src/domain.ts'
import { environmentOf } from '../src/http/environment.ts'
import { reportsDoubt } from '../test-support/doubt.ts'
import { endHangs } from '../test-support/hangs.ts'
import { recordingRunner, type RecordingRunner } from '../test-support/recording-runner.ts'
import { simulatedClock, type SimulatedClock } from '../test-support/simulated-clock.ts'
import { INPUT_OF, watched } from './trial.ts'
import { outputsOf, type FileOutput, type Violation } from './verdict.ts'

/** How often the run is started: once, and again. */
const ATTEMPTS = [1, 2] as const
const NAME = 'app.apk'

export interface MatrixSetting {
  readonly options: EmulatorOptions
  readonly strategy: UploadStrategy
  /** Whether both legs upload the same bytes; if not, they are of one size. */
  readonly isSameContent: boolean
  /** Met by whichever leg comes first, in the first attempt. */
  readonly fault: Fault
}

/** A job of the matrix: an operator, who is named as the maker of a file, and the job's key in the mark. */
interface Leg {
  readonly key: string
  readonly unionId: string
  readonly bytes: string
}

/** What became of one attempt of a leg. */
interface LegResult {
  readonly leg: Leg
  readonly attempt: number
  readonly runner: RecordingRunner
  /** Undefined if it did not come to its end. */
  readonly ok: boolean | undefined
}

export interface MatrixVerdict {
  readonly survived: boolean
  readonly inDoubt: boolean
  readonly violations: readonly Violation[]
  /** Simulated ms of all attempts together. */
  readonly elapsed: number
  readonly struck: boolean
}

/** Runs both legs at once, twice, in this process and on simulated time, and judges what became of it. */
export async function tryMatrix(setting: MatrixSetting): Promise<MatrixVerdict> {
  const directory = mkdtempSync(join(tmpdir(), 'matrix-'))
  const clock = simulatedClock(Date.UTC(2026, 7, 1, 12, 0, 0, 250))
  const emulator = await startEmulator({ clock: () => clock.now(), ...setting.options })
  endHangs(emulator, clock)
  try {
    const legs: readonly Leg[] = [
      { key: 'a', unionId: emulator.values.unionId, bytes: 'the bytes of one leg' },
      {
        key: 'b',
        unionId: emulator.others.secondUser.unionId,
        bytes: setting.isSameContent ? 'the bytes of one leg' : 'the bytes of another',
      },
    ]
    for (const { key, bytes } of legs) {
      mkdirSync(join(directory, key))
      writeFileSync(join(directory, key, NAME), bytes)
    }
    const started = clock.now()
    const before = new Set(emulator.files().map(({ id }) => id))
    emulator.faults.add(setting.fault)
    const results: LegResult[] = []
    for (const attempt of ATTEMPTS) {
      const job = (leg: Leg) => runLeg(leg, attempt, setting, emulator, clock, directory)
      results.push(...(await Promise.all(legs.map(job))))
      clock.advance(60_000)
    }
    return {
      survived: results.every(({ ok }) => ok === true),
      inDoubt: results.some(({ runner }) => runner.errors.some(reportsDoubt)),
      violations: judgeMatrix(setting, results, emulator, before),
      elapsed: clock.now() - started,
      struck: emulator.faults.played.length > 0,
    }
  } finally {
    await emulator.close()
    rmSync(directory, { recursive: true })
  }
}

async function runLeg(
  leg: Leg,
  attempt: number,
  { strategy }: MatrixSetting,
  { values }: Emulator,
  clock: SimulatedClock,
  directory: string,
): Promise<LegResult> {
  const { appKey, appSecret, spaceId, parentId, apiBaseUrl, oapiBaseUrl } = values
  const inputs = {
    'app-key': appKey,
    'app-secret': appSecret,
    'union-id': leg.unionId,
    'space-id': spaceId,
    'parent-id': parentId,
    path: join(directory, leg.key, NAME),
    'conflict-strategy': INPUT_OF[strategy],
    'api-base-url': apiBaseUrl,
    'oapi-base-url': oapiBaseUrl,
  }
  const source = { workflow: '0'.repeat(16), run: '42', job: leg.key.repeat(16) }
  const runner = recordingRunner(inputs, { source, attempt })
  const { ok } = await watched(run(runner, environmentOf({ clock, random: () => 0.5 })))
  return { leg, attempt, runner, ok }
}

function judgeMatrix(
  setting: MatrixSetting,
  results: readonly LegResult[],
  emulator: Emulator,
  before: ReadonlySet<string>,
): Violation[] {
  const violations: Violation[] = []
  const add = (breach: Violation['breach'], what: string) => void violations.push({ breach, what })
  const { strategy, options } = setting
  const made = emulator.files().filter(({ id }) => !before.has(id))
  const makesVersions = strategy === 'OVERWRITE' || strategy === 'IF_CHANGED'
  for (const { leg, attempt, runner, ok } of results) {
    const who = `leg ${leg.key}, attempt ${attempt}`
    if (ok === undefined) add('crash', `${who} did not end`)
    const [file] = ok === undefined ? [] : outputsOf(runner)
    if (!file || file.status === 'failed') continue
    const entry = made.find(({ id }) => id === file.dentryId)
    if (!entry) {
      add('untrue', `${who} claims ${file.dentryId ?? ''}, which is not there`)
      continue
    }
    if (file.status === 'existing') {
      // A later version may have another content than the one that was reported.
      if (!makesVersions && file.md5 !== undefined && file.md5 !== entry.md5) add('untrue', `${who}: MD5`)
    } else if (!makesVersions && entry.creatorId !== leg.unionId)
      add('claim', `${who} claims ${entry.name}, which another leg made`)
    else if (file.md5 !== md5(leg.bytes) || (!makesVersions && entry.md5 !== file.md5))
      add('wrong bytes', `${who} claims ${entry.name}, which has other bytes`)
  }
  for (const { key, unionId } of results.map(({ leg }) => leg).slice(0, 2)) {
    const own = made.filter(({ creatorId }) => creatorId === unionId)
    // Where its file has a mark, the second attempt finds what the first has made; a doubt ends there.
    const isMarked = options.appProperties === 'kept' && !commitsOf(emulator, unionId).some(isUnmarked)
    const most = isMarked || strategy !== 'AUTO_RENAME' ? 1 : ATTEMPTS.length
    if (own.length > most) add('duplicate', `leg ${key} made ${own.map(({ name }) => name).join(', ')}`)
  }
  if (!makesVersions && made.some(({ version }) => version > 1)) add('wrong bytes', 'a file was overwritten')
  // Each attempt of a leg makes a version at most, and none where the content is what the mark says.
  const versions = made.reduce((sum, { version }) => sum + version, 0)
  const doubts = results.filter(({ runner }) => runner.errors.length > 0).length
  const uploaded = results.filter(({ runner }) => outputsOf(runner).some(isUploaded)).length
  // If it is unknown whose a file is, both legs may report it as existing.
  const most = strategy === 'RETURN_DENTRY_IF_EXISTS' ? Math.max(uploaded, 1) : uploaded
  if (versions > most + doubts) add('duplicate', `${versions} versions, of which ${uploaded} were reported`)
  return violations
}

function isUploaded({ status }: FileOutput): boolean {
  return status === 'uploaded'
}

/** The commits that a leg has asked for. */
function commitsOf({ requests }: Emulator, unionId: string): readonly RecordedRequest[] {
  return requests.filter(
    ({ operation, path }) => operation === 'commitV1' && path.includes(encodeURIComponent(unionId)),
  )
}

function isUnmarked({ body }: RecordedRequest): boolean {
  return !body?.includes('appProperties')
}

function md5(bytes: string): string {
  return createHash('md5').update(bytes).digest('hex')
}
