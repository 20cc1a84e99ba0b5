import type { Environment } from '../http/environment.ts'
import type { Http, HttpRequest, HttpResponse } from '../http/http.ts'
import { HttpError } from '../http/request.ts'
import { withRetries } from '../http/retry.ts'
import { seconds, type Text } from '../http/text.ts'
import { DingTalkError } from './errors.ts'
import { OPERATIONS, type OperationName } from './operations.ts'

/** What repeating a call needs. */
export interface Retries {
  readonly environment: Environment
  /** Attempts after the first. */
  readonly retries: number
  /** Called before each wait. */
  readonly log: (line: Text) => void
}

/**
 * Makes a call, and again as long as its errors allow it: see {@link DingTalkError.waitBeforeRetry}. A ban grows longer
 * with each call, and a spent quota stays spent: after either, everything halts.
 *
 * @throws the last error. Errors of other operations are thrown at once: what an attempt needs (a token, new upload info)
 *   has had attempts of its own
 */
export async function repeatCall<T>(
  operation: OperationName,
  { environment, retries, log }: Retries,
  attempt: () => Promise<T>,
): Promise<T> {
  const ofThisCall = (error: unknown) =>
    error instanceof DingTalkError && error.operation === operation ? error : undefined
  const waitAfter = (error: unknown) => ofThisCall(error)?.waitBeforeRetry
  const onWait = (error: unknown, delay: number, next: number) => {
    const failure = ofThisCall(error)
    if (failure) log(retryLine(failure, delay, next, retries + 1))
  }
  return withRetries({ retries, waitAfter, onWait }, environment, async () => {
    try {
      return await attempt()
    } catch (error) {
      const failure = ofThisCall(error)
      if (failure?.kind === 'banned' || failure?.kind === 'quota-spent') environment.halting.abort(failure)
      throw error
    }
  })
}

/**
 * Sends the request of a call.
 *
 * @throws DingTalkError if no complete response arrived; `mayHaveHappened` is false if not a byte was sent
 * @throws the request's own errors: see {@link Http.send}
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
    // A call that can be repeated needs no certainty.
    if (error.code === 'Cancelled' && OPERATIONS[operation].inDoubt === 'repeat') throw error.cause
    const { code, sent, text, proxy } = error
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
