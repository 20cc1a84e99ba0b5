import { Readable } from 'node:stream'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import type { Dispatcher } from 'undici'
import type { Environment, Timer } from './environment.ts'
import type { Proxy } from './proxies.ts'
import type { Text } from './text.ts'

const MIB = 1024 ** 2

/** The largest response that is kept in memory by default, in bytes. APIs send a few KB; a hostile server's response may never end. */
const MAX_RESPONSE = MIB

/**
 * How much of a body the operating system may hold back, in bytes, and the slowest line that is waited for, in bytes a
 * second. A program can't see what the peer has received, only what the operating system has accepted: Linux
 * holds up to 4 MiB of it. So the wait grows by the time that a slow line takes for these bytes.
 */
const HELD_BACK = 4 * 1024 ** 2
const SLOWEST = 32 * 1024
/** How much of a response must arrive within the idle timeout to count as progress, in bytes: a server may send one at a time. */
const LEAST_PROGRESS = 1024

/** One request. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT'
  url: URL
  headers: Readonly<Record<string, string>>
  body?: string | AsyncIterable<Uint8Array>
  /** Ends the request; default: the job's. */
  signal?: AbortSignal | undefined
  /** The largest response that is kept in memory, in bytes; default: 1 MiB. */
  maxResponse?: number
  /**
   * Takes the body of a 2xx response, which `text` then lacks. The connection is read only as fast as the body is taken.
   * What this throws ends the request.
   */
  readBody?: ReadBody | undefined
}

/** Takes a body of any size, chunk by chunk. */
export type ReadBody = (body: AsyncIterable<Buffer>) => Promise<void>

export interface HttpResponse {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  text: string
}

/** Why there is no response: `AnswerTooLarge` and `UnreadableAnswer` are about one that came, but can't be used. */
export type HttpErrorCode =
  'Cancelled' | 'ConnectionFailed' | 'Timeout' | 'AnswerTooLarge' | 'UnreadableAnswer'

/** A request has no usable response. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly code: HttpErrorCode
  /** Whether a byte of it may have been sent. If not, the request certainly had no effect. */
  readonly sent: boolean
  readonly text: Text
  /** The environment variable of the proxy that it went through. */
  readonly proxy: string | undefined

  constructor({
    code,
    sent,
    text,
    proxy,
    cause,
  }: Pick<HttpError, 'code' | 'sent' | 'text' | 'proxy'> & ErrorOptions) {
    super(text.en, { cause })
    this.code = code
    this.sent = sent
    this.text = text
    this.proxy = proxy
  }
}

/**
 * Sends one request and collects its response. Uses undici's dispatch interface rather than `fetch`, because that
 * reports when the request starts to be sent: a request that fails before then certainly had no effect.
 */
