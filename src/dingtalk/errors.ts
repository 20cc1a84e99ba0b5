import { clipped, joined, type Text, verbatim } from '../http/text.ts'
import { canonicalCode } from './codes.ts'
import { type OperationName, OPERATIONS } from './operations.ts'

/**
 * What an error means for the next step. Callers branch on this, not on the platform's messages.
 *
 * - `refused`: the platform rejected the call, and will reject it again
 * - `access-token`: the token is unknown or has expired
 * - `signature-expired`: OSS considers the signature too old
 * - `throttled`: too many calls for now
 * - `unavailable`: broken, busy, or unreachable for now
 * - `quota-spent`: the organization's quota of calls for this month is exhausted
 * - `banned`: this machine's address is banned for some minutes, and each further call prolongs the ban
 */
export type ErrorKind =
  'refused' | 'access-token' | 'signature-expired' | 'throttled' | 'unavailable' | 'quota-spent' | 'banned'

/**
 * What to do about an error: retry with backoff (`repeat`), after the period in which the platform counts calls
 * (`wait-out`), or at once with a new token or upload info; find out whether the call took effect (`look-up`); report that
 * it may have taken effect (`report`); or report the problem (`stop`).
 */
export type Remedy = 'repeat' | 'wait-out' | 'new-token' | 'new-upload-info' | 'look-up' | 'report' | 'stop'

/** The policy for errors that are not in doubt. docs/reliability.md is generated from it. */
const REMEDIES: Readonly<Record<ErrorKind, Remedy>> = {
  refused: 'stop',
  'access-token': 'new-token',
  'signature-expired': 'new-upload-info',
  throttled: 'wait-out',
  unavailable: 'repeat',
  'quota-spent': 'stop',
  banned: 'stop',
}

/** Rejections that don't mean that the call itself is unavailable: permissions, input, quota, a taken name, or a proxy's page. */
const OTHER_REFUSALS =
  /^(paramError|dentry(?!UploadProtocolNotSupport)|permissionDenied|spaceNotExist|\w+QuotaInsufficient|operationConcurrentControl|Forbidden\.AccessDenied|Invalid|Missing|uploadKey|HTTP\d)/i
/** Rejections of one folder, or of the right to write to it. */
const FOLDER_REFUSALS = /^(permissionDenied|dentryNotExist|paramError\.(parentDentryUuid|parentId))$/
/** Rejections of every call of the app in this space. */
const APP_REFUSALS = /^(Forbidden\.AccessDenied.*|(space|document)NotExist|paramError\.(spaceId|unionId))$/
/** Without a missing scope, this code means that the call is closed to the app. */
const CLOSED = 'Forbidden.AccessDenied'

/** The maximum length of a message, in characters. A response can have 1 MiB. */
const MAX_MESSAGE = 1000

/** The message with which v2 rejects an impossible uuid, with HTTP 500. */
export const UUID_REFUSAL = /^\s*Index: \d+\s*$/

export interface DingTalkErrorOptions {
  operation: OperationName
  /** The platform's code, or ours if there was no response: `ConnectionFailed`, `Timeout`, `UnreadableAnswer` … */
  code: string
  kind: ErrorKind
  /** False only if the call certainly had no effect. */
  mayHaveHappened: boolean
  /** The platform's message, unchanged, or a text of ours. */
  message: string | Text
  /** HTTP status, if there was a response. */
  status?: number | undefined
  requestId?: string | undefined
  /** How long the platform asks to wait, in ms. */
  retryAfter?: number | undefined
  /** The permission scopes that the platform says are missing. */
  requiredScopes?: readonly string[] | undefined
  /** The environment variable of the proxy that the request was sent through, if there was no response. */
  proxy?: string | undefined
  cause?: unknown
}

/** Whether a failed call may have taken effect, so that repeating it might do it twice. */
export function isInDoubt(error: unknown): boolean {
  return error instanceof DingTalkError && error.isInDoubt
}

