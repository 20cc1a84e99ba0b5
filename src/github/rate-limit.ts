/** The message by which `@octokit/plugin-throttling` recognizes a secondary rate limit. */
const SECONDARY = /\bsecondary rate\b/i

/** An error of Octokit's for a response that is no success. */
interface RefusedRequest extends Error {
  status: number
  response: { headers: Record<string, string | undefined> }
}

/**
 * Whether GitHub refused a request for one of its rate limits. Page:
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function isRateLimit(error: unknown): error is RefusedRequest {
  const { status, response, message } = error as Partial<RefusedRequest>
  if (!response) return false
  return (
    status === 429 ||
    (status === 403 &&
      (response.headers['x-ratelimit-remaining'] === '0' ||
        response.headers['retry-after'] !== undefined ||
        SECONDARY.test(message ?? '')))
  )
}

/** Makes the plugin recognize every rate limit: it misses a 429 whose message does not say which limit is meant. */
export function markRateLimit(error: unknown): void {
  if (!isRateLimit(error)) return
  const { headers } = error.response
  if (headers['x-ratelimit-remaining'] === '0' || SECONDARY.test(error.message)) return
  error.message = `secondary rate limit: ${error.message}`
}
