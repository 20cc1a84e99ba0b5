import * as v from 'valibot'
import { TextError } from '../errors.ts'
import type { Http, HttpRequest, HttpResponse, ReadBody } from '../http/http.ts'
import { isLoopback } from '../http/proxies.ts'
import { HttpError } from '../http/request.ts'
import { withRetries } from '../http/retry.ts'
import { clipped, joined, seconds, type Text } from '../http/text.ts'

/** The largest response of the API, in bytes: 50 releases with 300 assets each have half of it. */
const MAX_RESPONSE = 32 * 1024 ** 2
/** How many pages of a list are read at most: a faulty server's list may never end. */
const MAX_PAGES = 100
const MAX_REDIRECTS = 5
/** How long (ms) a rate limit lasts that GitHub gives no time for. */
const RATE_LIMIT_WAIT = 60_000
/** How much of a message from GitHub is shown, in characters. */
const MAX_MESSAGE = 200

/** The assets of a release could not be downloaded; the text says why, and what to do. */
export class ReleaseError extends TextError {
  override readonly name = 'ReleaseError'
  /** The HTTP status of the API's response, if that is the reason. */
  readonly status: number | undefined

  constructor(text: Text, { status, ...options }: ErrorOptions & { status?: number | undefined } = {}) {
    super(text, options)
    this.status = status
  }
}

/** What was downloaded is not what GitHub described. Another download may be. */
export class DamagedDownload extends TextError {}

/** A response that is no success. */
class Refusal extends TextError {
  readonly response: HttpResponse
  /** Whether it is from the API, and not from where that redirects downloads to. */
  readonly isFromApi: boolean

  constructor(response: HttpResponse, host: string, isFromApi: boolean) {
    const message = isFromApi ? messageOf(response) : ''
    super({
      en: `${host} responded with HTTP ${response.status}${message && ` (${message})`}.`,
      zh: `${host} 返回 HTTP ${response.status}${message && `（${message}）`}。`,
    })
    this.response = response
    this.isFromApi = isFromApi
  }

  /**
   * Whether one of GitHub's rate limits is exceeded. Page:
   * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
   */
  get isRateLimit(): boolean {
    const { status, headers, text } = this.response
    if (!this.isFromApi || status !== 403) return this.isFromApi && status === 429
    const isNamed = headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined
    return isNamed || /\bsecondary rate\b/i.test(text)
  }

  /** How long to wait before another attempt, in ms; undefined if none can succeed. */
  waitBeforeRetry(now: number): number | undefined {
    const { status, headers } = this.response
    if (!this.isRateLimit && status < 500 && status !== 408) return undefined
    const asked = Number(headers['retry-after'] ?? NaN) * 1000
    if (asked >= 0) return asked
    if (!this.isRateLimit) return 0
    const reset = Number(headers['x-ratelimit-reset'] ?? NaN) * 1000
    if (headers['x-ratelimit-remaining'] !== '0' || !(reset > 0)) return RATE_LIMIT_WAIT
    // The runner's clock may be wrong; GitHub's own is not. Both headers are in whole seconds.
    return Math.max(0, reset - (Date.parse(String(headers['date'])) || now) + 1000)
  }
}

export interface GitHubOptions {
  readonly http: Http
  readonly token: string
  /** `https://api.github.com`, or that of a server of one's own */
  readonly apiUrl: string
  /** Attempts of a request after the first. */
  readonly retries: number
  /** Called before each wait. */
  readonly log: (line: Text) => void
}

/**
 * GitHub's REST API, and others that are compatible, such as Gitea's and Forgejo's. Requests are repeated where that may
 * help. Each has a name for messages, such as "the asset app.apk".
 */
export class GitHub {
  readonly #options: GitHubOptions
  readonly #base: string

  constructor(options: GitHubOptions) {
    this.#options = options
    this.#base = options.apiUrl.replace(/\/+$/, '')
  }

  /** The URL of a path of the API, such as `/repos/octo/app/releases`. */
  url(path: string): URL {
    return new URL(this.#base + path)
  }

  /** @throws ReleaseError, or the signal's reason */
  async read<Schema extends v.GenericSchema>(
    name: Text,
    path: string,
    schema: Schema,
  ): Promise<v.InferOutput<Schema>> {
    return (await this.#page(name, path, schema)).content
  }

  /**
   * The entries of a list, page by page, as far as they are needed.
   *
   * @throws ReleaseError, also if the pages do not end, or the signal's reason
   */
  async *list<Schema extends v.GenericSchema>(
    name: Text,
    path: string,
    entry: Schema,
    perPage: number,
  ): AsyncGenerator<v.InferOutput<Schema>, void> {
    for (let page = 1; page <= MAX_PAGES; page++) {
      const { content, isLast } = await this.#page(
        name,
        `${path}?per_page=${perPage}&page=${page}`,
        v.array(entry),
      )
      yield* content
      if (isLast) return
    }
    throw new ReleaseError(
      joined(couldNotGet(name), {
        en: `The list has more than ${MAX_PAGES} pages.`,
        zh: `列表超过 ${MAX_PAGES} 页。`,
      }),
    )
  }

  /**
   * Downloads a file.
   *
   * @param readBody takes it, from the start in each attempt; may throw a {@link DamagedDownload}
   * @throws ReleaseError, or the signal's reason
   */
  async download(name: Text, url: URL, readBody: ReadBody, signal: AbortSignal): Promise<void> {
    await this.#get(name, { url, headers: { accept: 'application/octet-stream' }, readBody, signal })
  }

  async #page<Schema extends v.GenericSchema>(name: Text, path: string, schema: Schema) {
    const headers = { accept: 'application/vnd.github+json' }
    const { text, headers: received } = await this.#get(name, { url: this.url(path), headers })
    const isLast = !String(received['link'] ?? '').includes('rel="next"')
    try {
      return { content: v.parse(schema, JSON.parse(text)), isLast }
    } catch (cause) {
      const { host } = this.url(path)
      throw new ReleaseError(
        joined(couldNotGet(name), {
          en: `The response of ${host} is not from GitHub's API. Check whether a proxy or firewall intercepts the connection.`,
          zh: `${host} 返回的内容不是 GitHub API 的响应。请检查网络代理或防火墙是否拦截了连接。`,
        }),
        { cause },
      )
    }
  }

