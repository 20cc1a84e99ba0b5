import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Environment, Timer } from './environment.ts'
import type { Proxy } from './proxies.ts'
import { joined, type Text } from './text.ts'

const MIB = 1024 ** 2

/** The default limit of a response that is kept in memory, in bytes. API responses have a few KB. */
const MAX_RESPONSE = MIB

/**
 * A program can't see what the peer has received, only what the operating system has accepted, which buffers up to 4 MiB
 * on Linux. The idle timeout is therefore extended by the time that a slow line (bytes/s) needs for the buffered bytes.
 */
const BUFFERED = 4 * MIB
const SLOWEST = 32 * 1024
/** How many bytes of a response restart the idle timeout. A server may send one byte at a time. */
const LEAST_PROGRESS = 1024

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT'
  url: URL
  headers: Readonly<Record<string, string>>
  body?: string | AsyncIterable<Uint8Array>
  /** Ends the request. Default: the job's signal. */
  signal?: AbortSignal | undefined
  /** The maximum size of a response that is kept in memory, in bytes. Default: 1 MiB. */
  maxResponse?: number
  /** Reads the body of a 2xx response, so that `text` is empty. An error of this function ends the request. */
  readBody?: ReadBody | undefined
}

/** Reads a body of any size. Data is received only as fast as it is read. */
export type ReadBody = (body: AsyncIterable<Buffer>) => Promise<void>

export interface HttpResponse {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  text: string
}

/** `AnswerTooLarge` and `UnreadableAnswer` are about a response that can't be used. */
export type HttpErrorCode =
  'Cancelled' | 'ConnectionFailed' | 'Timeout' | 'AnswerTooLarge' | 'UnreadableAnswer'

/** A request without a usable response. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly code: HttpErrorCode
  /** Whether any byte may have been sent. If not, the request certainly had no effect. */
  readonly sent: boolean
  readonly text: Text
  /** The environment variable of the proxy that the request was sent through. */
  readonly proxy: string | undefined

  constructor(code: HttpErrorCode, sent: boolean, text: Text, proxy: string | undefined, cause: unknown) {
    super(text.en, { cause })
    this.code = code
    this.sent = sent
    this.text = text
    this.proxy = proxy
  }
}

/**
 * Sends one request and receives its response. It uses undici's dispatch interface rather than `fetch`, because that
 * reports when the request starts to be sent: a request that fails before that certainly had no effect.
 */
export class RequestHandler implements Dispatcher.DispatchHandler {
  /** How long the response took to start, in ms after the request started to be sent. */
  waited = 0
  readonly #request: HttpRequest
  readonly #environment: Environment
  readonly #idleTimeout: number
  readonly #proxy: Proxy | undefined
  readonly #maxResponse: number
  readonly #response = Promise.withResolvers<HttpResponse>()
  /** Runs while the request is sent or the response is received, but not while waiting for a connection. */
  #idleTimer: Timer | undefined
  /** Limits the total time. A file that is sent or handed over takes as long as it makes progress. */
  #deadline: Timer | undefined
  /** Set when the request starts to be sent. */
  #controller: Dispatcher.DispatchController | undefined
  #started = 0
  /** Bytes of the body that the connection has accepted. */
  #sent = 0
  #head: Omit<HttpResponse, 'text'> = { status: 0, headers: {} }
  readonly #chunks: Buffer[] = []
  /** Bytes of the response, in all and when the idle timer was restarted. */
  #received = 0
  #noted = 0
  /** The body for {@link HttpRequest.readBody}. */
  #body: Readable | undefined
  #isComplete = false
  #error: Error | undefined

  /**
   * @param idleTimeout ms without progress after which the request fails
   * @param proxy for messages
   */
  constructor(request: HttpRequest, environment: Environment, idleTimeout: number, proxy: Proxy | undefined) {
    this.#request = request
    this.#environment = { ...environment, signal: request.signal ?? environment.signal }
    this.#idleTimeout = idleTimeout
    this.#proxy = proxy
    this.#maxResponse = request.maxResponse ?? MAX_RESPONSE
  }

  /** @throws as {@link Http.send} */
  async run(dispatcher: Dispatcher): Promise<HttpResponse> {
    const { url, method, headers, body } = this.#request
    const { signal, halting } = this.#environment
    const onAbort = () => {
      this.#fail('Cancelled', { en: 'The job was canceled.', zh: '任务已取消。' }, signal.reason)
    }
    signal.throwIfAborted()
    halting.signal.throwIfAborted()
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      // undici accepts any iterable as a body, but its types don't say so.
      const sent = (typeof body === 'object' ? this.#watched(body) : (body ?? null)) as string | null
      const path = url.pathname + url.search
      dispatcher.dispatch({ origin: url.origin, path, method, headers, body: sent }, this)
      return await this.#response.promise
    } finally {
      this.#idleTimer?.stop()
      this.#deadline?.stop()
      signal.removeEventListener('abort', onAbort)
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { clock, halting } = this.#environment
    if (halting.signal.aborted) this.#end(halting.signal.reason as Error)
    if (this.#error) {
      controller.abort(this.#error)
      return
    }
    this.#controller = controller
    this.#started = clock.monotonic()
    this.#startIdleTimer()
    if (typeof this.#request.body !== 'object') this.#startDeadline()
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: HttpResponse['headers'],
  ): void {
    // An interim response (1xx) doesn't count as progress.
    if (status < 200) return
    this.waited = this.#environment.clock.monotonic() - this.#started
    this.#head = { status, headers }
    this.#idleTimer?.restart()
    this.#startDeadline()
    const { readBody, url } = this.#request
    // No request accepts compression.
    if (/gzip|deflate|compress|\bbr\b|zstd/i.test(String(headers['content-encoding'] ?? '')))
      this.#fail('UnreadableAnswer', {
        en: `The compressed response of ${url.host} can't be read.`,
        zh: `无法解压 ${url.host} 返回的响应。`,
      })
    else if (readBody && status < 300) void this.#handOver(readBody, controller)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#received += chunk.length
    if (this.#received - this.#noted >= LEAST_PROGRESS) {
      this.#noted = this.#received
      this.#idleTimer?.restart()
    }
    if (this.#body) {
      if (this.#body.push(chunk)) return
      // The server can't send while the reader is busy.
      this.#idleTimer?.stop()
      controller.pause()
      return
    }
    if (this.#received <= this.#maxResponse) {
      this.#chunks.push(chunk)
      return
    }
    const { host } = this.#request.url
    const size = `${this.#maxResponse / MIB} MiB`
    this.#fail('AnswerTooLarge', {
      en: `${host} returned more than ${size}.`,
      zh: `${host} 返回的响应超过 ${size}。`,
    })
  }

