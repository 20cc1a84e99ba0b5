import { createHash } from 'node:crypto'
import { join, normalize } from 'node:path'
import type { Message, StoredFile } from '../emulator/emulator.ts'
import { reportsDoubt } from '../test-support/doubt.ts'
import type { RecordingRunner } from '../test-support/recording-runner.ts'
import type { Trial } from './trial.ts'

/** What must never be, whatever goes wrong. */
export const BREACHES = [
  'duplicate',
  'wrong bytes',
  /** A file that another job made is claimed as uploaded. */
  'claim',
  'leak',
  /** Outputs that claim what is not so, or hide what is. */
  'untrue',
  'exit status',
  /** A green job, and a file that never reached a recipient. */
  'not delivered',
  /** It takes too long. */
  'time',
  /** It threw, or never ended. */
  'crash',
  /** It survived or failed where the policy wants otherwise. */
  'policy',
] as const
export type Breach = (typeof BREACHES)[number]

export interface Violation {
  breach: Breach
  what: string
}

export interface Verdict {
  /** Everything asked for happened, and the job says so. */
  survived: boolean
  /** The job failed and says that something may have happened. */
  inDoubt: boolean
  violations: readonly Violation[]
}

/** One entry of the output `files`. */
export interface FileOutput {
  path: string
  name: string
  size: number
  md5?: string
  dentryId?: string
  dentryUuid?: string
  spaceId?: string
  parentId?: string
  url?: string
  sentTo: string[]
  sentToUsers: string[]
  status: 'uploaded' | 'existing' | 'failed'
  error?: string
}

/**
 * Compares what a job says with what the platform knows.
 *
 * @param bound how long (simulated ms) it may have taken
 */
export function judge(trial: Trial, bound: number): Verdict {
  const violations: Violation[] = []
  const add = (breach: Breach, what: string) => void violations.push({ breach, what })
  const { runner, ok } = trial
  if (ok === undefined) add('crash', String(trial.thrown))
  if (trial.elapsed > bound) add('time', `it took ${trial.elapsed / 1000} s`)
  for (const leak of leaks(trial)) add('leak', leak)
  const reported = ok === undefined ? undefined : outputsOf(runner)
  judgeFolder(trial, add)
  judgeMessages(trial, reported ?? [], add)
  const isPosted = judgePosts(trial, add)
  if (reported) judgeOutputs(trial, reported, add)
  judgeDeleted(trial, add)
  judgeAgain(trial, add)
  if (ok === true && runner.errors.length > 0) add('exit status', 'success, despite errors')
  if (ok === false && runner.errors.length === 0) add('exit status', 'failure, without an error')
  const done =
    reported?.length === trial.setting.files.length &&
    reported.every(
      ({ status, sentTo, sentToUsers }) =>
        status === 'existing' ||
        (status === 'uploaded' && sentTo.length + sentToUsers.length === trial.recipients.length),
    )
  if (ok === true && !isPosted) add('exit status', 'success, though something was not posted')
  // Posts have no output that could say that they were done.
  const isReportedDone = done && !(ok === false && trial.setting.posts)
  if (ok !== undefined && ok !== isReportedDone)
    add('exit status', ok ? 'success, though something was not done' : 'failure, though everything was done')
  return { survived: ok === true, inDoubt: runner.errors.some(reportsDoubt), violations }
}

/** The groups and people that a file was sent to. */
function sentToOf({ sentTo, sentToUsers }: FileOutput): string[] {
  return [...sentTo, ...sentToUsers]
}

type Add = (breach: Breach, what: string) => void

/** Each file once, with its bytes, and nothing else touched. */
function judgeFolder(trial: Trial, add: Add): void {
  const { before, after, setting, values } = trial
  const strategy = strategyOf(trial)
  const given = setting.files.map((file) => ({ ...file, md5: md5(file.bytes), name: nameOf(file.path) }))
  const made = madeBy(trial)
  const folded = (name: string) => (setting.options.nameCase === 'ignored' ? name.toLowerCase() : name)
  const isInPlace = ({ md5, name, parentId, path }: StoredFile) => {
    if (!setting.keepsDirectories) return parentId === values.parentId
    const own = given.find((file) => file.md5 === md5)?.path ?? ''
    return folded(path).endsWith(folded(`/${own.slice(0, own.lastIndexOf('/') + 1)}${name}`))
  }
  for (const { name, md5: own } of given) {
    const entries = made.filter((entry) => entry.md5 === own)
    if (entries.length > 1) add('duplicate', `${name} is there as ${entries.map((e) => e.name).join(', ')}`)
  }
  const versions = made.reduce((sum, { id, version }) => sum + version - (find(before, id)?.version ?? 0), 0)
  const times = versions - recordsOf(trial.setting, trial.requests).length
  if (times > given.length) add('duplicate', `${given.length} files were committed ${times} times`)
  for (const entry of made) {
    const source = given.find((file) => file.md5 === entry.md5)
    if (source?.bytes.length !== entry.size) add('wrong bytes', `${entry.name} has bytes of no file`)
    else if (!isNameOf(folded(entry.name), folded(source.name), strategy === 'AUTO_RENAME'))
      add('wrong bytes', `${entry.name} has the bytes of ${source.name}`)
    if (!isInPlace(entry)) add('wrong bytes', `${entry.name} is in another folder`)
    if (find(before, entry.id) && !makesVersions(strategy))
      add('wrong bytes', `${entry.name} was overwritten`)
  }
  for (const file of before)
    if (!find(after, file.id) && !isOutdated(trial, file)) add('wrong bytes', `${file.name} is gone`)
}

