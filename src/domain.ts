import type { ConflictStrategy } from './dingtalk/drive.ts'
import type { Undelivered } from './dingtalk/mark.ts'
import type { OperationName } from './dingtalk/operations.ts'
import type { CustomRobot, Mentions } from './dingtalk/robots.ts'
import type { Dentry } from './dingtalk/schema.ts'
import { type LocalFile, placeOf } from './files/local-file.ts'
import type { Text } from './http/text.ts'

/** A file that is in DingTalk. */
export interface Uploaded {
  dentry: Dentry
  /** Whether another upload created it, or may have. Its content may then differ from the local file's. */
  existing: boolean
  /** Whether it has to be sent: not if it existed before the job. */
  isNew: boolean
  /** Whether an earlier attempt of this job uploaded it, and may have sent it. */
  fromEarlierAttempt: boolean
  /** Who did not get an existing file from an earlier job, by its mark. */
  undelivered?: Undelivered | undefined
  /** MD5 of the content, lower-case hex; for an existing file, from its mark; undefined if unknown. */
  md5: string | undefined
  /** Preview link. */
  url: string
  /** Where the platform stores it, such as `ZHANGJIAKOU`, if it says so and this job uploaded the file. */
  region?: string | undefined
}

/** The input that a failure is about, and its value. */
export interface About {
  readonly input: string
  readonly value: string
}

/** The steps of a job, in order. */
export type Stage = 'inputs' | 'files' | 'upload' | 'send' | 'message' | 'retention'

/** Something that was requested and did not happen. */
export interface Failure {
  readonly stage: Stage
  /** A sentence: "app.apk was not uploaded." */
  readonly consequence: Text
  /** The cause. */
  readonly error: unknown
  /** For calls that several inputs can lead to. */
  readonly about?: About | undefined
  /** Who did not get a file or a post. */
  readonly to?: readonly SentTo[]
}

/** The consequence of an error before the first upload. */
export const NOTHING_UPLOADED: Text = { en: 'Nothing was uploaded.', zh: '未上传任何文件。' }

/** The calls that the steps of a job make: all but the one that only `mode: check` makes. */
export type StepOperation = Exclude<OperationName, 'probe'>

/**
 * What a call means to a step with the given inputs. Each step lists its calls, and `mode: check` tries them out:
 *
 * - `required`: the step fails without it
 * - `if-closed`: required if another call is closed to the app
 * - `optional`: the step works without it, but worse
 */
export type StepCall = { readonly operation: StepOperation } & (
  | { readonly kind: 'required' }
  | { readonly kind: 'if-closed'; readonly other: StepOperation }
  /** `loss`: what the app can't do without the permission, in a sentence: "without it, …" */
  | { readonly kind: 'optional'; readonly loss: Text }
)

export function requiredIf(isUsed: boolean, operation: StepOperation): StepCall[] {
  return isUsed ? [{ operation, kind: 'required' }] : []
}

/** A recipient: the open conversation ID of a group, or the user ID of a person. */
export interface SentTo {
  readonly kind: 'chat' | 'user'
  readonly id: string
  /** The ID in the input, which people are shown. */
  readonly given: string
}

/** The result of uploading a file, and of sending it. */
export interface FileResult {
  readonly file: LocalFile
  /** Undefined if it was not uploaded. Without a failure, that was not attempted. */
  readonly uploaded?: Uploaded | undefined
  readonly sentTo: readonly SentTo[]
  /** Whether this job uploaded it or sent it to anyone, so that a message can announce it. */
  readonly isNews?: boolean
  readonly failures: readonly Failure[]
  /** Failures that don't fail the job. */
  readonly warnings?: readonly Failure[]
  /** Of the upload, in ms. */
  readonly duration: number
}

/** What people are shown: the file's folders below the target folder, and its name in DingTalk. */
export function shownName({ file, uploaded }: Pick<FileResult, 'file' | 'uploaded'>): string {
  return placeOf({ ...file, name: uploaded?.dentry.name ?? file.name })
}

/** The size in DingTalk, in bytes; undefined for an existing file of unknown size. */
export function sizeOf({ file, uploaded }: FileResult): number | undefined {
  return uploaded?.dentry.size ?? (uploaded?.existing ? undefined : file.size)
}

/** A recipient of a robot's posts. A custom robot posts to its own group. */
export interface PostedTo extends SentTo {
  /** What people are shown: "group cid…". */
  readonly name: Text
}

