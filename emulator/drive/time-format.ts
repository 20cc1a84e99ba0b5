export const TIME_FORMATS = ['iso', 'iso-minutes', 'cst'] as const
/**
 * The form of the times in responses. `iso`: to the second. `iso-minutes`: to the minute. `cst`: Java's, in China
 * Standard Time.
 */
export type TimeFormat = (typeof TIME_FORMATS)[number]

/** China Standard Time, in ms. */
const CHINA = 8 * 3600_000

/** @param time ms since the epoch; what is below the format's resolution is cut off */
export function formatTime(time: number, format: TimeFormat): string {
  const iso = new Date(time).toISOString()
  if (format === 'iso') return iso.replace(/\.\d+Z$/, 'Z')
  if (format === 'iso-minutes') return iso.replace(/:\d\d\.\d+Z$/, 'Z')
  // `Thu, 28 May 2026 09:37:16 GMT`
  const [weekday = '', day = '', month = '', year = '', clock = ''] = new Date(time + CHINA)
    .toUTCString()
    .split(' ')
  return `${weekday.replace(',', '')} ${month} ${day} ${clock} CST ${year}`
}