/** The calls that make new versions without new bytes. */
function recordsOf({ options }: Trial['setting'], requests: Trial['requests']): Trial['requests'] {
  if (options.updatedProperties !== 'new-version') return []
  return requests.filter(({ operation, status }) => operation === 'appProperties' && status === 200)
}

/** Whether the job is to delete a file. */
function isOutdated({ setting: { earlier } }: Trial, { name }: StoredFile): boolean {
  return earlier?.outdated !== undefined && name === nameOf(earlier.outdated.path)
}

/** What is deleted is reported, and what is reported is deleted, unless that is in doubt. */
function judgeDeleted(trial: Trial, add: Add): void {
  const { before, after, runner, ok } = trial
  const deleted = JSON.parse(runner.outputs['deleted'] ?? '[]') as { dentryId: string; inDoubt?: true }[]
  for (const file of before.filter((file) => isOutdated(trial, file))) {
    const said = deleted.find(({ dentryId }) => dentryId === file.id)
    const isThere = find(after, file.id) !== undefined
    if (isThere && said && !said.inDoubt) add('untrue', `${file.name} is claimed to be deleted`)
    if (!isThere && !said) add('untrue', `${file.name} is gone, and no output says so`)
    if (isThere && ok === true && runner.warnings.length === 0)
      add('untrue', `${file.name} is still there, and no warning says so`)
  }
}

/** Each file at most once to each recipient, and none that is not asked for. */
function judgeMessages({ recipients, messages }: Trial, reported: readonly FileOutput[], add: Add): void {
  for (const { to, name = '', dentryId } of messages.filter(({ dentryId }) => dentryId)) {
    if (!recipients.some((recipient) => recipient.to === to))
      add('duplicate', `${name} was sent to ${to}, which nobody asked for`)
    const same = messages.filter((message) => message.to === to && message.dentryId === dentryId)
    // Two files of one name may have come to one entry: then each of them is sent.
    const files = reported.filter((file) => file.dentryId === dentryId).length
    if (same.length > files)
      add('duplicate', `${name} was sent ${same.length} times to one recipient, for ${files} files`)
  }
}

/**
 * What the robot posts: each once to each group and person, in order, and nothing else.
 *
 * @returns whether everything was posted
 */
function judgePosts({ recipients, messages, setting: { posts = [] }, runner, ok }: Trial, add: Add): boolean {
  const all = messages.filter(({ dentryId }) => dentryId === undefined)
  const isPosted = recipients.map(({ id, to }) => {
    const got = all.filter((message) => message.to === to).map(({ kind }) => kind)
    const expected = posts.filter((kind) => got.includes(kind))
    if (got.join() !== expected.join()) add('duplicate', `${id} got ${got.join(', ')}`)
    return got.length === posts.length
  })
  const strangers = all.filter((message) => !recipients.some(({ to }) => to === message.to))
  if (strangers.length > 0) add('duplicate', 'something was posted to others')
  const isAll = isPosted.every(Boolean)
  if (posts.length > 0 && isAll && ok === false && !runner.errors.some(reportsDoubt))
    add('untrue', 'everything was posted, and nobody says that it may have been')
  return isAll
}