  /** Requests something, repeatedly if that may help. @throws ReleaseError, or the signal's reason */
  async #get(name: Text, request: Pick<HttpRequest, 'url' | 'headers' | 'readBody' | 'signal'>) {
    const { http, retries, log } = this.#options
    const environment = { ...http.environment, signal: request.signal ?? http.environment.signal }
    const waitAfter = (error: unknown) => {
      if (error instanceof Refusal) return error.waitBeforeRetry(environment.clock.now())
      if (error instanceof DamagedDownload) return 0
      return error instanceof HttpError && error.code !== 'AnswerTooLarge' ? 0 : undefined
    }
    const onWait = (error: unknown, delay: number, attempt: number) => {
      const retry = {
        en: `Retrying in ${seconds(delay)} s (attempt ${attempt} of ${retries + 1}).`,
        zh: `${seconds(delay)} 秒后重试（第 ${attempt} 次，共 ${retries + 1} 次）。`,
      }
      if (isOfRequest(error)) log([error.text, retry].reduce(joined, couldNotGet(name)))
    }
    try {
      return await withRetries({ retries, waitAfter, onWait }, environment, () => this.#attempt(request))
    } catch (error) {
      environment.signal.throwIfAborted()
      throw isOfRequest(error) ? failed(name, error) : error
    }
  }

  /** Sends one request, and follows redirects. Only the API's own origin gets the token. */
  async #attempt({ url, headers, ...rest }: Pick<HttpRequest, 'url' | 'headers' | 'readBody' | 'signal'>) {
    const { http, token } = this.#options
    const { origin } = this.url('/')
    const common = { ...headers, 'user-agent': 'upload-to-dingtalk' }
    for (let redirects = 0, from = url; ; redirects++) {
      const isApi = from.origin === origin
      const response = await http.send({
        ...rest,
        method: 'GET',
        url: from,
        headers: isApi ? { ...common, authorization: `token ${token}` } : common,
        maxResponse: MAX_RESPONSE,
      })
      const { status } = response
      if (status >= 200 && status < 300) return response
      const to = redirects < MAX_REDIRECTS ? redirectOf(response, from) : undefined
      if (!to) throw new Refusal(response, from.host, isApi)
      from = to
    }
  }
}

/** Where a response redirects to; undefined if it doesn't, or if others could read the file on the way. */
function redirectOf({ status, headers }: HttpResponse, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined
  const to = URL.parse(String(headers['location'] ?? ''), from.href)
  if (to?.protocol === 'http:' && (from.protocol === 'http:' || isLoopback(to.href))) return to
  return to?.protocol === 'https:' ? to : undefined
}

const RATE_LIMIT: Text = {
  en: "GitHub's rate limit is exceeded. Run the job again later.",
  zh: '超过 GitHub 的请求频率限制，请稍后重新运行。',
}

/** What to do about a response of the API, by HTTP status. */
const ADVICE: Readonly<Record<number, Text>> = {
  401: {
    en: 'github-token is not valid. Remove the input to use the token of the job.',
    zh: 'github-token 无效。删除该输入即可使用任务自带的 token。',
  },
  403: {
    en: 'github-token has no permission to read the release. Add `contents: read` to the permissions of the job.',
    zh: 'github-token 没有读取该 Release 的权限。请在任务的 permissions 中添加 `contents: read`。',
  },
  404: {
    en: 'Check release-tag: the release does not exist, or github-token cannot see it. Draft releases require `contents: write`.',
    zh: '请检查 release-tag：Release 不存在，或 github-token 没有查看权限。草稿 Release 需要 `contents: write` 权限。',
  },
}

/** Why a request failed. */
type RequestError = Refusal | DamagedDownload | HttpError

function isOfRequest(error: unknown): error is RequestError {
  return error instanceof Refusal || error instanceof DamagedDownload || error instanceof HttpError
}

function failed(name: Text, error: RequestError): ReleaseError {
  const text = joined(couldNotGet(name), error.text)
  if (!(error instanceof Refusal) || !error.isFromApi) return new ReleaseError(text, { cause: error })
  const { status } = error.response
  const advice = error.isRateLimit ? RATE_LIMIT : ADVICE[status]
  return new ReleaseError(advice ? joined(text, advice) : text, { cause: error, status })
}

function couldNotGet(name: Text): Text {
  return { en: `Could not get ${name.en}.`, zh: `无法获取${name.zh}。` }
}

/** What GitHub says about a failure, in one line; empty if it says nothing. */
function messageOf({ text }: HttpResponse): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' ? clipped(message.replace(/\s+/g, ' ').trim(), MAX_MESSAGE) : ''
  } catch {
    return ''
  }
}
