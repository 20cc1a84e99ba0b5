import { pause, type Clock, type Environment } from '../http/environment.ts'
import type { Http } from '../http/http.ts'
import type { Text } from '../http/text.ts'
import { DingTalkError } from './errors.ts'
import { type OperationName, OPERATIONS } from './operations.ts'
import { readGatewayResponse, readOapiResponse, serverTime } from './responses.ts'
import { repeatCall, sendCall, type Retries } from './retry.ts'
import { type ResponseOf, RESPONSES } from './schema.ts'

/** Where the client reports secrets and log lines. */
export interface Logger {
  /** Called with each secret as soon as it exists, before it is used. */
  secret(value: string): void
  info(line: Text): void
  debug(line: string): void
  /** Shows how many bytes of all files have been sent, `elapsed` ms after the first. If absent, the log shows each file's progress. */
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
  /** Retries of a call, after the first attempt. */
  retries: number
  logger: Logger
}

/** A call of one of the gateways. */
export interface Call<Name extends keyof typeof RESPONSES> {
  operation: Name
  /** Default: the new gateway. */
  server?: 'oapi'
  /** Default: POST. */
  method?: 'GET' | 'PUT' | 'POST'
  /** Below the base URL, with percent-encoded segments. */
  path: string
  query?: Readonly<Record<string, string>>
  /** Sent as JSON, unless it is a form. */
  body?: object | FormData
  /** Ends the call and its waits. Default: the job's signal. */
  signal?: AbortSignal | undefined
  /** Called with the error of each attempt. An earlier attempt may have taken effect even if the last one did not. */
  onError?: ((error: DingTalkError) => void) | undefined
}

/** The platform's two gateways: authentication, encoding, rate limit, and retries. */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #retries: Retries
  readonly #token: AccessToken
  readonly #rateLimiter = new RateLimiter()
  /** How far the platform's clock is ahead of this machine's clock, in ms. Unknown until a response has a date. */
  clockAhead: number | undefined
  /** The same for the monotonic clock, which no correction changes. */
  monotonicAhead: number | undefined
  #hasRenewedForPermission = false

  constructor(options: GatewayOptions) {
    const { http, retries, logger } = options
    const log = (line: Text) => {
      logger.info(line)
    }
    this.#options = options
    this.#retries = { environment: http.environment, retries, log }
    this.#token = new AccessToken(http.environment.clock, () => this.#accessToken())
  }

  /** Checks the app key and the app secret by getting an access token. @throws DingTalkError */
  async authenticate(): Promise<void> {
    await this.#token.get()
  }

  /**
   * Makes a call. If the platform rejects the token, the call is made once more with a new one, which doesn't count as a retry.
   *
   * @throws DingTalkError
   */
  async call<Name extends keyof typeof RESPONSES>(call: Call<Name>): Promise<ResponseOf<Name>> {
    return repeatCall(call.operation, { ...this.#retries, signal: call.signal }, async (environment) => {
      const send = async (token: string) => {
        try {
          return await this.#send(call, environment, token)
        } catch (error) {
          if (error instanceof DingTalkError) call.onError?.(error)
          throw error
        }
      }
      const token = await this.#token.get()
      try {
        return await send(token)
      } catch (error) {
        if (!(error instanceof DingTalkError) || !this.#needsNewToken(error)) throw error
        return send(await this.#token.get(token))
      }
    })
  }

  /** Page: `obtain-the-access-token-of-an-internal-app` */
  async #accessToken(): Promise<ResponseOf<'accessToken'>> {
    const { appKey, appSecret, logger } = this.#options
    const operation = 'accessToken'
    const call = { operation, path: '/v1.0/oauth2/accessToken', body: { appKey, appSecret } } as const
    return repeatCall(operation, this.#retries, async (environment) => {
      const granted = await this.#send(call, environment)
      logger.secret(granted.accessToken)
      return granted
    })
  }

  /** Whether a new token may help. A permission that was just granted may need one, so this is tried once. */
  #needsNewToken(error: DingTalkError): boolean {
    if (error.remedy === 'new-token') return true
    const isMissingPermission = error.kind === 'refused' && error.isPermissionMissing
    const isFirst = isMissingPermission && !this.#hasRenewedForPermission
    this.#hasRenewedForPermission ||= isMissingPermission
    return isFirst
  }

  async #send<Name extends keyof typeof RESPONSES>(
    { operation, server, method = 'POST', path, query, body }: Call<Name>,
    environment: Environment,
    token?: string,
  ): Promise<ResponseOf<Name>> {
    const { http, logger, apiBaseUrl, oapiBaseUrl } = this.#options
    const { clock, signal } = environment
    await this.#rateLimiter.acquire(operation, environment)
    const base = server === 'oapi' ? oapiBaseUrl : apiBaseUrl
    const url = new URL(base.replace(/\/+$/, '') + path)
    const parameters = new URLSearchParams(query)
    const headers: Record<string, string> = {}
    if (token !== undefined && server === 'oapi') parameters.set('access_token', token)
    else if (token !== undefined) headers['x-acs-dingtalk-access-token'] = token
    url.search = parameters.toString()
    const encoded = method === 'GET' ? undefined : await encodedBody(body)
    const started = clock.monotonic()
    const response = await sendCall(operation, http, {
      url,
      method,
      headers: { ...headers, ...encoded?.headers },
      ...(encoded && { body: encoded.body }),
      signal,
    })
    const platformTime = serverTime(response)
    if (platformTime !== undefined) {
      this.clockAhead = platformTime - clock.now()
      this.monotonicAhead = platformTime - clock.monotonic()
    }
    const elapsed = Math.round(clock.monotonic() - started)
    // Only the path is logged: queries and bodies contain IDs and, on the old gateway, the token.
    logger.debug(
      `${OPERATIONS[operation].title.en}: ${method} ${url.host}${url.pathname} → HTTP ${response.status}, ${elapsed} ms`,
    )
    const read = server === 'oapi' ? readOapiResponse : readGatewayResponse
    return read(operation, response, RESPONSES[operation])
  }
}

