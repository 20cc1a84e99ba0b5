// Delivered means sent: what one job did not send, the next one that finds the file there sends, once.
import type { EmulatorOptions, Fault, Operation, Play } from '../emulator/emulator.ts'
import * as plays from '../emulator/faults/plays.ts'
import { numberOf, type Case, type Result } from './campaign.ts'
import { tryOut, type Again, type Setting } from './trial.ts'
import { judge, type Violation } from './verdict.ts'

/** How long (simulated ms) the first job may take. */
const BOUND = 15 * 60_000

/** What becomes of a send. If that is certain, the next job makes up for it. */
const OUTCOMES: readonly { name: string; isCertain: boolean; play?: Play }[] = [
  { name: 'rejected', isCertain: true, play: plays.paramError400 },
  { name: 'lost before', isCertain: false, play: { kind: 'cut-before' } },
  { name: 'lost after', isCertain: false, play: { kind: 'cut-after' } },
  { name: 'system error 400', isCertain: false, play: plays.systemError400 },
  { name: 'system error 400 after', isCertain: false, play: plays.systemError400After },
  // Canceled after a commit, while the file waits to be sent.
  { name: 'never started', isCertain: true },
]

type To = Pick<Setting, 'chats' | 'person' | 'inputs'> & { name: string; operation: Operation }

const RECIPIENTS: readonly To[] = [
  { name: 'one group of two', operation: 'send', chats: 2 },
  { name: 'a group', operation: 'send', chats: 1 },
  { name: 'a group by link', operation: 'sendLink', chats: 1, inputs: () => ({ 'send-as': 'link' }) },
  { name: 'a person', operation: 'sendToUser', chats: 0, person: true },
  { name: 'a person and a group', operation: 'sendToUser', chats: 1, person: true },
]

const AGAIN: readonly (readonly [Again, NonNullable<Setting['strategy']>])[] = [
  ['re-run', 'AUTO_RENAME'],
  ['new run', 'IF_CHANGED'],
  ['new run', 'RETURN_DENTRY_IF_EXISTS'],
  ['command', 'IF_CHANGED'],
]

/** What the pages leave open about marks and copies, and whether a record on a file can be trusted there. */
const PLATFORMS: readonly { name: string; options: EmulatorOptions; isTrusted: boolean }[] = [
  { name: '', options: {}, isTrusted: true },
  { name: 'marks listed', options: { appProperties: 'list' }, isTrusted: true },
  { name: 'marks of the first version', options: { appProperties: 'first-kept' }, isTrusted: true },
  { name: 'marks dropped', options: { appProperties: 'dropped' }, isTrusted: false },
  { name: 'records change the time', options: { updatedProperties: 'modified' }, isTrusted: true },
  { name: 'records by the app', options: { updatedProperties: 'modified-by-app' }, isTrusted: true },
  { name: 'records are versions', options: { updatedProperties: 'new-version' }, isTrusted: true },
  { name: 'copies keep marks', options: { copiedProperties: 'kept', groupSpace: 'late' }, isTrusted: true },
]

const files = ['a.apk', 'b.apk', 'c.apk'].map((path) => ({
  path,
  bytes: Buffer.from(`the bytes of ${path}`),
}))

/** Every outcome × every kind of recipient × every way to run once more; on other platforms, with groups alone. */
export function deliveryCases(): Case[] {
  return PLATFORMS.flatMap((platform) =>
    RECIPIENTS.slice(0, platform.name === '' ? RECIPIENTS.length : 1).flatMap((to) =>
      OUTCOMES.flatMap((outcome) =>
        AGAIN.map(([again, strategy]): Case => {
          const what = ['deliveries', to.operation, to.name, outcome.name, again, strategy, platform.name]
          const name = what.filter(Boolean).join(' · ')
          const setting: Setting = {
            options: platform.options,
            chats: to.chats,
            person: to.person ?? false,
            inputs: (emulator) => ({ concurrency: '2', ...to.inputs?.(emulator) }),
            transfer: 0,
            strategy,
            again,
            ...(outcome.play
              ? { files: files.slice(0, 1), faults: [{ operation: to.operation, play: outcome.play }] }
              : { files, faults: NEVER_STARTED, cancelsAt: 'uploadInfoV1' }),
          }
          const isSent = outcome.isCertain && platform.isTrusted
          return {
            name,
            operation: to.operation,
            setting,
            isInSample: numberOf(name) % 18 === 0,
            run: () => runDelivery(name, setting, isSent),
          }
        }),
      ),
    ),
  )
}

/** The first file takes so long that those behind it wait to be sent. The third one cancels the job. */
const NEVER_STARTED: readonly Fault[] = [
  { operation: 'put', nth: 1, play: { kind: 'delay', ms: 60_000 } },
  { operation: 'uploadInfoV1', nth: 3, play: { kind: 'delay', ms: 0 } },
]

/** @param isSent whether everything must have arrived in the end */
async function runDelivery(name: string, setting: Setting, isSent: boolean): Promise<Result> {
  const trial = await tryOut(setting)
  const { again, recipients, elapsed, struck } = trial
  const { violations, ...verdict } = judge(trial, BOUND)
  const missing = setting.files.length * recipients.length - (again?.messages.length ?? 0)
  const more: Violation[] = [
    ...(struck ? [] : [{ breach: 'policy' as const, what: 'the fault was not met' }]),
    ...(isSent && missing > 0
      ? [{ breach: 'not delivered' as const, what: `${missing} were not sent` }]
      : []),
    ...(isSent && again?.ok !== true ? [{ breach: 'policy' as const, what: 'it failed again' }] : []),
  ]
  return { name, ...verdict, elapsed, violations: [...violations, ...more] }
}
