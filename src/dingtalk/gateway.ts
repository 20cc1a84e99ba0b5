import type * as v from 'valibot'
import { AccessToken } from './access-token.ts'
import { DingTalkError } from './errors.ts'
import { OPERATIONS, type OperationName } from './operations.ts'
import { serverTime } from './responses/common.ts'
import { readGatewayResponse } from './responses/gateway.ts'
import { readOapiResponse } from './responses/oapi.ts'
import { AccessTokenResponse } from './responses/schema.ts'
import type { Text } from './text.ts'
import type { Http } from './transport/http.ts'
import { RateLimiter } from './transport/rate-limiter.ts'
import type { HttpResponse } from './transport/request-handler.ts'
import { withRetries, type RetryOptions } from './transport/retry.ts'

/** Where the client reports secrets and log lines. */
export interface Logger {
  /** Called with each secret the moment it exists, before it is used. */
  secret(value: string): void
  info(line: Text): void
  debug(line: string): void
}

export interface GatewayOptions {
  appKey: string
  appSecret: string
  /** The new gateway, normally `https://api.dingtalk.com`. */
  apiBaseUrl: string
  /** The old gateway, normally `https://oapi.dingtalk.com`. */
  oapiBaseUrl: string
  http: Http
  retryOptions: RetryOptions
  logger: Logger
}

/** One call of a gateway. */
export interface Call<T extends v.GenericSchema> {
  operation: OperationName
  /** Default: POST. */
  method?: 'GET'
  /** Below the base URL; segments from outside must be percent-encoded. */
  path: string
  query?: Readonly<Record<string, string>>
  body?: object
  /** The documented response, as far as it is read. */
  response: T
  /** Ends the call and its waits; default: the job's. */
  signal?: AbortSignal | undefined
}

/** The platform's two gateways: authentication, encoding, rate limit, retries. The client knows what to call. */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #token: AccessToken
  readonly #rateLimiter: RateLimiter
  #clockAhead: number | undefined

  constructor(options: GatewayOptions) {
    this.#options = options
    this.#rateLimiter = new RateLimiter(options.retryOptions.clock)
    this.#token = new AccessToken(options.retryOptions.clock, () => this.#accessToken())
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
    { operation, signal }: Pick<Call<v.GenericSchema>, 'operation' | 'signal'>,
    attempt: (token: string) => Promise<T>,
  ): Promise<T> {
    const { retryOptions } = this.#options
    const options = { ...retryOptions, signal: signal ?? retryOptions.signal }
    return withRetries(operation, options, async () => {
      const token = await this.#token.get()
      try {
        return await attempt(token)
      } catch (error) {
        if (!(error instanceof DingTalkError) || error.remedy !== 'new-token') throw error
        return attempt(await this.#token.renew(token))
      }
    })
  }

  /** Page: `obtain-the-access-token-of-an-internal-app` */
  async #accessToken(): Promise<{ value: string; lifetime: number }> {
    const { appKey, appSecret, apiBaseUrl, logger, retryOptions } = this.#options
    const call = {
      operation: 'accessToken',
      path: '/v1.0/oauth2/accessToken',
      body: { appKey, appSecret },
      response: AccessTokenResponse,
    } as const
    return withRetries(call.operation, retryOptions, async () => {
      const response = await this.#send(call, apiBaseUrl, {}, {})
      const { accessToken, expireIn } = readGatewayResponse(call.operation, response, call.response)
      logger.secret(accessToken)
      return { value: accessToken, lifetime: expireIn * 1000 }
    })
  }

  async #send(
    call: Call<v.GenericSchema>,
    base: string,
    query: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpResponse> {
    const { http, logger, retryOptions } = this.#options
    const signal = call.signal ?? retryOptions.signal
    await this.#rateLimiter.acquire(call.operation, { ...retryOptions, signal })
    const url = new URL(base.replace(/\/+$/, '') + call.path)
    url.search = new URLSearchParams(query).toString()
    const started = retryOptions.clock.monotonic()
    const response = await http.send({
      operation: call.operation,
      url,
      ...(call.method === 'GET'
        ? { method: call.method, headers }
        : {
            method: 'POST',
            // The gateway refuses a form body, and a call without a body.
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(call.body ?? {}),
          }),
      signal,
    })
    const platformTime = serverTime(response)
    if (platformTime !== undefined) this.#clockAhead = platformTime - retryOptions.clock.now()
    // Only the path is logged: queries and bodies hold ids and, on the old gateway, the token.
    logger.debug(
      `${OPERATIONS[call.operation].title.en}: ${call.method ?? 'POST'} ${url.host}${url.pathname} → HTTP ${response.status}, ` +
        `${Math.round(retryOptions.clock.monotonic() - started)} ms`,
    )
    return response
  }
}
