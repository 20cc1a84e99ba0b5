import { clipped, joined, type Text, verbatim } from '../http/text.ts'
import { canonicalCode } from './codes.ts'
import { type OperationName, OPERATIONS } from './operations.ts'

/**
 * What an error means for the next step. Callers branch on this, never on the platform's messages.
 *
 * - `refused`: the platform refused the call; a second one would be refused too
 * - `access-token`: the token is unknown or has expired; get a new one
 * - `signature-expired`: OSS considers the signature too old; get new upload info
 * - `throttled`: too many calls; wait at least a second
 * - `unavailable`: broken, busy, or unreachable for now
 * - `quota-spent`: the organisation's calls for this month are used up
 * - `banned`: this machine's address is banned for some minutes; each further call prolongs the ban
 */
export type ErrorKind =
  'refused' | 'access-token' | 'signature-expired' | 'throttled' | 'unavailable' | 'quota-spent' | 'banned'

/**
 * What to do about an error.
 *
 * - `repeat`: try again, with backoff
 * - `wait-out`: try again after at least the second (or minute) in which the platform counts calls
 * - `new-token`, `new-upload-info`: try again once, at once, with a new one
 * - `look-up`: find out first whether the call had its effect
 * - `report`: report that it may have had its effect; do not risk a second one
 * - `stop`: report what is wrong
 */
export type Remedy = 'repeat' | 'wait-out' | 'new-token' | 'new-upload-info' | 'look-up' | 'report' | 'stop'

/** The policy for errors that are not in doubt; docs/reliability.md is tested against it. */
const REMEDIES: Readonly<Record<ErrorKind, Remedy>> = {
  refused: 'stop',
  'access-token': 'new-token',
  'signature-expired': 'new-upload-info',
  throttled: 'wait-out',
  unavailable: 'repeat',
  'quota-spent': 'stop',
  banned: 'stop',
}

/** Codes of refusals that say nothing about the call itself: permissions, input, quota, a name that is taken, no such API, a proxy's page. */
const OTHER_REFUSALS =
  /^(paramError|dentry(?!UploadProtocolNotSupport)|permissionDenied|spaceNotExist|\w+QuotaInsufficient|operationConcurrentControl|Forbidden\.AccessDenied|Invalid|Missing|uploadKey|HTTP\d)/i
/** Codes of refusals of one folder, and of the right to write to it. */
const FOLDER_REFUSALS = /^(permissionDenied|dentryNotExist|paramError\.(parentDentryUuid|parentId))$/
/** Codes of refusals of whatever the app asks for in the space. */
const APP_REFUSALS = /^(Forbidden\.AccessDenied.*|(space|document)NotExist|paramError\.(spaceId|unionId))$/
/** What the platform says of a call that is closed to the app, if it names no scope that is missing. */
const CLOSED = 'Forbidden.AccessDenied'

/** The longest message that is shown, in characters: a response may hold 1 MiB. */
const MAX_MESSAGE = 1000

/** The message with which the v2 API refuses, with HTTP 500, a folder's uuid that cannot be one. */
export const UUID_REFUSAL = /^\s*Index: \d+\s*$/

export interface DingTalkErrorOptions {
  operation: OperationName
  /** The platform's code, or ours if no response came: `ConnectionFailed`, `Timeout`, `UnreadableAnswer` … */
  code: string
  kind: ErrorKind
  /** False only if the call certainly had no effect. */
  mayHaveHappened: boolean
  /** The platform's own message, as it sent it, or a sentence of ours. */
  message: string | Text
  /** HTTP status, if there was a response. */
  status?: number | undefined
  requestId?: string | undefined
  /** How long the platform asks to wait, in milliseconds. */
  retryAfter?: number | undefined
  /** The permission scopes that the platform says are missing. */
  requiredScopes?: readonly string[] | undefined
  /** The environment variable of the proxy that the request was sent through, if no response came. */
  proxy?: string | undefined
  cause?: unknown
}

/** The time in which the platform counts calls, in ms; for minutes, part of it. */
function window(code: string): number {
  return /Qpm|^130101$/.test(code) ? 15_000 : 1000
}

/** Whether something may have happened although it failed, so that doing it again might do it twice. */
export function isInDoubt(error: unknown): boolean {
  return error instanceof DingTalkError && error.isInDoubt
}

/** The client's only error type: everything that goes wrong between this machine and DingTalk or its OSS. */
export class DingTalkError extends Error {
  override readonly name = 'DingTalkError'
  readonly operation: OperationName
  /** What happened: a sentence of ours in both languages, or the platform's own words, the same in both. */
  readonly text: Text
  /** Whether the text is the words of others: the platform's, or those of what answered in its place. */
  readonly isQuoted: boolean
  /** As the platform spells it: what people are shown. */
  readonly code: string
  /** As the pages spell it: what is compared. */
  readonly canonicalCode: string
  readonly kind: ErrorKind
  readonly mayHaveHappened: boolean
  readonly status: number | undefined
  readonly requestId: string | undefined
  readonly retryAfter: number | undefined
  readonly requiredScopes: readonly string[]
  readonly proxy: string | undefined

