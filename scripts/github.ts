/** The repository and the access to it. */
export interface GitHubOptions {
  /** Such as `https://api.github.com`. */
  apiUrl: string
  /** Such as `owner/name`. */
  repository: string
  token: string
}

/**
 * The REST API of GitHub, for one repository. Jobs with write permissions use this instead of a package, so that no code from a
 * registry can read their token.
 */
export class GitHub {
  readonly #options: GitHubOptions

  constructor(options: GitHubOptions) {
    this.#options = options
  }

  get repository(): string {
    return this.#options.repository
  }

  /**
   * Calls the API.
   *
   * @param path below the repository, such as `releases/1`, or a whole URL
   * @throws GitHubError for every status but 2xx
   */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.#send(method, path, body === undefined ? {} : { body: JSON.stringify(body) })
  }

  /** Like `call` with GET, but returns undefined for HTTP 404. */
  async find(path: string): Promise<unknown> {
    try {
      return await this.call('GET', path)
    } catch (error) {
      if (error instanceof GitHubError && error.status === 404) return undefined
      throw error
    }
  }

  /** All entries of a list, from all its pages. */
  async list(path: string): Promise<unknown[]> {
    const entries: unknown[] = []
    for (let page = 1; ; page++) {
      const found = (await this.call('GET', `${path}?per_page=100&page=${page}`)) as unknown[]
      entries.push(...found)
      if (found.length < 100) return entries
    }
  }

  /** Sends a file to the URL of a release for uploads. */
  async upload(url: string, bytes: Buffer): Promise<unknown> {
    return this.#send('POST', url, { body: bytes, headers: { 'content-type': 'application/octet-stream' } })
  }

  async #send(
    method: string,
    path: string,
    { body, headers }: { body?: string | Buffer; headers?: Record<string, string> },
  ): Promise<unknown> {
    const { apiUrl, repository, token } = this.#options
    const url = path.startsWith('http') ? path : `${apiUrl}/repos/${repository}/${path}`
    const response = await fetch(url, {
      ...(body === undefined ? {} : { body }),
      method,
      redirect: 'error',
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-github-api-version': '2022-11-28',
        ...headers,
      },
    })
    const text = await response.text()
    if (!response.ok) throw new GitHubError(method, new URL(url).pathname, response.status, text)
    return text === '' ? undefined : JSON.parse(text)
  }
}

/** GitHub rejected a call, or failed. */
export class GitHubError extends Error {
  readonly status: number

  constructor(method: string, path: string, status: number, text: string) {
    super(`${method} ${path}: HTTP ${status} ${text.slice(0, 500)}`)
    this.status = status
  }
}