/** What the outputs claim is there; what is there is claimed, or reported as in doubt. */
function judgeOutputs(trial: Trial, reported: readonly FileOutput[], add: Add): void {
  const { after, directory, runner, setting } = trial
  const strategy = strategyOf(trial)
  const isInDoubt = (name: string) =>
    runner.errors.some((error) => error.includes(name) && reportsDoubt(error))
  const claimed = reported.filter(({ status }) => status !== 'failed')
  for (const file of reported) {
    const source = setting.files.find(({ path }) => join(directory, path) === normalize(file.path))
    if (!source) {
      add('untrue', `${file.path} was not asked for`)
      continue
    }
    const own = md5(source.bytes)
    const name = nameOf(source.path)
    if (file.status === 'failed') {
      const there = madeBy(trial).some((entry) => entry.md5 === own)
      if (there && !isInDoubt(name)) add('untrue', `${name} is there, and no error or warning says so`)
      if (!file.error) add('untrue', `${name} failed without an error`)
      if (file.dentryId !== undefined || sentToOf(file).length > 0)
        add('untrue', `${name} failed, and has an id`)
      continue
    }
    const entry = find(after, file.dentryId ?? '')
    if (!entry) {
      add('untrue', `${name} is claimed as ${file.dentryId ?? ''}, which is not there`)
      continue
    }
    // An existing file is reported as it is, with the MD5 that its mark has.
    const isUnknown = file.status === 'existing' && file.md5 === undefined
    if (!isUnknown && file.md5 !== (file.status === 'existing' ? entry.md5 : own))
      add('untrue', `${name}: MD5`)
    // One that is overwritten by its namesake later in the job had its own size when it was reported.
    const size = file.status === 'existing' ? entry.size : source.bytes.length
    if (file.size !== size) add('untrue', `${name}: size`)
    // What the platform didn't say is missing.
    const { dentryUuid = entry.uuid, spaceId = entry.spaceId, parentId = entry.parentId } = file
    if (file.name !== entry.name || dentryUuid !== entry.uuid) add('untrue', `${name}: name or uuid`)
    if (spaceId !== entry.spaceId || parentId !== entry.parentId) add('untrue', `${name}: place`)
    if (!file.url?.includes(entry.id)) add('untrue', `${name}: url`)
    // Of those of one name the last one overwrites; one that was found there has whatever bytes it has.
    const namesake = setting.files.some(
      ({ path, bytes }) =>
        makesVersions(strategy) &&
        nameOf(path).toLowerCase() === name.toLowerCase() &&
        md5(bytes) === entry.md5,
    )
    if (file.status === 'uploaded' && entry.md5 !== own && !namesake)
      add('wrong bytes', `${name} is claimed to be uploaded as ${entry.name}, which has other bytes`)
    if (file.status === 'existing' && strategy !== 'RETURN_DENTRY_IF_EXISTS' && strategy !== 'IF_CHANGED')
      add('untrue', `${name} is claimed to have been there`)
  }
  judgeSentTo(trial, claimed, isInDoubt, add)
  const { outputs } = runner
  const ids = claimed.map(({ dentryId }) => dentryId ?? '')
  const counted = (status: FileOutput['status']) =>
    String(reported.filter((file) => file.status === status).length)
  const expected = {
    'dentry-id': ids[0] ?? '',
    'dentry-ids': ids.join('\n'),
    url: claimed[0]?.url ?? '',
    'uploaded-count': counted('uploaded'),
    'existing-count': counted('existing'),
    'failed-count': counted('failed'),
  }
  for (const [name, value] of Object.entries(expected))
    if (outputs[name] !== value) add('untrue', `the output ${name} is ${outputs[name] ?? 'missing'}`)
  if (runner.summaries.length !== 1) add('untrue', `there are ${runner.summaries.length} summaries`)
}

/** To whom a file is claimed to be sent. Two files of one name may have come to one entry. */
function judgeSentTo(
  { recipients, messages }: Trial,
  claimed: readonly FileOutput[],
  isInDoubt: (name: string) => boolean,
  add: Add,
): void {
  for (const [id = '', files] of Map.groupBy(claimed, ({ dentryId }) => dentryId)) {
    for (const recipient of recipients) {
      const sent = messages.filter(({ to, dentryId }) => to === recipient.to && dentryId === id).length
      const certain = files.filter((file) => sentToOf(file).includes(recipient.id)).length
      const inDoubt = files.filter(
        (file) => !sentToOf(file).includes(recipient.id) && isInDoubt(nameOf(file.path)),
      ).length
      const name = files[0]?.name ?? ''
      if (sent < certain) add('untrue', `${name} is claimed to be sent to ${recipient.id}`)
      if (sent > certain + inDoubt)
        add('untrue', `${name} was sent to ${recipient.id}, and no error or warning says so`)
    }
  }
}

/**
 * After the same job has run once more: each file was sent, unless an error or a warning says otherwise. Where the second job
 * can recognize the file by its mark, it is there once and was sent once.
 */
