import type { Dispatcher } from 'undici'
import type { Clock, Timer } from './clock.ts'
import { DingTalkError } from '../errors.ts'
import { OPERATIONS, type OperationName } from '../operations.ts'

/** The largest answer that is read, in bytes. The platform's own are a few KB; a hostile server's may not end. */
const MAX_ANSWER = 1024 * 1024

export interface HttpRequest {
  operation: OperationName
  method: 'GET' | 'POST' | 'PUT'
  url: URL
  headers: Readonly<Record<string, string>>
  body?: string | AsyncIterable<Uint8Array>
  signal?: AbortSignal | undefined
}

export interface HttpResponse {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  text: string
}

/**
 * One request and its answer. Speaks undici's own language rather than `fetch`, because that tells when the request
 * began to be sent: what failed before that certainly did not happen.
 */
export class RequestHandler implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest
  readonly #answer = Promise.withResolvers<HttpResponse>()
  readonly #started = Promise.withResolvers<undefined>()
  readonly #silence: Timer
  readonly #chunks: Buffer[] = []
  #size = 0
  #status = 0
  #headers: HttpResponse['headers'] = {}
  #sending: Dispatcher.DispatchController | undefined
  #failure: Error | undefined

  /** @param silence ms without an answer, or without a byte moving, after which it has failed */
  constructor(request: HttpRequest, clock: Clock, silence: number) {
    this.#request = request
    this.#silence = clock.timer(silence, () => {
      const what = this.#sending ? 'fell silent' : 'could not be connected to'
      this.#fail('Timeout', `${request.url.host} ${what} for ${silence / 1000} s`)
    })
  }

  /** Resolves when the request begins to be sent. */
  get started(): Promise<undefined> {
    return this.#started.promise
  }

  /** @throws as {@link Http.send} */
  async run(dispatcher: Dispatcher): Promise<HttpResponse> {
    const { url, method, headers, body, signal } = this.#request
    try {
      signal?.throwIfAborted()
      signal?.addEventListener('abort', this.#cancelled, { once: true })
      const sent = typeof body === 'object' ? this.#watched(body) : (body ?? null)
      dispatcher.dispatch(
        // undici takes any iterable for a body; its types do not say so
        { origin: url.origin, path: url.pathname + url.search, method, headers, body: sent as string | null },
        this,
      )
      return await this.#answer.promise
    } finally {
      this.#silence.stop()
      signal?.removeEventListener('abort', this.#cancelled)
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#failure) controller.abort(this.#failure)
    else this.#sending = controller
    this.#started.resolve(undefined)
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: HttpResponse['headers'],
  ): void {
    this.#status = status
    this.#headers = headers
    this.#silence.restart()
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#silence.restart()
    this.#size += chunk.length
    if (this.#size <= MAX_ANSWER) this.#chunks.push(chunk)
    else this.#fail('AnswerTooLarge', `${this.#request.url.host} answered more than 1 MiB`)
  }

  onResponseEnd(): void {
    const text = Buffer.concat(this.#chunks).toString('utf8')
    this.#answer.resolve({ status: this.#status, headers: this.#headers, text })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (error instanceof BodyError) this.#end(error.cause as Error)
    else
      this.#fail(
        'ConnectionFailed',
        `the connection to ${this.#request.url.host} failed: ${rootCause(error)}`,
        error,
      )
  }

  readonly #cancelled = () => {
    const reason = this.#request.signal?.reason as Error
    // Of what may be repeated nobody needs to know whether it happened.
    if (OPERATIONS[this.#request.operation].inDoubt === 'repeat') this.#end(reason)
    else this.#fail('Cancelled', reason.message, reason)
  }

  #fail(code: string, message: string, cause?: unknown): void {
    const { operation } = this.#request
    const mayHaveHappened = this.#sending !== undefined
    const kind = code === 'Cancelled' ? 'refused' : 'unavailable'
    this.#end(new DingTalkError({ operation, code, kind, mayHaveHappened, message, cause }))
  }

  /** Fails for good: what has begun to be sent is broken off, what has not never is. */
  #end(error: Error): void {
    if (this.#failure) return
    this.#failure = error
    this.#sending?.abort(error)
    this.#answer.reject(error)
  }

  async *#watched(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of body) {
        yield chunk
        this.#silence.restart() // asked for the next one: the connection has taken the last
      }
    } catch (error) {
      throw new BodyError('the body could not be read', { cause: error })
    }
  }
}

/** Wraps an error that reading the body met, to tell it apart from one of the connection. */
class BodyError extends Error {}

/** The innermost message: undici and Node wrap a refused connection in up to two more errors. */
function rootCause(error: Error & { code?: string }): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return rootCause(error.errors[0])
  if (error.cause instanceof Error) return rootCause(error.cause)
  return error.message || error.code || error.name
}
