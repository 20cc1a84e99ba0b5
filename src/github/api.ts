import * as v from 'valibot'
import { TextError } from '../errors.ts'
import type { Http, HttpRequest, HttpResponse, ReadBody } from '../http/http.ts'
import { isLoopback } from '../http/proxies.ts'
import { HttpError } from '../http/request.ts'
import { withRetries } from '../http/retry.ts'
import { clipped, joined, seconds, type Text } from '../http/text.ts'

/** The largest response of the API (bytes), twice the size of 50 releases with 300 assets each. */
const MAX_RESPONSE = 32 * 1024 ** 2
/** A faulty server's list may never end. */
const MAX_PAGES = 100
const MAX_REDIRECTS = 5
/** How long (ms) to wait for a rate limit if GitHub doesn't say. */
const RATE_LIMIT_WAIT = 60_000
/** How much (characters) of GitHub's message is shown. */
const MAX_MESSAGE = 200

/** A request to GitHub failed, or its result can't be used. */
export class ReleaseError extends TextError {
  override readonly name = 'ReleaseError'
  /** The HTTP status of the API's response, if that is the reason. */
  readonly status: number | undefined
  /** How long to wait (ms) before another attempt; undefined if none can succeed. */
  readonly wait: number | undefined
  /** What to do if no attempt succeeds. */
  readonly advice: Text | undefined

  constructor(
    text: Text,
    given: ErrorOptions & Partial<Pick<ReleaseError, 'status' | 'wait' | 'advice'>> = {},
  ) {
    super(text, given)
    this.status = given.status
    this.wait = given.wait
    this.advice = given.advice
  }
}

export interface GitHubOptions {
  readonly http: Http
  readonly token: string
  /** `https://api.github.com`, or the API of another server. */
  readonly apiUrl: string
  /** Attempts of a request after the first. */
  readonly retries: number
  /** Called before each wait. */
  readonly log: (line: Text) => void
}

/**
 * GitHub's REST API, and compatible ones, such as Gitea's and Forgejo's. Requests that can succeed later are retried. Each has a
 * name for messages, such as "the asset app.apk". Methods throw a {@link ReleaseError}, or the signal's reason.
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

  async read<Schema extends v.GenericSchema>(
    name: Text,
    path: string,
    schema: Schema,
  ): Promise<v.InferOutput<Schema>> {
    return (await this.#page(name, path, schema)).content
  }

  /** The entries of a list. Requests a page only when it is needed. */
  async *list<Schema extends v.GenericSchema>(
    name: Text,
    path: string,
    entry: Schema,
    perPage: number,
  ): AsyncGenerator<v.InferOutput<Schema>, void> {
    for (let page = 1; page <= MAX_PAGES; page++) {
      const pagePath = `${path}?per_page=${perPage}&page=${page}`
      const { content, isLast } = await this.#page(name, pagePath, v.array(entry))
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

  /** @param readBody gets the file from the start in each attempt */
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

  async #get(name: Text, request: Request): Promise<HttpResponse> {
    const { http, retries, log } = this.#options
    const environment = { ...http.environment, signal: request.signal ?? http.environment.signal }
    const waitAfter = (error: unknown) => {
      if (error instanceof ReleaseError) return error.wait
      return error instanceof HttpError && error.code !== 'AnswerTooLarge' ? 0 : undefined
    }
    const onWait = (error: unknown, delay: number, attempt: number) => {
      const retry = {
        en: `Retrying in ${seconds(delay)} s (attempt ${attempt} of ${retries + 1}).`,
        zh: `${seconds(delay)} 秒后重试（第 ${attempt} 次，共 ${retries + 1} 次）。`,
      }
      log([couldNotGet(name), (error as ReleaseError | HttpError).text, retry].reduce(joined))
    }
    try {
      return await withRetries({ retries, waitAfter, onWait }, environment, () => this.#attempt(request))
    } catch (cause) {
      environment.signal.throwIfAborted()
      if (!(cause instanceof ReleaseError || cause instanceof HttpError)) throw cause
      const { status, advice }: Partial<ReleaseError> = cause instanceof ReleaseError ? cause : {}
      const parts = [couldNotGet(name), cause.text, ...(advice ? [advice] : [])]
      throw new ReleaseError(parts.reduce(joined), { cause, status })
    }
  }

  /** Sends one request, and follows redirects. Only the API's own origin gets the token. */
  async #attempt({ url, headers, ...rest }: Request): Promise<HttpResponse> {
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
      if (!to) throw refusal(response, from.host, isApi, http.environment.clock.now())
      from = to
    }
  }
}

type Request = Pick<HttpRequest, 'url' | 'headers' | 'readBody' | 'signal'>

/** Where a response redirects to. An HTTPS response must not redirect to HTTP, except on this machine. */
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

/**
 * The error for an unsuccessful response. Rate limits:
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 *
 * @param isApi false for the storage that the API redirects downloads to
 */
function refusal(
  { status, headers, text }: HttpResponse,
  host: string,
  isApi: boolean,
  now: number,
): ReleaseError {
  const after = headers['retry-after']
  const isSpent = headers['x-ratelimit-remaining'] === '0'
  const isLimited = isSpent || after !== undefined || /\bsecondary rate\b/i.test(text)
  const isRateLimit = isApi && (status === 429 || (status === 403 && isLimited))
  const reset = Number(headers['x-ratelimit-reset'] ?? NaN) * 1000
  let wait = isRateLimit ? RATE_LIMIT_WAIT : undefined
  if (status >= 500 || status === 408) wait = 0
  // The clock of the runner may be wrong. Both of GitHub's headers are in whole seconds.
  if (isRateLimit && isSpent && reset > 0)
    wait = Math.max(0, reset - (Date.parse(String(headers['date'])) || now) + 1000)
  if (wait !== undefined && Number(after) >= 0) wait = Number(after) * 1000
  const message = isApi ? messageOf(text) : ''
  const response = {
    en: `${host} responded with HTTP ${status}${message && ` (${message})`}.`,
    zh: `${host} 返回 HTTP ${status}${message && `（${message}）`}。`,
  }
  if (!isApi) return new ReleaseError(response, { wait })
  return new ReleaseError(response, { wait, status, advice: isRateLimit ? RATE_LIMIT : ADVICE[status] })
}

function couldNotGet(name: Text): Text {
  return { en: `Could not get ${name.en}.`, zh: `无法获取${name.zh}。` }
}

/** The message of an error response, in one line; empty if there is none. */
function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' ? clipped(message.replace(/\s+/g, ' ').trim(), MAX_MESSAGE) : ''
  } catch {
    return ''
  }
}