function judgeAgain(trial: Trial, add: Add): void {
  const { again, recipients, runner, setting } = trial
  if (!again) return
  if (again.ok === undefined) add('crash', 'it did not end when it ran once more')
  const { appProperties = 'kept', updatedProperties = 'nothing', nameCase } = setting.options
  const isRecognized =
    ['kept', 'list', 'first-kept'].includes(appProperties) &&
    // What a record changes may not be seen.
    (updatedProperties === 'nothing' ||
      !(setting.refusal || setting.faults.some(({ operation }) => operation === 'dentry'))) &&
    // A new version of a file whose name differs in case is not looked for by that name.
    !(nameCase === 'ignored' && makesVersions(strategyOf(trial)) && setting.keepsDirectories !== true)
  const isReported = again.ok !== true || [...runner.warnings, ...again.runner.warnings].length > 0
  for (const { path, bytes } of setting.files) {
    for (const { id, to } of recipients) {
      const isOfFile = ({ dentryId = '' }: Message) => find(again.after, dentryId)?.md5 === md5(bytes)
      const sent = again.messages.filter((message) => message.to === to && isOfFile(message)).length
      if (sent > 1 && isRecognized) add('duplicate', `${path} was sent to ${id} ${sent} times`)
      if (sent === 0 && !isReported) add('not delivered', `${path} was never sent to ${id}`)
    }
    const entries = again.after.filter((entry) => entry.md5 === md5(bytes))
    const records = recordsOf(setting, again.requests).filter(({ path }) =>
      entries.some(({ id }) => path.includes(id)),
    )
    const versions = entries.reduce((sum, { version }) => sum + version, 0) - records.length
    if (versions > 1 && isRecognized) add('duplicate', `${path} was uploaded ${versions} times`)
  }
}

/** What a job says of its files. */
export function outputsOf(runner: RecordingRunner): FileOutput[] {
  return JSON.parse(runner.outputs['files'] ?? '[]') as FileOutput[]
}

/** Every secret, as it is or in another form, in anything that was said. And every one that the runner does not know. */
function leaks(trial: Trial): string[] {
  const { runner, values } = trial
  const said = [...runner.log, ...runner.errors, ...runner.warnings, ...runner.summaries]
  const all = [
    ...said,
    ...Object.values(runner.outputs),
    trial.thrown instanceof Error ? (trial.thrown.stack ?? '') : '',
  ].join('\n')
  const used = new Map([[values.appSecret, 'the app secret']])
  for (const { headers, path } of trial.requests) {
    const query = new URL(path, 'http://host').searchParams
    for (const secret of [headers['x-acs-dingtalk-access-token'], query.get('access_token')])
      if (secret) used.set(secret, 'an access token')
    for (const secret of [headers['authorization'], query.get('Signature')])
      if (secret) used.set(secret, 'a signature')
  }
  // Of an answer that could not be read, the secret was issued and never used.
  const issued = trial.secrets.filter((secret) => forms(secret).some((form) => all.includes(form)))
  const masked = new Set(runner.secrets)
  return [
    ...issued.map((secret) => `what was issued was said: ${secret.slice(0, 4)}…`),
    ...[...used].flatMap(([secret, what]) => {
      // Of `OSS <id>:<signature>` the signature is the secret.
      const core = secret.split(':').at(-1) ?? secret
      const leaked = forms(core).filter((form) => all.includes(form))
      return [
        ...leaked.map((form) => `${what} was said: ${form.slice(0, 4)}…`),
        ...(masked.has(secret) ? [] : [`${what} was used, and is not masked`]),
      ]
    }),
  ]
}

/** A secret as it stands in JSON, in a URL, in an HTML page, in base64 or in hex. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [
    ...new Set([
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      secret.replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`),
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('base64url'),
      bytes.toString('hex'),
    ]),
  ]
}

/** Entries that are new or changed. */
function madeBy({ before, after }: Trial): StoredFile[] {
  return after.filter(({ id, version }) => find(before, id)?.version !== version)
}

function find(files: readonly StoredFile[], id: string): StoredFile | undefined {
  return files.find((file) => file.id === id)
}

function isNameOf(name: string, from: string, renamed: boolean): boolean {
  if (name === from) return true
  return renamed && name.replace(/\(\d+\)(?=\.[^.]+$|$)/, '') === from
}

/** Whether a file of a name that is taken becomes a new version of it. */
function makesVersions(strategy: string): boolean {
  return strategy === 'OVERWRITE' || strategy === 'IF_CHANGED'
}

function strategyOf({ setting: { strategy = 'AUTO_RENAME' } }: Trial): string {
  return strategy
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex')
}
