import type { Environment } from '../http/environment.ts'
import type { Http, HttpRequest, HttpResponse } from '../http/http.ts'
import { HttpError } from '../http/request.ts'
import { withRetries } from '../http/retry.ts'
import { seconds, type Text } from '../http/text.ts'
import { DingTalkError } from './errors.ts'
import { OPERATIONS, type OperationName } from './operations.ts'

/** How a call is retried. */
export interface Retries {
  readonly environment: Environment
  /** Retries after the first attempt. */
  readonly retries: number
  /** Called before each wait. */
  readonly log: (line: Text) => void
  /** Ends the call and its waits. Default: the job's signal. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Retries a call as long as its errors allow it: see {@link DingTalkError.waitBeforeRetry}. After a ban or when the quota
 * is exhausted, it halts all calls, because further calls prolong a ban and can't succeed without quota.
 *
 * @param attempt makes the call once, with the environment of the call
 * @throws the last error. Errors of other operations (a token or upload info) are thrown at once, because they were
 *   retried already
 */
export async function repeatCall<T>(
  operation: OperationName,
  { environment: given, retries, log, signal = given.signal }: Retries,
  attempt: (environment: Environment) => Promise<T>,
): Promise<T> {
  const environment = { ...given, signal }
  const failureOf = (error: unknown) =>
    error instanceof DingTalkError && error.operation === operation ? error : undefined
  const onWait = (error: unknown, delay: number, next: number) => {
    const failure = failureOf(error)
    if (failure) log(retryLine(failure, delay, next, retries + 1))
  }
  const waitAfter = (error: unknown) => failureOf(error)?.waitBeforeRetry
  return withRetries({ retries, waitAfter, onWait }, environment, async () => {
    try {
      return await attempt(environment)
    } catch (error) {
      const failure = failureOf(error)
      if (failure?.kind === 'banned' || failure?.kind === 'quota-spent') environment.halting.abort(failure)
      throw error
    }
  })
}

/**
 * Sends the request of a call.
 *
 * @throws DingTalkError if no complete response arrived. `mayHaveHappened` is false if no byte was sent.
 * @throws the other errors of {@link Http.send}
 */
export async function sendCall(
  operation: OperationName,
  http: Http,
  request: HttpRequest,
): Promise<HttpResponse> {
  try {
    return await http.send(request)
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    const { code, sent, text, proxy } = error
    // It doesn't matter whether a call took effect if it can be repeated.
    if (code === 'Cancelled' && OPERATIONS[operation].inDoubt === 'repeat') throw error.cause
    throw new DingTalkError({
      operation,
      code,
      kind: code === 'Cancelled' ? 'refused' : 'unavailable',
      mayHaveHappened: sent,
      message: text,
      proxy,
      cause: error,
    })
  }
}

function retryLine({ operation, code, text }: DingTalkError, delay: number, next: number, of: number): Text {
  const { title } = OPERATIONS[operation]
  const wait = seconds(delay)
  return {
    en: `Could not ${title.en} (${code}: ${text.en}). Retrying in ${wait} s (attempt ${next} of ${of}).`,
    zh: `无法${title.zh}（${code}：${text.zh}）。${wait} 秒后重试（第 ${next} 次，共 ${of} 次）。`,
  }
}
