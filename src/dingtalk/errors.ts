import { OPERATIONS, type OperationName } from './operations.ts'

/**
 * What a failure means for the next step. Callers branch on this, never on the platform's messages.
 *
 * - `refused`: a considered no; asking again changes nothing
 * - `access-token`: the token is unknown or has expired; a new one cures it
 * - `signature-expired`: OSS takes the date of the signature for too old; new upload info cures it
 * - `throttled`: too many calls; waiting a second or more cures it
 * - `unavailable`: broken, busy or out of reach for now
 * - `quota-spent`: the organisation's calls for this month are used up
 * - `banned`: this machine's address is shut out for some minutes; every further call prolongs it
 */
export type ErrorKind =
  'refused' | 'access-token' | 'signature-expired' | 'throttled' | 'unavailable' | 'quota-spent' | 'banned'

/**
 * What is done about a failure.
 *
 * - `repeat`: again, backing off
 * - `wait-out`: again, after at least the second (or minute) in which the platform counts calls
 * - `new-token`, `new-upload-info`: again at once, once, with a new one
 * - `look-up`: look whether it happened before anything else
 * - `report`: say that nobody knows whether it happened; do not risk doing it twice
 * - `stop`: say what is wrong
 */
export type Remedy = 'repeat' | 'wait-out' | 'new-token' | 'new-upload-info' | 'look-up' | 'report' | 'stop'

/** The policy (docs/reliability.md is tested against it), but for what is in doubt: there the operation decides. */
const REMEDIES: Readonly<Record<ErrorKind, Remedy>> = {
  refused: 'stop',
  'access-token': 'new-token',
  'signature-expired': 'new-upload-info',
  throttled: 'wait-out',
  unavailable: 'repeat',
  'quota-spent': 'stop',
  banned: 'stop',
}

/** Codes of refusals that concern the caller: permissions, input, quota, a name that is taken. */
const CALLER_REFUSALS =
  /^(paramError|dentry(?!UploadProtocolNotSupport)|permissionDenied|spaceNotExist|\w+QuotaInsufficient|operationConcurrentControl|Forbidden\.AccessDenied|Missing|uploadKey)/

/** The longest message that is told, in characters: an answer may have 1 MiB of words. */
const MAX_MESSAGE = 1000

function clipped(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message
}

export interface DingTalkErrorOptions {
  operation: OperationName
  /** The platform's code, or ours where no answer came: `ConnectionFailed`, `Timeout`, `UnreadableAnswer` … */
  code: string
  kind: ErrorKind
  /** False only if the call certainly had no effect. */
  mayHaveHappened: boolean
  /** The platform's own words, or ours where it said nothing. */
  message: string
  /** HTTP status, if there was an answer. */
  status?: number | undefined
  requestId?: string | undefined
  /** How long the platform asks to wait, in milliseconds. */
  retryAfter?: number | undefined
  /** The permission scopes that the platform says are missing. */
  requiredScopes?: readonly string[] | undefined
  cause?: unknown
}

/** The one error type of the client: everything that goes wrong between this machine and DingTalk or its OSS. */
export class DingTalkError extends Error {
  override readonly name = 'DingTalkError'
  readonly operation: OperationName
  readonly code: string
  readonly kind: ErrorKind
  readonly mayHaveHappened: boolean
  readonly status: number | undefined
  readonly requestId: string | undefined
  readonly retryAfter: number | undefined
  readonly requiredScopes: readonly string[]

  constructor(failure: DingTalkErrorOptions) {
    super(clipped(failure.message), { cause: failure.cause })
    this.operation = failure.operation
    this.code = failure.code
    this.kind = failure.kind
    this.mayHaveHappened = failure.mayHaveHappened
    this.status = failure.status
    this.requestId = failure.requestId
    this.retryAfter = failure.retryAfter
    this.requiredScopes = failure.requiredScopes ?? []
  }

  /** Whether the call may have had its effect, and a second one would have it again. */
  get isInDoubt(): boolean {
    return this.mayHaveHappened && OPERATIONS[this.operation].inDoubt !== 'repeat'
  }

  /** What the caller does next. */
  get remedy(): Remedy {
    return this.isInDoubt ? OPERATIONS[this.operation].inDoubt : REMEDIES[this.kind]
  }

  /**
   * Whether the platform refused the call itself, and not what was asked, who asked, or how much: another API may
   * still do the same. A network failure says nothing about the call.
   */
  get isApiClosed(): boolean {
    return this.kind === 'refused' && !CALLER_REFUSALS.test(this.code)
  }

  /** The same failure, told in other words. */
  because(message: string): DingTalkError {
    const { operation, code, kind, mayHaveHappened, status, requestId, retryAfter, requiredScopes } = this
    return new DingTalkError({
      operation,
      code,
      kind,
      mayHaveHappened,
      message,
      status,
      requestId,
      retryAfter,
      requiredScopes,
      cause: this,
    })
  }

  /** Whether the next file would meet the same: credentials, permissions, the quota of calls, a ban. */
  get concernsEveryFile(): boolean {
    if (this.kind === 'quota-spent' || this.kind === 'banned' || this.kind === 'access-token') return true
    if (this.operation === 'accessToken') return true
    return (
      this.kind === 'refused' &&
      /^(Forbidden\.AccessDenied|permissionDenied$|spaceNotExist$|paramError\.(spaceId|parentDentryUuid|parentId)$)/.test(
        this.code,
      )
    )
  }
}