export class RequestHandler implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest
  readonly #response = Promise.withResolvers<HttpResponse>()
  readonly #idleTimeout: number
  readonly #signal: AbortSignal
  readonly #halting: AbortSignal
  readonly #proxy: Proxy | undefined
  readonly #startIdleTimer: () => Timer
  /** The time for the whole request; of a file, for its response. A body with a consumer may take as long as it moves. */
  #deadline: Timer | undefined
  readonly #startDeadline: () => void
  /** Bytes of the response since the idle timer was restarted. */
  #received = 0
  /** Runs from the moment the request starts to be sent: a wait for a connection is no silence of the server. */
  #idleTimer: Timer | undefined
  readonly #chunks: Buffer[] = []
  #size = 0
  /** Bytes of the body that the connection has taken. */
  #sent = 0
  #status = 0
  #headers: HttpResponse['headers'] = {}
  /** Where the body goes if the request has a consumer for it. */
  #body: Readable | undefined
  #isComplete = false
  /** Set once the request starts to be sent. */
  #controller: Dispatcher.DispatchController | undefined
  #error: Error | undefined
  readonly #now: () => number
  #started = 0
  #waited = 0

  /**
   * @param idleTimeout ms without a response, or without a byte moving, after which the request fails; bytes on their way
   *   may take longer: see {@link HELD_BACK}
   * @param proxy what the request goes through, for messages
   */
  constructor(
    request: HttpRequest,
    { clock, signal, halting }: Environment,
    idleTimeout: number,
    proxy: Proxy | undefined,
  ) {
    this.#request = request
    this.#signal = request.signal ?? signal
    this.#idleTimeout = idleTimeout
    this.#halting = halting.signal
    this.#now = () => clock.monotonic()
    this.#proxy = proxy
    this.#startIdleTimer = () =>
      clock.timer(idleTimeout, () => {
        this.#fail('Timeout', timedOut(request.url.host, idleTimeout / 1000, proxy))
      })
    const time = idleTimeout + (this.#maxResponse / SLOWEST) * 1000
    this.#startDeadline = () => {
      if (request.readBody) return
      this.#deadline ??= clock.timer(time, () => {
        this.#fail('Timeout', tooSlow(request.url.host, time / 1000, proxy))
      })
    }
  }

  /** @throws as {@link Http.send} */
  async run(dispatcher: Dispatcher): Promise<HttpResponse> {
    const { url, method, headers, body } = this.#request
    const signal = this.#signal
    try {
      signal.throwIfAborted()
      this.#halting.throwIfAborted()
      signal.addEventListener('abort', this.#onAbort, { once: true })
      const sent = typeof body === 'object' ? this.#watched(body) : (body ?? null)
      dispatcher.dispatch(
        // undici accepts any iterable as a body; its types do not say so.
        { origin: url.origin, path: url.pathname + url.search, method, headers, body: sent as string | null },
        this,
      )
      return await this.#response.promise
    } finally {
      this.#idleTimer?.stop()
      this.#deadline?.stop()
      signal.removeEventListener('abort', this.#onAbort)
    }
  }

  /** How long the response took to begin, in ms from when the request started to be sent. */
  get waited(): number {
    return this.#waited
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#halting.aborted) this.#end(this.#halting.reason as Error)
    if (this.#error) {
      controller.abort(this.#error)
      return
    }
    this.#controller = controller
    this.#started = this.#now()
    this.#idleTimer?.stop()
    this.#idleTimer = this.#startIdleTimer()
    if (typeof this.#request.body !== 'object') this.#startDeadline()
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: HttpResponse['headers'],
  ): void {
    // An interim response (1xx) is no progress, however often one comes.
    if (status < 200) return
    this.#waited = this.#now() - this.#started
    this.#status = status
    this.#headers = headers
    this.#idleTimer?.restart()
    this.#startDeadline()
    const { readBody } = this.#request
    if (readBody && status >= 200 && status < 300) void this.#handOver(readBody, controller)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#received += chunk.length
    if (this.#received >= LEAST_PROGRESS) {
      this.#received = 0
      this.#idleTimer?.restart()
    }
    if (this.#body) {
      if (this.#body.push(chunk)) return
      // While the consumer is busy, the server has nothing to send.
      this.#idleTimer?.stop()
      controller.pause()
      return
    }
    this.#size += chunk.length
    if (this.#size <= this.#maxResponse) this.#chunks.push(chunk)
    else this.#fail('AnswerTooLarge', tooLarge(this.#request.url.host, this.#maxResponse))
  }

  onResponseEnd(): void {
    if (this.#body) {
      this.#isComplete = true
      this.#idleTimer?.stop()
      this.#body.push(null)
      return
    }
    let body: Buffer
    try {
      const encoding = String(this.#headers['content-encoding'] ?? '')
      body = decoded(Buffer.concat(this.#chunks), encoding, this.#maxResponse)
    } catch (error) {
      const { host } = this.#request.url
      if (isTooLarge(error)) this.#fail('AnswerTooLarge', tooLarge(host, this.#maxResponse))
      else this.#fail('UnreadableAnswer', notDecompressed(host), error)
      return
    }
    this.#response.resolve({ status: this.#status, headers: this.#headers, text: body.toString('utf8') })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (error instanceof BodyError) {
      this.#end(error.cause as Error)
      return
    }
    const { host } = this.#request.url
    this.#fail('ConnectionFailed', connectionFailed(host, reasonsOf(error), this.#proxy), error)
  }

  get #maxResponse(): number {
    return this.#request.maxResponse ?? MAX_RESPONSE
  }

  /** Lets the consumer read the body. The request is over when the consumer is, even if the request has failed before. */
  async #handOver(readBody: ReadBody, controller: Dispatcher.DispatchController): Promise<void> {
    const encoding = String(this.#headers['content-encoding'] ?? 'identity')
    if (encoding !== 'identity') {
      this.#fail('UnreadableAnswer', notDecompressed(this.#request.url.host))
      return
    }
    const body = new Readable({
      read: () => {
        if (this.#error || !controller.paused) return
        this.#idleTimer = this.#startIdleTimer()
        controller.resume()
      },
    })
    // A consumer that has finished no longer listens.
    body.on('error', () => undefined)
    this.#body = body
    try {
      await readBody(body)
    } catch (error) {
      this.#end(error as Error)
    }
    if (this.#error) this.#response.reject(this.#error)
    else this.#response.resolve({ status: this.#status, headers: this.#headers, text: '' })
    // A consumer that needs no more ends the request.
    if (!this.#isComplete) controller.abort(new Error('The rest of the body is not needed.'))
  }

  readonly #onAbort = () => {
    this.#fail('Cancelled', CANCELLED, this.#signal.reason)
  }

  #fail(code: HttpErrorCode, text: Text, cause?: unknown): void {
    const sent = this.#controller !== undefined
    this.#end(new HttpError({ code, sent, text, proxy: this.#proxy?.variable, cause }))
  }

  /** Ends the request with an error, once: aborts it if it is being sent, otherwise it never will be. */
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
        // undici asks for the next chunk: the connection has taken the last one.
        this.#sent += chunk.length
        const drain = (Math.min(this.#sent, HELD_BACK) / SLOWEST) * 1000
        this.#idleTimer?.restart(this.#idleTimeout + drain)
      }
    } catch (error) {
      throw new BodyError('the body could not be read', { cause: error })
    }
  }
}

const DECODERS: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

/**
 * A body as the server sent it. No request asks for compression, but a proxy may add it.
 *
 * @param limit of the result, in bytes
 * @throws Error of zlib's if it is broken, or larger
 */
function decoded(body: Buffer, encoding: string, limit: number): Buffer {
  const decode = DECODERS[encoding.trim().toLowerCase()]
  return decode && body.length > 0 ? decode(body, { maxOutputLength: limit }) : body
}

function isTooLarge(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
}

/** Wraps an error of reading the body, to distinguish it from an error of the connection. */
class BodyError extends Error {}

const CANCELLED: Text = { en: 'The job was canceled.', zh: '任务已取消。' }

function timedOut(host: string, seconds: number, proxy: Proxy | undefined): Text {
  return {
    en: `${host} did not respond or transfer any data for ${seconds} s${through(proxy).en}.`,
    zh: `${through(proxy).zh}${host} 超过 ${seconds} 秒没有响应或没有数据传输。`,
  }
}

function tooSlow(host: string, seconds: number, proxy: Proxy | undefined): Text {
  return {
    en: `${host} did not finish its response within ${seconds} s${through(proxy).en}.`,
    zh: `${through(proxy).zh}${host} 未在 ${seconds} 秒内返回完整的响应。`,
  }
}

function through(proxy: Proxy | undefined): Text {
  if (!proxy) return { en: '', zh: '' }
  const { variable, address } = proxy
  return { en: ` through the proxy ${address} (${variable})`, zh: `通过代理 ${address}（${variable}）访问 ` }
}

function tooLarge(host: string, limit: number): Text {
  const size = `${limit / MIB} MiB`
  return { en: `${host} returned more than ${size}.`, zh: `${host} 返回的响应超过 ${size}。` }
}

function notDecompressed(host: string): Text {
  return { en: `The compressed response of ${host} can't be read.`, zh: `无法解压 ${host} 返回的响应。` }
}

function connectionFailed(host: string, reasons: readonly string[], proxy: Proxy | undefined): Text {
  const onlyIpv6 = reasons.every((reason) => /^connect \w+ \[?[\da-f]*:[\da-f:]*:/i.test(reason))
  const advice: Text = onlyIpv6
    ? {
        en: ' Only IPv6 addresses were tried, and this machine may not have an IPv6 route.',
        zh: '只尝试了 IPv6 地址，而本机可能没有 IPv6 路由。',
      }
    : { en: '', zh: '' }
  return {
    en: `The connection to ${host}${through(proxy).en} failed (${reasons.join('; ')}).${advice.en}`,
    zh: `${proxy ? through(proxy).zh : '连接 '}${host} 失败（${reasons.join('；')}）。${advice.zh}`,
  }
}

/** Why a connection failed: one reason for each address that was tried. undici and Node wrap them in up to two more errors. */
function reasonsOf(error: Error & { code?: string }): string[] {
  if (error instanceof AggregateError && error.errors.length > 0)
    return [...new Set((error.errors as Error[]).flatMap(reasonsOf))]
  if (error.cause instanceof Error) return reasonsOf(error.cause)
  return [error.message || error.code || error.name]
}
