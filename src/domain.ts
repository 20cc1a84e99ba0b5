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
  /** Whether another upload made it, or may have made it; then it was left unchanged, and may have other bytes. */
  existing: boolean
  /** Whether it still has to be sent: not if it existed before the job. */
  isNew: boolean
  /** Whether an earlier attempt of this job has uploaded it, and may have sent it. */
  fromEarlierAttempt: boolean
  /** Whom an earlier job did not send it to, as far as its mark says; only of a file that was there before. */
  undelivered?: Undelivered | undefined
  /** MD5 of its bytes, lower-case hex; for an existing file, from its mark; undefined if unknown. */
  md5: string | undefined
  /** Preview link. */
  url: string
  /** Where the platform has stored it, such as `ZHANGJIAKOU`; only of a file that this job uploaded, and if the platform says. */
  region?: string | undefined
}

/** The input that a failure is about, and the value that was given. */
export interface About {
  readonly input: string
  readonly value: string
}

/** The steps of a job, in order. A failure belongs to the step in which it happened. */
export type Stage = 'inputs' | 'files' | 'upload' | 'send' | 'message' | 'retention'

/** Something that was asked for and did not happen. */
export interface Failure {
  readonly stage: Stage
  /** What followed from the error, in a sentence: "app.apk was not uploaded." */
  readonly consequence: Text
  /** The cause. */
  readonly error: unknown
  /** Where a call may be made for several inputs. */
  readonly about?: About | undefined
  /** Who did not get a file, or what a robot posts. */
  readonly to?: readonly SentTo[]
}

/** What follows for a job that ends before its first upload. */
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

/** What became of uploading a file. Durations are in ms, from the upload info to the commit. */
export type UploadOutcome = { readonly file: LocalFile } & (
  | { readonly kind: 'uploaded'; readonly uploaded: Uploaded; readonly duration: number }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly duration: number }
  /** Another file failed in a way in which this one would have failed too. */
  | { readonly kind: 'not-started' }
)

/** Who has a file: the open conversation ID of a group, or the user ID of a person. */
export interface SentTo {
  readonly kind: 'chat' | 'user'
  readonly id: string
  /** The ID as the user gave it: what people are shown. */
  readonly given: string
}

/** What became of a file: of uploading it, and of sending it. */
export interface FileResult {
  readonly file: LocalFile
  /** Undefined if it was not uploaded. Without a failure, it was not attempted. */
  readonly uploaded?: Uploaded | undefined
  readonly sentTo: readonly SentTo[]
  /** Whether this job uploaded it, or sent it to anyone: only then is there something to announce. */
  readonly isNews?: boolean
  readonly failures: readonly Failure[]
  /** What did not happen either, but does not fail the step. */
  readonly warnings?: readonly Failure[]
  /** From the upload info to the commit, in ms. */
  readonly duration: number
}

/** What people are shown of a file: the folders below the target folder, and its name in DingTalk, or the one that it is to have. */
export function shownName({ file, uploaded }: Pick<FileResult, 'file' | 'uploaded'>): string {
  return placeOf({ ...file, name: uploaded?.dentry.name ?? file.name })
}

/** How large (bytes) the file is in DingTalk, or is to be there; undefined for another upload's of unknown size. */
export function sizeOf({ file, uploaded }: FileResult): number | undefined {
  return uploaded?.dentry.size ?? (uploaded?.existing ? undefined : file.size)
}

/** Who has what a robot posts: of a custom robot, its own group. */
export interface PostedTo extends SentTo {
  /** What people are shown: "group cid…". */
  readonly name: Text
}

/** What became of the message and its pictures. */
export interface PostedMessage {
  /** For the notification: plain text, which may come from outside. Empty if there are only pictures. */
  readonly title: string
  /** How many pictures there are. */
  readonly pictures: number
  /** Who has all of it. */
  readonly to: readonly PostedTo[]
  /** What was not posted, or may not have been. */
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
  /** Whether it may also still be there. */
  readonly inDoubt?: boolean
}

/** What `keep-last` did. */
export interface Retained {
  readonly deleted: readonly DeletedFile[]
  /** What could not be deleted. That does not fail the step. */
  readonly warnings: readonly Failure[]
  /** What ended it early: the job was canceled. */
  readonly failures: readonly Failure[]
}

