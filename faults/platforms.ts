// What DingTalk's pages leave open, or people do in the folder: each with the faults that matter most.
import type { EmulatorOptions, Fault, Operation, Play } from '../emulator/emulator.ts'
import type { Breakage } from '../emulator/faults/broken.ts'
import * as plays from '../emulator/faults/plays.ts'
import { LARGE_FILE, numberOf, runCase, SMALL_FILE, type Case } from './campaign.ts'
import type { Earlier, Setting } from './trial.ts'

const PLATFORMS: Readonly<Record<string, EmulatorOptions>> = {
  'two addresses': { addresses: 'two' },
  'storage that is not OSS': { storageAnswers: 'plain', signing: 'token' },
  'signed URLs': { signing: 'url' },
  'opaque ETags': { etag: 'opaque' },
  'a dead storage host': { deadResourceHosts: 1 },
  'one PUT at a time': { maxPuts: 1 },
  'short signatures': { signatureLifetime: 30 },
  'short tokens': { accessTokenLifetime: 2 },
  'codes with dashes': { codeSpelling: 'dashed' },
  'codes with prefixes': { codeSpelling: 'prefixed' },
  'used keys refused plainly': { usedUploadKey: 'refuse-plain' },
  'v1 forbidden': { v1Commit: 'forbidden' },
  'taken names refused': { takenName: 'refused' },
  'marks as lists': { appProperties: 'list' },
  'marks not listed': { appProperties: 'unlisted' },
  'marks of the first version': { appProperties: 'first-kept' },
  'codes with dashes, marks refused': { codeSpelling: 'dashed', appProperties: 'refused' },
  'codes with prefixes, marks refused': { codeSpelling: 'prefixed', appProperties: 'refused' },
  'times to the minute': { timeFormat: 'iso-minutes' },
  'times of China': { timeFormat: 'cst' },
  'a storage clock ahead': { storageClockSkew: 60_000 },
  'a storage clock behind': { storageClockSkew: -3600_000 },
  'group spaces late': { groupSpace: 'late' },
  'group spaces hidden': { groupSpace: 'hidden' },
  'copies with marks': { copiedProperties: 'kept' },
}

/** Nothing goes wrong with the call. */
const NO_FAULT: Play = { kind: 'delay', ms: 0 }
const LONG_AGO = 48 * 3600_000

type Scene = Pick<Setting, 'files' | 'strategy' | 'earlier' | 'again'> & { name: string }

const SCENES: readonly Scene[] = [
  { name: 'a new file', files: [SMALL_FILE] },
  { name: 'a large file', files: [LARGE_FILE] },
  { name: 'a new version', files: [SMALL_FILE], strategy: 'IF_CHANGED', earlier: { age: LONG_AGO } },
  { name: 'and again', files: [SMALL_FILE], again: 're-run' },
]

const FAULTS: readonly (readonly [Operation, string, Play])[] = [
  ['commitV1', 'no fault', NO_FAULT],
  ['commitV1', 'cut before', { kind: 'cut-before' }],
  ['commitV1', 'cut after', { kind: 'cut-after' }],
  ['commitV1', '400 system after', plays.systemError400After],
  ['send', 'cut after', { kind: 'cut-after' }],
  ['send', '400', plays.paramError400],
]

/** What somebody has done with the file, and how the list that shows it is broken. */
const CHANGES: readonly Earlier['then'][] = [
  undefined,
  'version by the operator',
  'version by a colleague',
  'copy by a colleague',
]
const BREAKAGES: readonly Breakage[] = [
  'nameless-files',
  'without-list',
  'without-version',
  'few-fields',
  'numeric-ids',
  'deleted',
  'folder',
]
const LISTS: readonly (readonly [string, Play])[] = [
  ['no fault', NO_FAULT],
  ['cut after', { kind: 'cut-after' }],
  ...BREAKAGES.map((how) => [how, { kind: 'broken', how }] as const),
]

/** Every platform × every scene × every fault; and every change of an existing file × every broken list × every strategy for it. */
export function platformCases(): Case[] {
  const base = { chats: 1, transfer: 2000 }
  const onPlatforms = Object.entries(PLATFORMS).flatMap(([platform, options]) =>
    SCENES.flatMap(({ name, ...scene }) =>
      FAULTS.map(([operation, fault, play]) => {
        const settled = { usedUploadKey: 'second-file' as const, ...options }
        const setting: Setting = { ...base, ...scene, options: settled, faults: [{ operation, play }] }
        return caseOf(
          ['platform', platform, name, operation, fault],
          operation,
          setting,
          fault === 'no fault',
        )
      }),
    ),
  )
  const existing = CHANGES.flatMap((then) =>
    (['kept', 'first-kept'] as const).flatMap((appProperties) =>
      (['IF_CHANGED', 'RETURN_DENTRY_IF_EXISTS'] as const).flatMap((strategy) =>
        LISTS.map(([fault, play]) => {
          const faults: Fault[] = [{ operation: 'list', times: Infinity, play }]
          const earlier: Earlier = { age: LONG_AGO, isSame: true, ...(then ? { then } : {}) }
          const files = [SMALL_FILE]
          const setting: Setting = { ...base, files, strategy, earlier, options: { appProperties }, faults }
          const what = ['existing', then ?? 'unchanged', appProperties, strategy, 'list', fault]
          return caseOf(what, 'list', setting, fault === 'no fault')
        }),
      ),
    ),
  )
  return [...onPlatforms, ...existing]
}

function caseOf(what: readonly string[], operation: Operation, setting: Setting, survives: boolean): Case {
  const name = what.join(' · ')
  const expected = survives ? 'survives' : 'either'
  return {
    name,
    operation,
    setting,
    isInSample: numberOf(name) % 24 === 0,
    run: () => runCase(name, setting, expected),
  }
}
