import type * as v from 'valibot'
import { pause, type Clock, type Environment } from '../http/environment.ts'
import type { Http, HttpResponse } from '../http/http.ts'
import type { Text } from '../http/text.ts'
import { DingTalkError } from './errors.ts'
import { type OperationName, OPERATIONS } from './operations.ts'
import { readGatewayResponse, readOapiResponse, serverTime } from './responses.ts'
import { repeatCall, sendCall, type Retries } from './retry.ts'
import { AccessTokenResponse } from './schema.ts'

/** Where the client reports secrets and log lines. */
export interface Logger {
  /** Called with each secret the moment it exists, before it is used. */
  secret(value: string): void
  info(line: Text): void
  debug(line: string): void
  /** Shows how many bytes of all files have been sent, `elapsed` ms after the first. Absent: lines of the log show each file's progress. */
  readonly progress?: (sent: number, total: number, elapsed: number) => void
}

export interface GatewayOptions {
  appKey: string
  appSecret: string
  /** The new gateway, normally `https://api.dingtalk.com`. */
  apiBaseUrl: string
  /** The old gateway, normally `https://oapi.dingtalk.com`. */
  oapiBaseUrl: string
  http: Http
  /** Attempts of a call after the first. */
  retries: number
  logger: Logger
}

/** One call of a gateway. */
export interface Call<T extends v.GenericSchema> {
  operation: OperationName
  /** Default: POST. */
  method?: 'GET' | 'PUT'
  /** Below the base URL; segments from outside must be percent-encoded. */
  path: string
  query?: Readonly<Record<string, string>>
  /** Sent as JSON, unless it is a form. */
  body?: object | FormData
  /** The documented response, as far as it is read. */
  response: T
  /** Ends the call and its waits; default: the job's. */
  signal?: AbortSignal | undefined
  /** Called with the error of each attempt: the last one does not say what an earlier one may have done. */
  onError?: ((error: DingTalkError) => void) | undefined
}

/** The platform's two gateways: authentication, encoding, rate limit, retries. The client knows what to call. */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #token: AccessToken
  readonly #rateLimiter: RateLimiter
  #clockAhead: number | undefined
  #hasRenewedForPermission = false

  constructor(options: GatewayOptions) {
    this.#options = options
    const { clock } = options.http.environment
    this.#rateLimiter = new RateLimiter(clock)
    this.#token = new AccessToken(clock, () => this.#accessToken())
  }

  /** How far the platform's clock was ahead of this machine's at its last response with a date, in ms. */
  get clockAhead(): number | undefined {
    return this.#clockAhead
  }

  /** Gets an access token, unless there is a valid one. @throws DingTalkError */
  async authenticate(): Promise<void> {
    await this.#token.get()
  }

  /**
   * Calls the new gateway.
   *
   * @returns the response, and the platform's clock when it was sent (ms since the epoch)
   * @throws DingTalkError
   */
  async call<T extends v.GenericSchema>(
    call: Call<T>,
  ): Promise<{ value: v.InferOutput<T>; at: number | undefined }> {
    return this.#authenticated(call, async (token) => {
      const response = await this.#send(call, this.#options.apiBaseUrl, call.query ?? {}, {
        'x-acs-dingtalk-access-token': token,
      })
      return { value: readGatewayResponse(call.operation, response, call.response), at: serverTime(response) }
    })
  }

  /**
   * Calls the old gateway, which takes the token in the query.
   *
   * @throws DingTalkError
   */
  async callOapi<T extends v.GenericSchema>(call: Call<T>): Promise<v.InferOutput<T>> {
    return this.#authenticated(call, async (token) => {
      const query = { ...call.query, access_token: token }
      const response = await this.#send(call, this.#options.oapiBaseUrl, query, {})
      return readOapiResponse(call.operation, response, call.response)
    })
  }

  /** Renews a refused token once. That does not count as a try: the call itself was not made. */
  async #authenticated<T>(
    { operation, signal, onError }: Pick<Call<v.GenericSchema>, 'operation' | 'signal' | 'onError'>,
    attempt: (token: string) => Promise<T>,
  ): Promise<T> {
    return repeatCall(operation, this.#retriesUntil(signal), async () => {
      const token = await this.#token.get()
      try {
        return await attempt(token)
      } catch (error) {
        if (!(error instanceof DingTalkError)) throw error
        onError?.(error)
        if (!this.#needsNewToken(error)) throw error
        return attempt(await this.#token.renew(token))
      }
    })
  }

  /** Page: `obtain-the-access-token-of-an-internal-app` */
  async #accessToken(): Promise<{ value: string; lifetime: number }> {
    const { appKey, appSecret, apiBaseUrl, logger } = this.#options
    const call = {
      operation: 'accessToken',
      path: '/v1.0/oauth2/accessToken',
      body: { appKey, appSecret },
      response: AccessTokenResponse,
    } as const
    return repeatCall(call.operation, this.#retriesUntil(undefined), async () => {
      const response = await this.#send(call, apiBaseUrl, {}, {})
      const { accessToken, expireIn } = readGatewayResponse(call.operation, response, call.response)
      logger.secret(accessToken)
      return { value: accessToken, lifetime: expireIn * 1000 }
    })
  }

  /** Whether a new token may help. A permission that was enabled a moment ago may need one: that is tried once. */
  #needsNewToken(error: DingTalkError): boolean {
    if (error.remedy === 'new-token') return true
    const isMissingPermission = error.kind === 'refused' && error.isPermissionMissing
    const isFirst = isMissingPermission && !this.#hasRenewedForPermission
    this.#hasRenewedForPermission ||= isMissingPermission
    return isFirst
  }

  #retriesUntil(signal: AbortSignal | undefined): Retries {
    const { http, retries, logger } = this.#options
    const log = (line: Text) => {
      logger.info(line)
    }
    return { environment: { ...http.environment, ...(signal ? { signal } : {}) }, retries, log }
  }

  async #send(
    call: Call<v.GenericSchema>,
    base: string,
    query: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpResponse> {
    const { http, logger } = this.#options
    const { environment } = this.#retriesUntil(call.signal)
    const { clock, signal } = environment
    await this.#rateLimiter.acquire(call.operation, environment)
    const url = new URL(base.replace(/\/+$/, '') + call.path)
    url.search = new URLSearchParams(query).toString()
    const encoded = call.method === 'GET' ? undefined : await encodedBody(call.body)
    const started = clock.monotonic()
    const response = await sendCall(call.operation, http, {
      url,
      method: call.method ?? 'POST',
      headers: { ...headers, ...encoded?.headers },
      ...(encoded && { body: encoded.body }),
      signal,
    })
    const platformTime = serverTime(response)
    if (platformTime !== undefined) this.#clockAhead = platformTime - clock.now()
    // Only the path is logged: queries and bodies hold ids and, on the old gateway, the token.
    logger.debug(
      `${OPERATIONS[call.operation].title.en}: ${call.method ?? 'POST'} ${url.host}${url.pathname} → HTTP ${response.status}, ` +
        `${Math.round(clock.monotonic() - started)} ms`,
    )
    return response
  }
}

