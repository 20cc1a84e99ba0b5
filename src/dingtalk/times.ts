/** A time as the platform reports it. The moment itself lies between `at` (inclusive) and `at + resolution` (exclusive). */
export interface PlatformTime {
  /** ms since the epoch */
  readonly at: number
  /** ms: a minute or a second */
  readonly resolution: number
}

/** How long to wait (ms) before each lookup of what a lost call did: a list may lag behind. */
export const LOOKUP_DELAYS = [1000, 3000, 9000]

const SECOND = 1000
const MINUTE = 60 * SECOND
/** China Standard Time, in ms. `Date.parse` takes `CST` for US Central Time. */
const CHINA = 8 * 60 * MINUTE

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/
const JAVA = /^([A-Z][a-z]{2}) ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) CST (\d{4})$/
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Reads a time of the platform. Known forms: ISO 8601 with a zone, to the minute or the second (the pages show both), and
 * Java's `Thu May 28 09:37:16 CST 2026`, which the real service has answered.
 *
 * @returns undefined for everything else: another form is not guessed at
 */
export function platformTime(text: string | null | undefined): PlatformTime | undefined {
  const iso = ISO.exec(text ?? '')
  if (iso) {
    const [, year, month, day, hour, minute, second, zone = 'Z'] = iso
    const offset = zoneOffset(zone)
    const local = utc(year, Number(month) - 1, day, hour, minute, second ?? '0')
    if (local === undefined || offset === undefined) return undefined
    return { at: local - offset, resolution: second === undefined ? MINUTE : SECOND }
  }
  const java = JAVA.exec(text ?? '')
  if (!java) return undefined
  const [, weekday, month = '', day, hour, minute, second, year] = java
  const local = utc(year, MONTHS.indexOf(month), day, hour, minute, second)
  if (local === undefined || DAYS[new Date(local).getUTCDay()] !== weekday) return undefined
  return { at: local - CHINA, resolution: SECOND }
}

/** Whether a time is certainly before a moment (ms since the epoch), whatever is below its resolution. */
export function isBefore(time: PlatformTime | undefined, moment: number | undefined): boolean {
  return time !== undefined && moment !== undefined && time.at + time.resolution <= moment
}

/** ms since the epoch of a date in UTC. @returns undefined if there is no such date */
function utc(
  year: string | undefined,
  month: number,
  ...[day, hour, minute, second]: (string | undefined)[]
): number | undefined {
  const fields = [Number(year), month, Number(day), Number(hour), Number(minute), Number(second)] as const
  const at = Date.UTC(...fields)
  const date = new Date(at)
  // A field out of its range runs over into the next: then it is no date.
  const read = [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ]
  return fields.every((field, index) => field === read[index]) ? at : undefined
}

/** @param zone `Z`, `+08:00` or `+0800`. @returns ms east of UTC */
function zoneOffset(zone: string): number | undefined {
  if (zone === 'Z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))]
  if (hours > 14 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE
}
