import { TextError } from '../errors.ts'
import { joined, type Text, verbatim } from '../http/text.ts'
import { isRateLimit } from './rate-limit.ts'

/** The assets of a release could not be downloaded; the text says why, and what to do. */
export class ReleaseError extends TextError {
  override readonly name = 'ReleaseError'
}

/**
 * Runs requests, and says why they failed.
 *
 * @param what is requested, as the message names it
 * @throws ReleaseError, or the signal's reason
 */
export async function explaining<T>(
  what: Text,
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

const RATE_LIMIT: Text = {
  en: "GitHub's rate limit is exceeded. Run the job again later.",
  zh: '超过 GitHub 的请求频率限制，请稍后重新运行。',
}

/** What to do about a refusal, by HTTP status. */
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

function explained(error: unknown, what: Text): ReleaseError {
  const reason = rootCause(error)
  const failed: Text = {
    en: `Could not get ${what.en} (${reason.en}).`,
    zh: `无法获取${what.zh}（${reason.zh}）。`,
  }
  const advice = isRateLimit(error) ? RATE_LIMIT : ADVICE[statusOf(error) ?? 0]
  return new ReleaseError(advice ? joined(failed, advice) : failed, { cause: error })
}

/** The HTTP status of GitHub's response. Octokit gives failed connections the status 500, but no response. */
export function statusOf(error: unknown): number | undefined {
  const { response, status } = error as { response?: unknown; status?: number }
  return response === undefined ? undefined : status
}

/** The reason that the innermost cause gives. */
export function rootCause(error: unknown): Text {
  if (error instanceof TextError) return error.text
  const { message, cause } = error as Error
  return cause instanceof Error ? rootCause(cause) : verbatim(message)
}