/** A body as it is sent: a form in pieces, so that its progress shows. The gateway refuses a call without a body. */
async function encodedBody(body: object | FormData = {}) {
  if (!(body instanceof FormData))
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const form = new Response(body)
  const type = form.headers.get('content-type') ?? ''
  const bytes = await form.blob()
  return { headers: { 'content-type': type, 'content-length': String(bytes.size) }, body: bytes.stream() }
}

/** A token is renewed this long (ms) before it expires, so that it outlives the call that uses it. */
const MARGIN = 60_000

interface Granted {
  value: string
  /** ms, on the monotonic clock */
  expiresAt: number
}

/** The app's access token: fetched when first needed, shared by all calls, renewed shortly before it expires. */
export class AccessToken {
  readonly #clock: Clock
  readonly #fetch: () => Promise<{ value: string; lifetime: number }>
  #granted: Promise<Granted> | undefined

  /** @param fetch asks the platform for a token and its lifetime in ms */
  constructor(clock: Clock, fetch: () => Promise<{ value: string; lifetime: number }>) {
    this.#clock = clock
    this.#fetch = fetch
  }

  /** A token that has not expired. */
  async get(): Promise<string> {
    const known = (this.#granted ??= this.#request())
    const { value, expiresAt } = await known
    return this.#clock.monotonic() < expiresAt ? value : this.#replace(known)
  }

  /** Replaces a token that the platform refused. Callers that bring the same token share the new one. */
  async renew(refused: string): Promise<string> {
    const known = this.#granted
    return known && (await known).value === refused ? this.#replace(known) : this.get()
  }

  async #replace(known: Promise<Granted>): Promise<string> {
    // Another caller may already be replacing it.
    if (this.#granted === known) this.#granted = this.#request()
    return (await (this.#granted ?? this.#request())).value
  }

  #request(): Promise<Granted> {
    const requested = this.#clock.monotonic()
    const request = this.#fetch().then(({ value, lifetime }) => ({
      value,
      expiresAt: requested + Math.max(lifetime - MARGIN, lifetime / 2),
    }))
    // The waiting callers report the failure; the next caller asks again.
    request.catch(() => {
      if (this.#granted === request) this.#granted = undefined
    })
    return request
  }
}

/**
 * The standard edition allows 20 calls a second per app and API, and refuses the next. Two fewer leave room for calls
 * that the network delivers closer together than they were sent. Page: `call-frequency-limit`.
 */
const CALLS = 18
/** ms */
const WINDOW = 1000

/** Keeps calls below the platform's rate, so that none is refused. */
export class RateLimiter {
  readonly #clock: Clock
  /** When the last calls of each operation were, or will be, released: ms, in order. */
  readonly #times = new Map<OperationName, number[]>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when a call may be made. @throws as {@link pause} */
  async acquire(
    operation: OperationName,
    environment: Pick<Environment, 'signal' | 'halting'>,
  ): Promise<void> {
    const times = this.#times.get(operation) ?? []
    this.#times.set(operation, times)
    const now = this.#clock.monotonic()
    const at = times.length < CALLS ? now : Math.max(now, (times.shift() ?? 0) + WINDOW)
    times.push(at)
    if (at > now) await pause(at - now, { ...environment, clock: this.#clock })
  }
}