/** What a job did: assembled once, from what its steps returned, when it is over. */
export interface Report {
  /** In the order of the files. */
  readonly files: readonly FileResult[]
  /** Who the inputs say gets the files; undefined if that was not looked up. */
  readonly sendTo?: readonly SentTo[] | undefined
  /** Undefined if posting it was not attempted. */
  readonly message?: PostedMessage | undefined
  readonly deleted: readonly DeletedFile[]
  /** What did not happen either, but does not fail the step. */
  readonly warnings: readonly Failure[]
  /** The failures of no single file and no message, such as wrong inputs, or a recipient that was not found. */
  readonly failures: readonly Failure[]
  /** From the start to the last step, in ms. */
  readonly elapsed: number
}

/** Everything that was asked for and did not happen. */
export function failuresOf({
  files,
  message,
  failures,
}: Pick<Report, 'files' | 'message' | 'failures'>): Failure[] {
  return [...failures, ...files.flatMap((file) => file.failures), ...(message?.failures ?? [])]
}

/** Which job of which run of which workflow uploads a file: what the file's mark says of where it comes from. */
export interface Source {
  /**
   * 16 hex digits: the same for all runs that `keep-last` counts together, which are those of one workflow for one branch, for
   * any tag, or for any pull request.
   */
  readonly workflow: string
  /** Digits; a later run has a higher number. */
  readonly run: string
  /** 16 hex digits: the same for every attempt of one job. Absent where the jobs of a run can't be distinguished. */
  readonly job?: string | undefined
}

/** The job that runs the step. */
export interface Job {
  /** Undefined outside a workflow, and on act, where every run has the same ID. */
  readonly source: Source | undefined
  /** 1 for the first attempt of a run, higher when it is re-run. */
  readonly attempt: number
  /** Why `keep-last` can't know which runs to count with this one; undefined if it does. */
  readonly notCounted?: Text | undefined
}

/** The source as the mark has it. */
export function sourceText({ workflow, run, job }: Source): string {
  return [workflow, run, ...(job === undefined ? [] : [job])].join('.')
}

/** Reads the source of a mark. @returns undefined if it is none of ours */
export function parseSource(text: string | undefined): Source | undefined {
  const match = /^([0-9a-f]{16})\.(\d{1,20})(?:\.([0-9a-f]{16}))?$/.exec(text ?? '')
  if (!match) return undefined
  const [, workflow = '', run = '', job] = match
  return { workflow, run, ...(job === undefined ? {} : { job }) }
}

// What the inputs ask for.

/** Who uploads and sends the files. The union ID of a user ID still has to be looked up. */
export type Operator =
  | { readonly kind: 'user-id'; readonly userId: string }
  | { readonly kind: 'union-id'; readonly unionId: string }

/** Who posts the message: the app's own robot, or custom robots. */
export type Robot =
  | { readonly kind: 'app'; readonly code: string }
  | { readonly kind: 'webhooks'; readonly webhooks: readonly Webhook[] }

/** A picture to post: a file, or a link as a QR code. */
export type Image =
  | { readonly kind: 'file'; readonly path: string }
  /** With placeholders. It may contain a token. */
  | { readonly kind: 'qr'; readonly link: string }

/** A custom robot. */
export interface Webhook extends CustomRobot {
  /** Which of several it is, from 1. People are shown this, because the address is a secret. */
  readonly position?: number
}

/** Whom the message mentions. */
export interface Mention extends Mentions {
  /** Whether the author of the head commit is one of them. */
  readonly author: boolean
}

/** The user IDs of `members`, by login or email address, as {@link memberKey} spells them. */
export type Members = ReadonlyMap<string, string>

/** A login or an email address as it is compared. GitHub's noreply addresses contain the login. */
export function memberKey(loginOrEmail: string): string {
  const key = loginOrEmail.trim().toLowerCase()
  return /^(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com$/.exec(key)?.[1] ?? key
}

/**
 * What happens to a file whose name is taken. `IF_CHANGED`: if its content is the same, the existing file stays as it is;
 * otherwise it gets a new version. The platform does the others by itself.
 */
export type UploadStrategy = ConflictStrategy | 'IF_CHANGED'

/** What groups get: a copy of the file in their own space, or a link to it in its folder. People always get the file. */
export type SendAs = 'file' | 'link'

/** The status of the job, as in `job.status`, or the result of another job. */
export type Status = 'success' | 'failure' | 'cancelled' | 'skipped'
