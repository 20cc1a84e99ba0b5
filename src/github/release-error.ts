import { isRateLimit } from './rate-limit.ts'

/** The assets of a release could not be got; the message says why, and what to do. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError'
}

/**
 * Runs requests, and says why they failed.
 *
 * @param what is asked for, as the message names it
 * @throws ReleaseError, or the signal's reason
 */
export async function explaining<T>(
  what: string,
  signal: AbortSignal | undefined,
  requests: () => Promise<T>,
): Promise<T> {
  try {
    return await requests()
  } catch (error) {
    signal?.throwIfAborted()
    throw error instanceof ReleaseError ? error : explained(error, what)
  }
}

function explained(error: unknown, what: string): ReleaseError {
  const said = `release-tag: ${what} cannot be had / 无法获取: ${rootCause(error)}`
  if (isRateLimit(error))
    return new ReleaseError(
      `${said}. GitHub's rate limit is exceeded: run the job again later / 超过 GitHub 的请求频率限制，请稍后重新运行`,
      { cause: error },
    )
  switch (statusOf(error)) {
    case 401:
      return new ReleaseError(`${said}. github-token is not valid / github-token 无效`)
    case 403:
      return new ReleaseError(
        `${said}. github-token may not read it: give the job \`permissions: contents: read\` / github-token 权限不足，请添加 contents: read`,
      )
    case 404:
      return new ReleaseError(
        `${said}. There is none, or github-token may not see it (drafts need contents: write) / 发布不存在，或 github-token 无权查看`,
      )
    case undefined:
    default:
      return new ReleaseError(said, { cause: error })
  }
}

/** The HTTP status that GitHub answered with. Octokit gives failed connections the status 500, but no response. */
export function statusOf(error: unknown): number | undefined {
  const { response, status } = error as { response?: unknown; status?: number }
  return response === undefined ? undefined : status
}

/** The message of the innermost cause. */
export function rootCause(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? rootCause(cause) : message
}