/** Any error between this machine and DingTalk or its OSS. */
export class DingTalkError extends Error {
  override readonly name = 'DingTalkError'
  readonly operation: OperationName
  /** What happened: a text of ours, or the platform's message, the same in both languages. */
  readonly text: Text
  /** Whether the text is the platform's or a proxy's. */
  readonly isQuoted: boolean
  /** As the platform spells it, for people. */
  readonly code: string
  /** As the documentation spells it, for comparisons. */
  readonly canonicalCode: string
  readonly kind: ErrorKind
  readonly mayHaveHappened: boolean
  readonly status: number | undefined
  readonly requestId: string | undefined
  readonly retryAfter: number | undefined
  readonly requiredScopes: readonly string[]
  readonly proxy: string | undefined
  readonly #options: DingTalkErrorOptions

  constructor(options: DingTalkErrorOptions) {
    const { en, zh } = typeof options.message === 'string' ? verbatim(options.message) : options.message
    const text = { en: clipped(en, MAX_MESSAGE), zh: clipped(zh, MAX_MESSAGE) }
    super(text.en, { cause: options.cause })
    this.#options = options
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

  /** Whether the call may have taken effect, and repeating it might do it twice. */
  get isInDoubt(): boolean {
    return this.mayHaveHappened && OPERATIONS[this.operation].inDoubt !== 'repeat'
  }

  /** What the caller does next. */
  get remedy(): Remedy {
    if (!this.isInDoubt) return REMEDIES[this.kind]
    const { inDoubt } = OPERATIONS[this.operation]
    return inDoubt === 'repeat-with-key' ? 'repeat' : inDoubt
  }

  /** The minimum time to wait before a retry, in ms. Undefined if the call must not be retried, or not unchanged. */
  get waitBeforeRetry(): number | undefined {
    if (this.remedy === 'repeat') return this.retryAfter ?? 0
    if (this.remedy !== 'wait-out') return undefined
    // The platform counts calls by the second or, for Qpm, by the minute. Its Retry-After may be 0.
    return Math.max(this.retryAfter || (this.code.includes('Qpm') ? 15_000 : 0), 1000)
  }

  /** Whether the platform rejected the call itself, not its parameters or permissions, so that another API may work. */
  get isApiClosed(): boolean {
    if (this.kind !== 'refused' || this.isInDoubt || this.code === 'Cancelled') return false
    if (this.status === undefined || this.status < 400 || this.status >= 500) return false
    if (this.code === CLOSED) return this.requiredScopes.length === 0
    return !OTHER_REFUSALS.test(this.canonicalCode)
  }

  /** Whether the platform says that the app lacks a permission. */
  get isPermissionMissing(): boolean {
    return (
      this.requiredScopes.length > 0 ||
      this.code.endsWith('AccessTokenPermissionDenied') ||
      this.code === '60011'
    )
  }

  /** The same error with another sentence. A quoted message stays in the cause. */
  withSentence(sentence: Text): DingTalkError {
    const message = this.isQuoted ? sentence : joined(this.text, sentence)
    return new DingTalkError({ ...this.#options, message, cause: this })
  }

  /** The same doubt, with what was tried to resolve it (a sentence without a period) and why that failed. */
  unresolved(tried: Text, error: unknown): DingTalkError {
    const why = (error as { readonly text?: Text }).text ?? verbatim(String(error))
    const code =
      error instanceof DingTalkError ? { en: `${error.code}: `, zh: `${error.code}：` } : verbatim('')
    return this.withSentence({
      en: `${tried.en} (${code.en}${why.en}).`,
      zh: `${tried.zh}（${code.zh}${why.zh}）。`,
    })
  }

  /** Whether the platform rejected the folder, so that files of other folders may still succeed. */
  get concernsFolder(): boolean {
    return this.kind === 'refused' && FOLDER_REFUSALS.test(this.canonicalCode)
  }

  /** Whether every other file of the folder would fail in the same way. */
  get concernsEveryFile(): boolean {
    if (this.kind === 'quota-spent' || this.kind === 'banned' || this.kind === 'access-token') return true
    if (this.operation === 'accessToken') return true
    // The storage is unreachable, even after all retries for this file.
    if (this.operation === 'put' && this.code === 'ConnectionFailed' && !this.mayHaveHappened) return true
    return this.concernsFolder || (this.kind === 'refused' && APP_REFUSALS.test(this.canonicalCode))
  }
}