  constructor(options: DingTalkErrorOptions) {
    const { en, zh } = typeof options.message === 'string' ? verbatim(options.message) : options.message
    const text = { en: clipped(en, MAX_MESSAGE), zh: clipped(zh, MAX_MESSAGE) }
    super(text.en, { cause: options.cause })
    this.text = text
    this.isQuoted = text.en === text.zh
    this.operation = options.operation
    this.code = options.code
    this.canonicalCode = canonicalCode(options.code)
    this.kind = options.kind
    this.mayHaveHappened = options.mayHaveHappened
    this.status = options.status
    this.requestId = options.requestId
    this.retryAfter = options.retryAfter
    this.requiredScopes = options.requiredScopes ?? []
    this.proxy = options.proxy
  }

  /** Whether the call may have had its effect, and that matters. */
  get isInDoubt(): boolean {
    return this.mayHaveHappened && OPERATIONS[this.operation].inDoubt !== 'repeat'
  }

  /** How long to wait at least (ms) before the same call is made again; undefined: it is not, or not in this way. */
  get waitBeforeRetry(): number | undefined {
    if (this.remedy === 'repeat') return this.retryAfter ?? 0
    // A server that says 0 has not lifted the documented limit.
    if (this.remedy === 'wait-out') return Math.max(this.retryAfter || window(this.code), 1000)
    return undefined
  }

  /** What the caller does next. */
  get remedy(): Remedy {
    if (!this.isInDoubt) return REMEDIES[this.kind]
    const { inDoubt } = OPERATIONS[this.operation]
    return inDoubt === 'repeat-with-key' ? 'repeat' : inDoubt
  }

  /**
   * Whether the platform refused the call itself, and not what was asked, who asked, or how much: another API may
   * still do the same. A network failure or a cancellation says nothing about the call, nor does an answer that leaves doubt.
   */
  get isApiClosed(): boolean {
    if (this.kind !== 'refused' || this.isInDoubt || this.code === 'Cancelled') return false
    if (this.status === undefined || this.status < 400 || this.status >= 500) return false
    if (this.code === CLOSED) return this.requiredScopes.length === 0
    return !OTHER_REFUSALS.test(this.canonicalCode)
  }

  /** The same error with one more sentence of ours. The words of others stay apart from it, in the cause. */
  withSentence(sentence: Text): DingTalkError {
    const { operation, code, kind, mayHaveHappened, status, requestId, retryAfter, requiredScopes, proxy } =
      this
    return new DingTalkError({
      operation,
      code,
      kind,
      mayHaveHappened,
      message: this.isQuoted ? sentence : joined(this.text, sentence),
      status,
      requestId,
      retryAfter,
      requiredScopes,
      proxy,
      cause: this,
    })
  }

  /** Whether the platform says that the app lacks a permission. */
  get isPermissionMissing(): boolean {
    return (
      this.requiredScopes.length > 0 ||
      this.code.endsWith('AccessTokenPermissionDenied') ||
      this.code === '60011'
    )
  }

  /** The same doubt, with what was tried to resolve it, as a sentence without its end, and why that failed. */
  unresolved(tried: Text, error: unknown): DingTalkError {
    const why =
      error instanceof DingTalkError
        ? { en: `${error.code}: ${error.text.en}`, zh: `${error.code}：${error.text.zh}` }
        : verbatim(String(error))
    return this.withSentence({ en: `${tried.en} (${why.en}).`, zh: `${tried.zh}（${why.zh}）。` })
  }

  /** Whether the platform refused the folder: nothing follows from that for files of other folders. */
  get concernsFolder(): boolean {
    return this.kind === 'refused' && FOLDER_REFUSALS.test(this.canonicalCode)
  }

  /** Whether every other file of the folder would fail the same way: credentials, permissions, the quota of calls, a ban, no storage. */
  get concernsEveryFile(): boolean {
    if (this.kind === 'quota-spent' || this.kind === 'banned' || this.kind === 'access-token') return true
    if (this.operation === 'accessToken') return true
    // After all tries for one file: the other files do not have to find out again that it is unreachable.
    if (this.operation === 'put' && this.code === 'ConnectionFailed' && !this.mayHaveHappened) return true
    return this.concernsFolder || (this.kind === 'refused' && APP_REFUSALS.test(this.canonicalCode))
  }
}