/** The result of posting the message and its pictures. */
export interface PostedMessage {
  /** Plain text, which may come from outside. Empty if there are only pictures. */
  readonly title: string
  /** How many pictures there are. */
  readonly pictures: number
  /** Who got all of it. */
  readonly to: readonly PostedTo[]
  readonly failures: readonly Failure[]
}

/** A file of an earlier run that was deleted. */
export interface DeletedFile {
  readonly id: string
  readonly name: string
  /** bytes */
  readonly size: number | undefined
  /** The run that uploaded it: the number in the run's address. */
  readonly run: string
  /** Whether it may still exist. */
  readonly inDoubt?: boolean
}

/** What a job did. */
export interface Report {
  /** In the order of the files. */
  readonly files: readonly FileResult[]
  /** Who gets the files by the inputs; undefined if that was not looked up. */
  readonly sendTo?: readonly SentTo[] | undefined
  /** Undefined if nothing was to be posted. */
  readonly message?: PostedMessage | undefined
  readonly deleted: readonly DeletedFile[]
  /** Failures that don't fail the job. */
  readonly warnings: readonly Failure[]
  /** The failures that don't belong to a file or the message. */
  readonly failures: readonly Failure[]
  /** In ms. */
  readonly elapsed: number
}

/** What `keep-last` did. */
export type Retained = Pick<Report, 'deleted' | 'warnings' | 'failures'>

/** All failures, including those of files and the message. */
export function failuresOf({ files, message, failures }: Omit<Report, 'elapsed'>): Failure[] {
  return [...failures, ...files.flatMap((file) => file.failures), ...(message?.failures ?? [])]
}

/** Where a file comes from, by its mark. */
export interface Source {
  /** 16 hex digits, the same for all runs that `keep-last` counts together. */
  readonly workflow: string
  /** Digits; a later run has a higher number. */
  readonly run: string
  /** 16 hex digits, the same for all attempts of a job. Absent if the jobs of a run can't be distinguished. */
  readonly job?: string | undefined
}

/** The job that runs the step. */
export interface Job {
  /** Undefined outside a workflow, and on act, where all runs have the same ID. */
  readonly source: Source | undefined
  /** From 1; higher when the run is re-run. */
  readonly attempt: number
  /** Why `keep-last` doesn't know which runs belong together. */
  readonly notCounted?: Text | undefined
}

/** The source as it is written in a mark. */
export function sourceText({ workflow, run, job }: Source): string {
  return [workflow, run, ...(job === undefined ? [] : [job])].join('.')
}

/** Reads the source in a mark. @returns undefined if this action didn't write it */
export function parseSource(text: string | undefined): Source | undefined {
  const match = /^([0-9a-f]{16})\.(\d{1,20})(?:\.([0-9a-f]{16}))?$/.exec(text ?? '')
  if (!match) return undefined
  const [, workflow = '', run = '', job] = match
  return { workflow, run, ...(job === undefined ? {} : { job }) }
}

/** Who uploads and sends the files. */
export type Operator =
  | { readonly kind: 'user-id'; readonly userId: string }
  | { readonly kind: 'union-id'; readonly unionId: string }

/** Who posts the message: the app's robot, or custom robots. */
export type Robot =
  | { readonly kind: 'app'; readonly code: string }
  | { readonly kind: 'webhooks'; readonly webhooks: readonly Webhook[] }

/** A picture to post: a file, or a link as a QR code. */
export type Image =
  | { readonly kind: 'file'; readonly path: string }
  /** With placeholders. It may contain a token. */
  | { readonly kind: 'qr'; readonly link: string }

export interface Webhook extends CustomRobot {
  /** Its number among several, from 1. People are shown this, because the address is a secret. */
  readonly position?: number
}

/** Whom the message mentions. */
export interface Mention extends Mentions {
  /** Whether to mention the author of the head commit, too. */
  readonly author: boolean
}

/** The user IDs in `members`, by {@link memberKey}. */
export type Members = ReadonlyMap<string, string>

/** Normalizes a login or an email address. GitHub's noreply addresses contain the login. */
export function memberKey(loginOrEmail: string): string {
  const key = loginOrEmail.trim().toLowerCase()
  return /^(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com$/.exec(key)?.[1] ?? key
}

/** What happens if a name is taken. `IF_CHANGED`: a file with other content gets a new version; the same content is kept. */
export type UploadStrategy = ConflictStrategy | 'IF_CHANGED'

/** What groups get: a copy of the file, or a link to it. People always get the file. */
export type SendAs = 'file' | 'link'

/** The status of a job, as in `job.status`. */
export type Status = 'success' | 'failure' | 'cancelled' | 'skipped'
