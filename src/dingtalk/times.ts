/** A time as the platform reports it. The actual time is between `at` (inclusive) and `at + resolution` (exclusive). */
export interface PlatformTime {
  /** ms since the epoch */
  readonly at: number
  /** ms: a minute or a second */
  readonly resolution: number
}

/** How long to wait (ms) before each lookup of what a lost call did, because lists may not be up to date. */
export const LOOKUP_DELAYS = [1000, 3000, 9000]

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/
/** CST is China Standard Time. `Date.parse` takes it for US Central Time. */
const JAVA = /^[A-Z][a-z]{2} ([A-Z][a-z]{2} \d\d) (\d\d:\d\d:\d\d) CST (\d{4})$/

/**
 * Reads a time of the platform: ISO 8601 with a zone, to the minute or the second, or Java's
 * `Thu May 28 09:37:16 CST 2026`.
 *
 * @returns undefined for any other format
 */
export function platformTime(text: string | null | undefined): PlatformTime | undefined {
  if (!text || (!ISO.test(text) && !JAVA.test(text))) return undefined
  const at = Date.parse(text.replace(/\.\d+/, '').replace(JAVA, '$1 $3 $2 +0800'))
  return Number.isNaN(at) ? undefined : { at, resolution: /:\d\d:\d\d/.test(text) ? 1000 : 60_000 }
}

/** Whether a time is certainly before a moment (ms since the epoch), whatever its resolution hides. */
export function isBefore(time: PlatformTime | undefined, moment: number | undefined): boolean {
  return time !== undefined && moment !== undefined && time.at + time.resolution <= moment
}
