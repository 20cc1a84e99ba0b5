import type * as v from 'valibot'
import { AccessToken } from './access-token.ts'
import { readApiAnswer, readOapiAnswer, serverTime } from './answer.ts'
import { DingTalkError } from './errors.ts'
import type { HttpAnswer } from './transport/request-handler.ts'
import type { Http } from './transport/http.ts'
import { OPERATIONS, type OperationName } from './operations.ts'
import { Pace } from './transport/rate-limiter.ts'
import { withRetries, type Patience } from './transport/retry.ts'
import { AccessTokenAnswer } from './schema.ts'

/** What the client tells whoever runs it. */
export interface Listener {
  /** Called with each secret the moment it exists, before it is used. */
  secret(value: string): void
  info(line: string): void
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
  patience: Patience
  listener: Listener
}

export interface Call<T extends v.GenericSchema> {
  operation: OperationName
  /** Default: POST. */
  method?: 'GET'
  /** Below the base; segments that come from outside must be percent-encoded. */
  path: string
  query?: Readonly<Record<string, string>>
  body?: object
  answer: T
}

/** Both of the platform's gateways: authentication, encoding, retries. Knows how to ask, not what. */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #token: AccessToken
  readonly #pace: Pace
  #clockAhead: number | undefined

  constructor(options: GatewayOptions) {
    this.#options = options
    this.#pace = new Pace(options.patience.clock)
    this.#token = new AccessToken(options.patience.clock, () => this.#accessToken())
  }

  /** How far the platform's clock was ahead of this machine's by its last answer that told it, in ms. */
  get clockAhead(): number | undefined {
    return this.#clockAhead
  }

  /** Gets an access token, unless there is one. @throws DingTalkError */
  async authenticate(): Promise<void> {
    await this.#token.get()
  }

  /**
   * Calls the new gateway.
   *
   * @returns the answer, and the platform's clock (ms since the epoch) when it was given
   * @throws DingTalkError
   */
  async call<T extends v.GenericSchema>(
    call: Call<T>,
  ): Promise<{ value: v.InferOutput<T>; at: number | undefined }> {
    return this.#authenticated(call.operation, async (token) => {
      const answer = await this.#send(call, this.#options.apiBaseUrl, call.query ?? {}, {
        'x-acs-dingtalk-access-token': token,
      })
      return { value: readApiAnswer(call.operation, answer, call.answer), at: serverTime(answer) }
    })
  }

  /**
   * Calls the old gateway, which takes the token in the query.
   *
   * @throws DingTalkError
   */
  async callOld<T extends v.GenericSchema>(call: Call<T>): Promise<v.InferOutput<T>> {
    return this.#authenticated(call.operation, async (token) => {
      const query = { ...call.query, access_token: token }
      const answer = await this.#send(call, this.#options.oapiBaseUrl, query, {})
      return readOapiAnswer(call.operation, answer, call.answer)
    })
  }

  /** A token that is refused is renewed once; that does not count as a try, for nothing was tried. */
  async #authenticated<T>(operation: OperationName, attempt: (token: string) => Promise<T>): Promise<T> {
    return withRetries(operation, this.#options.patience, async () => {
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
    const { appKey, appSecret, apiBaseUrl, listener, patience } = this.#options
    const call = {
      operation: 'accessToken',
      path: '/v1.0/oauth2/accessToken',
      body: { appKey, appSecret },
      answer: AccessTokenAnswer,
    } as const
    return withRetries(call.operation, patience, async () => {
      const answer = readApiAnswer(call.operation, await this.#send(call, apiBaseUrl, {}, {}), call.answer)
      listener.secret(answer.accessToken)
      return { value: answer.accessToken, lifetime: answer.expireIn * 1000 }
    })
  }

  async #send(
    call: Call<v.GenericSchema>,
    base: string,
    query: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer> {
    const { http, listener, patience } = this.#options
    await this.#pace.next(call.operation, patience.signal)
    const url = new URL(base.replace(/\/+$/, '') + call.path)
    url.search = new URLSearchParams(query).toString()
    const asked = patience.clock.now()
    const answer = await http.send({
      operation: call.operation,
      url,
      ...(call.method === 'GET'
        ? { method: call.method, headers }
        : {
            method: 'POST',
            // A form body is refused, and so is a call without any.
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(call.body ?? {}),
          }),
      signal: patience.signal,
    })
    const platformTime = serverTime(answer)
    if (platformTime !== undefined) this.#clockAhead = platformTime - patience.clock.now()
    // The path alone: queries and bodies hold ids and, on the old gateway, the token.
    listener.debug(
      `${OPERATIONS[call.operation].title}: ${call.method ?? 'POST'} ${url.host}${url.pathname} → HTTP ${answer.status}, ` +
        `${patience.clock.now() - asked} ms`,
    )
    return answer
  }
}
