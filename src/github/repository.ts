import { context, getOctokit } from '@actions/github'
import { defaults } from '@actions/github/lib/utils'
import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import type { Environment } from '../http/environment.ts'
import { retryDelay } from '../http/retry.ts'
import type { Text } from '../http/text.ts'
import { markRateLimit } from './rate-limit.ts'
import { ReleaseError, rootCause } from './release-error.ts'
import { type ReadBody, wholeFetch } from './whole-fetch.ts'

/** If GitHub asks for a longer wait than this (ms), the request fails instead: the job would only hang. */
const MAX_RETRY_AFTER = 120_000
/** Statuses that no further attempt changes. The plugin for rate limits repeats 403 and 429. */
const FINAL_STATUSES = [400, 401, 403, 404, 410, 422, 429, 451]

/** `fetch` through the proxies of the environment. */
const proxyFetch = defaults.request?.fetch as typeof fetch

type Octokit = ReturnType<typeof getOctokit>

/** A repository, and GitHub's API to ask about it. */
export interface Repository {
  owner: string
  repo: string
  octokit: Octokit
  /** Aborted when the job is cancelled. */
  signal: AbortSignal | undefined
  /** The `fetch` for a request whose body is too large for memory. */
  fetch: (readBody: ReadBody) => typeof fetch
}

/** What repeating a request to GitHub needs. */
export interface GitHubRetries extends Pick<Environment, 'clock' | 'random' | 'signal'> {
  readonly retries: number
  readonly log: (line: Text) => void
}

export interface RepositoryOptions {
  token: string
  retryOptions: GitHubRetries
  /** ms without a response, or without a byte of it, after which an attempt fails */
  idleTimeout: number
  /** Default: `GITHUB_API_URL`. */
  apiUrl?: string
}

/**
 * The repository of the workflow (`GITHUB_REPOSITORY`). Its requests are repeated where that may help. Each names what it
 * asks for, for the log, in the option `request.what`.
 */
export function openRepository({ token, retryOptions, idleTimeout, apiUrl }: RepositoryOptions): Repository {
  const { retries, signal } = retryOptions
  const attempts = new Attempts(retryOptions)
  const fetch = (readBody?: ReadBody) =>
    wholeFetch({ fetch: proxyFetch, clock: retryOptions.clock, idleTimeout, signal, readBody })
  const onLimit = (seconds: number, request: object) => attempts.mayWait(request, seconds * 1000)
  const octokit = getOctokit(
    token,
    {
      ...(apiUrl !== undefined && { baseUrl: apiUrl }),
      request: { ...defaults.request, fetch: fetch() },
      // The plugins decide whether a request is repeated. They do not wait, for Attempts does.
      retry: { retries, retryAfterBaseValue: 0, doNotRetry: FINAL_STATUSES },
      throttle: { retryAfterBaseValue: 0, onRateLimit: onLimit, onSecondaryRateLimit: onLimit },
    },
    attempts.plugin,
    retry,
    throttling,
  )
  return { ...context.repo, octokit, signal, fetch }
}

/**
 * The attempts of a request, and the waits between them. The plugins' own timers could not be cancelled with the job,
 * and would keep the process alive.
 */
class Attempts {
  readonly #retryOptions: GitHubRetries
  /** Of a request that failed: how often, why, and the wait that GitHub asked for, in ms. */
  readonly #failed = new WeakMap<object, { failures: number; error: unknown; retryAfter: number }>()

  constructor(retryOptions: GitHubRetries) {
    this.#retryOptions = retryOptions
  }

  /** Whether a request may be repeated after the wait (ms) that GitHub asks for. */
  mayWait(request: object, retryAfter: number): boolean {
    const failed = this.#failed.get(request)
    if (!failed || failed.failures > this.#retryOptions.retries || retryAfter > MAX_RETRY_AFTER) return false
    failed.retryAfter = retryAfter
    return true
  }

  /** Octokit needs it before the plugins that repeat requests: then it sees every attempt. */
  readonly plugin = ({ hook }: Pick<Octokit, 'hook'>) => {
    const { signal } = this.#retryOptions
    hook.wrap('request', async (request, options) => {
      await this.#wait(options, options.request['what'] as Text)
      try {
        return await request(options)
      } catch (error) {
        signal?.throwIfAborted()
        // Octokit wraps what a fetch throws. No further attempt changes a ReleaseError.
        if (error instanceof Error && error.cause instanceof ReleaseError) throw error.cause
        markRateLimit(error)
        const failures = (this.#failed.get(options)?.failures ?? 0) + 1
        this.#failed.set(options, { failures, error, retryAfter: 0 })
        throw error
      }
    })
  }

  /** Backs off exponentially from half a second, with jitter, so that the jobs of a matrix do not come back together. */
  async #wait(request: object, what: Text): Promise<void> {
    const { clock, random, log, signal } = this.#retryOptions
    const failed = this.#failed.get(request)
    if (!failed) return
    const wait = retryDelay(failed.retryAfter, failed.failures, random) ?? 0
    const [why, seconds] = [rootCause(failed.error), (wait / 1000).toFixed(1)]
    log({
      en: `Could not get ${what.en} (${why.en}). Retrying in ${seconds} s.`,
      zh: `无法获取${what.zh}（${why.zh}），${seconds} 秒后重试。`,
    })
    await clock.sleep(wait, signal)
  }
}
