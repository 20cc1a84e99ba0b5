// Jobs for which it matters what the folder contains, and when permissions take effect.
import type { EmulatorOptions, Fault, Operation, Play } from '../emulator/emulator.ts'
import * as plays from '../emulator/faults/plays.ts'
import { scopeOf } from '../emulator/http/operation.ts'
import { MODES } from '../emulator/modes.ts'
import { numberOf, runCase, SMALL_FILE, type Case, type Expected } from './campaign.ts'
import type { Again, Given, Setting } from './trial.ts'

type Strategy = NonNullable<Setting['strategy']>

const NO_FAULT: Play = { kind: 'delay', ms: 0 }
const FAULTS: readonly (readonly [string, Operation, Play])[] = [
  ['no fault', 'commitV1', NO_FAULT],
  ['cut before', 'commitV1', { kind: 'cut-before' }],
  ['cut after', 'commitV1', { kind: 'cut-after' }],
  ['400', 'send', plays.paramError400],
]
const AGAIN: readonly (readonly [Again, Strategy])[] = [
  ['re-run', 'AUTO_RENAME'],
  ['new run', 'IF_CHANGED'],
  ['new run', 'RETURN_DENTRY_IF_EXISTS'],
  ['command', 'IF_CHANGED'],
]

function given(...paths: readonly string[]): Given[] {
  return paths.map((path) => ({ path, bytes: Buffer.from(`the bytes of ${path}`) }))
}

/** Each with what a job without a fault comes to. */
type Situation = Omit<Setting, 'options' | 'faults' | 'chats' | 'transfer'> & {
  name: string
  expected?: Expected
}

/** Names that differ in case only: of two files, of their folders, and of a colleague's file. */
const BY_CASE: readonly Situation[] = [
  { name: 'two files', files: given('app.apk', 'APP.apk') },
  { name: 'two folders', files: given('a/1.apk', 'A/2.apk', 'A/b/3.apk'), keepsDirectories: true },
  { name: "a colleague's file", files: given('app.apk'), present: ['APP.apk'] },
]

/** A colleague's file that is returned is not sent. */
function faultsOf({ present }: Pick<Situation, 'present'>, strategy: Strategy): typeof FAULTS {
  const isReturned = present && strategy === 'RETURN_DENTRY_IF_EXISTS'
  return isReturned ? FAULTS.filter(([, operation]) => operation !== 'send') : FAULTS
}

/** @returns every situation × every way to run once more × every fault */
function inSituations(options: EmulatorOptions, situations: readonly Situation[]): Case[] {
  return situations.flatMap(({ name, expected = 'survives', ...situation }) =>
    AGAIN.flatMap(([again, strategy]) =>
      faultsOf(situation, strategy).map(([fault, operation, play]) => {
        const setting: Setting = {
          ...{ options, strategy, again, chats: 1, transfer: 0, ...situation },
          faults: [{ operation, play }],
        }
        const mode = Object.values(options).join()
        const what = [name, mode, again, strategy, operation, fault]
        return caseOf(what, operation, setting, fault === 'no fault' ? expected : 'either')
      }),
    ),
  )
}

/** An earlier run has uploaded a file that this one deletes, and a colleague has one of that name, too. */
function deletions(): Case[] {
  const lost: readonly (readonly [string, Play])[] = [
    ['no fault', NO_FAULT],
    ['cut before', { kind: 'cut-before' }],
    ['cut after', { kind: 'cut-after' }],
    ['400', plays.paramError400],
    ['500 after', { ...plays.systemError500, kind: 'answer-after' }],
  ]
  return MODES.recycleBin.flatMap((recycleBin) =>
    AGAIN.slice(0, 3).flatMap(([again, strategy]) =>
      [1, Infinity].flatMap((times) =>
        lost.map(([fault, play]) => {
          const operation = 'batchRemove'
          const setting: Setting = {
            ...{ options: { recycleBin }, strategy, again, chats: 1, transfer: 0, files: [SMALL_FILE] },
            earlier: { age: 3600_000, outdated: { path: 'old.apk', bytes: Buffer.from('old') } },
            present: ['old(1).apk'],
            inputs: () => ({ 'keep-last': '1' }),
            faults: [{ operation, play, times }],
          }
          const what = [
            'deletions',
            `recycle bin ${recycleBin}`,
            again,
            strategy,
            fault,
            times > 1 ? 'every time' : 'once',
          ]
          return caseOf(what, operation, setting, 'survives')
        }),
      ),
    ),
  )
}

/** The calls that need a permission of their own, and how they are made. */
const PERMITTED: readonly (readonly [Operation, Partial<Setting>])[] = [
  ['unionId', { inputs: ({ values }) => ({ 'union-id': '', 'user-id': values.userId }) }],
  ['openConversationId', { inputs: ({ values }) => ({ 'chat-id': values.chatId }) }],
  ['uploadInfoV1', {}],
  ['commitV1', {}],
  ['list', { strategy: 'IF_CHANGED' }],
  ['subfolder', { files: given('a/1.apk', 'b/2.apk'), keepsDirectories: true }],
  ['send', {}],
  ['sendLink', { inputs: () => ({ 'send-as': 'link' }) }],
  ['sendToUser', { chats: 0, person: true }],
  ['groupSpace', { faults: [{ operation: 'send', play: { kind: 'cut-after' } }] }],
  [
    'post',
    { posts: ['markdown'], inputs: ({ others }) => ({ 'robot-code': others.robotCode, message: 'x' }) },
  ],
]

/** A permission is enabled while the job runs: from the next access token on, or at once. */
function permissions(): Case[] {
  return MODES.newPermissions.flatMap((newPermissions) =>
    PERMITTED.map(([operation, more]) => {
      const granted: Fault = { operation, play: NO_FAULT }
      const setting: Setting = {
        ...{
          // A copy in a group's space is the file's for certain.
          options: { newPermissions, copiedProperties: 'kept' },
          files: [SMALL_FILE],
          chats: 1,
          transfer: 0,
          again: 're-run',
          ...more,
        },
        scopesWithdrawn: [scopeOf(operation) ?? ''],
        grantsAt: operation,
        faults: [granted, ...(more.faults ?? [])],
      }
      return caseOf(['permissions', newPermissions, operation], operation, setting, 'survives')
    }),
  )
}

export function situationCases(): Case[] {
  return [
    ...MODES.nameCase.flatMap((nameCase) => inSituations({ nameCase }, BY_CASE)),
    ...MODES.folderOverFile.flatMap((folderOverFile) =>
      inSituations({ folderOverFile }, [
        {
          name: 'a file with the name of a folder',
          files: given('a/1.apk', 'b/2.apk'),
          keepsDirectories: true,
          present: ['a'],
          expected: folderOverFile === 'created' ? 'survives' : 'fails',
        },
      ]),
    ),
    ...deletions(),
    ...permissions(),
  ]
}

function caseOf(what: readonly string[], operation: Operation, setting: Setting, expected: Expected): Case {
  const name = ['situations', ...what].join(' · ')
  return {
    name,
    operation,
    setting,
    isInSample: numberOf(name) % 8 === 0,
    run: () => runCase(name, setting, expected),
  }
}