  onResponseEnd(): void {
    if (this.#body) {
      this.#isComplete = true
      this.#idleTimer?.stop()
      this.#body.push(null)
    } else this.#succeed(Buffer.concat(this.#chunks).toString())
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const { host } = this.#request.url
    if (error instanceof BodyError) this.#end(error.cause as Error)
    else this.#fail('ConnectionFailed', connectionFailed(host, reasonsOf(error), this.#proxy), error)
  }

  #startIdleTimer(): void {
    const { clock } = this.#environment
    const { host } = this.#request.url
    const seconds = this.#idleTimeout / 1000
    const { en, zh } = through(this.#proxy)
    this.#idleTimer?.stop()
    this.#idleTimer = clock.timer(this.#idleTimeout, () => {
      this.#fail('Timeout', {
        en: `${host} did not respond or transfer any data for ${seconds} s${en}.`,
        zh: `${zh}${host} 超过 ${seconds} 秒没有响应或没有数据传输。`,
      })
    })
  }

  #startDeadline(): void {
    const { url, readBody } = this.#request
    if (readBody) return
    const { en, zh } = through(this.#proxy)
    const seconds = this.#idleTimeout / 1000 + this.#maxResponse / SLOWEST
    this.#deadline ??= this.#environment.clock.timer(seconds * 1000, () => {
      this.#fail('Timeout', {
        en: `${url.host} did not finish its response within ${seconds} s${en}.`,
        zh: `${zh}${url.host} 未在 ${seconds} 秒内返回完整的响应。`,
      })
    })
  }

  /** Lets the reader read the body. The request ends only after the reader, even if the request fails before. */
  async #handOver(readBody: ReadBody, controller: Dispatcher.DispatchController): Promise<void> {
    const body = new Readable({
      read: () => {
        if (this.#error || !controller.paused) return
        this.#startIdleTimer()
        controller.resume()
      },
    })
    // A reader that has finished doesn't listen for errors.
    body.on('error', () => undefined)
    this.#body = body
    try {
      await readBody(body)
    } catch (error) {
      this.#end(error as Error)
    }
    if (this.#error) this.#response.reject(this.#error)
    else this.#succeed('')
    if (!this.#isComplete) controller.abort(new Error('The rest of the body is not needed.'))
  }

  #succeed(text: string): void {
    this.#response.resolve({ ...this.#head, text })
  }

  #fail(code: HttpErrorCode, text: Text, cause?: unknown): void {
    this.#end(new HttpError(code, this.#controller !== undefined, text, this.#proxy?.variable, cause))
  }

  /** Ends the request with an error, unless it has one. A request that waits for a connection is never sent. */
  #end(error: Error): void {
    if (this.#error) return
    this.#error = error
    this.#controller?.abort(error)
    if (this.#body) this.#body.destroy(error)
    else this.#response.reject(error)
  }

  async *#watched(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of body) {
        yield chunk
        // undici asks for the next chunk when the connection has accepted this one.
        this.#sent += chunk.length
        const drain = (Math.min(this.#sent, BUFFERED) / SLOWEST) * 1000
        this.#idleTimer?.restart(this.#idleTimeout + drain)
      }
    } catch (error) {
      throw new BodyError('the body could not be read', { cause: error })
    }
  }
}

/** Distinguishes an error of reading the body from an error of the connection. */
class BodyError extends Error {}

function through(proxy: Proxy | undefined): Text {
  if (!proxy) return { en: '', zh: '' }
  const { variable, address } = proxy
  return { en: ` through the proxy ${address} (${variable})`, zh: `通过代理 ${address}（${variable}）访问 ` }
}

function connectionFailed(host: string, reasons: readonly string[], proxy: Proxy | undefined): Text {
  const text: Text = {
    en: `The connection to ${host}${through(proxy).en} failed (${reasons.join('; ')}).`,
    zh: `${proxy ? through(proxy).zh : '连接 '}${host} 失败（${reasons.join('；')}）。`,
  }
  const isOnlyIpv6 = reasons.every((reason) => /^connect \w+ \[?[\da-f]*:[\da-f:]*:/i.test(reason))
  if (!isOnlyIpv6) return text
  return joined(text, {
    en: 'Only IPv6 addresses were tried, and this machine may not have an IPv6 route.',
    zh: '只尝试了 IPv6 地址，而本机可能没有 IPv6 路由。',
  })
}

/** The reasons why a connection failed, one for each address. They may be nested in other errors of undici and Node. */
function reasonsOf(error: Error & { code?: string }): string[] {
  if (error instanceof AggregateError && error.errors.length > 0)
    return [...new Set((error.errors as Error[]).flatMap(reasonsOf))]
  if (error.cause instanceof Error) return reasonsOf(error.cause)
  return [error.message || error.code || error.name]
}