/** The gateway rejects a call without a body. A form is sent in pieces, so that slow progress doesn't count as a timeout. */
async function encodedBody(body: object | FormData = {}) {
  if (!(body instanceof FormData))
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const form = new Response(body)
  const type = form.headers.get('content-type') ?? ''
  const bytes = await form.blob()
  return { headers: { 'content-type': type, 'content-length': String(bytes.size) }, body: bytes.stream() }
}

/** How long before its expiry a token is renewed, in ms, so that it stays valid during a call. */
const MARGIN = 60_000

/** The app's access token: requested when first needed, shared by all calls, renewed shortly before it expires. */
export class AccessToken {
  readonly #clock: Clock
  readonly #request: () => Promise<ResponseOf<'accessToken'>>
  /** `expiresAt` is in ms of the monotonic clock. */
  #current: Promise<{ value: string; expiresAt: number }> | undefined

  /** @param request requests a token from the platform */
  constructor(clock: Clock, request: () => Promise<ResponseOf<'accessToken'>>) {
    this.#clock = clock
    this.#request = request
  }

  /**
   * Returns a valid token.
   *
   * @param rejected a token that the platform rejected, to be replaced. Callers with the same one share the new token.
   */
  async get(rejected?: string): Promise<string> {
    const current = (this.#current ??= this.#renew())
    const { value, expiresAt } = await current
    if (value !== rejected && this.#clock.monotonic() < expiresAt) return value
    // Another caller may have replaced it already.
    if (this.#current === current) this.#current = this.#renew()
    return (await (this.#current ??= this.#renew())).value
  }

  async #renew(): Promise<{ value: string; expiresAt: number }> {
    const requested = this.#clock.monotonic()
    try {
      const { accessToken: value, expireIn } = await this.#request()
      const lifetime = expireIn * 1000
      return { value, expiresAt: requested + Math.max(lifetime - MARGIN, lifetime / 2) }
    } catch (error) {
      // The next caller requests a token again.
      this.#current = undefined
      throw error
    }
  }
}

/**
 * The standard edition allows 20 calls per second for each app and API. Two fewer leave room for calls that arrive closer
 * together than they were sent. Page: `call-frequency-limit`.
 */
const CALLS = 18
/** ms */
const WINDOW = 1000

/** Keeps the calls of each operation below the platform's rate limit. */
export class RateLimiter {
  /** When the last calls of each operation were, or will be, released: ms, in order. */
  readonly #times = new Map<OperationName, number[]>()

  /** Resolves when a call may be made. @throws as {@link pause} */
  async acquire(
    operation: OperationName,
    environment: Pick<Environment, 'clock' | 'signal' | 'halting'>,
  ): Promise<void> {
    const times = this.#times.get(operation) ?? []
    this.#times.set(operation, times)
    const now = environment.clock.monotonic()
    const at = times.length < CALLS ? now : Math.max(now, (times.shift() ?? 0) + WINDOW)
    times.push(at)
    if (at > now) await pause(at - now, environment)
  }
}
