import { expect, test } from '@jest/globals'
import { platformTime } from '../../src/dingtalk/times.ts'

const AT = Date.UTC(2026, 4, 28, 1, 37, 16)

test.each([
  ['2026-05-28T01:37:16Z', AT, 1000],
  ['2026-05-28T09:37:16+08:00', AT, 1000],
  ['2026-05-28T09:37:16+0800', AT, 1000],
  ['2026-05-27T20:07:16-05:30', AT, 1000],
  ['2026-05-28T01:37:16.999Z', AT, 1000],
  ['2026-05-28T01:37Z', AT - 16_000, 60_000],
  ['2026-05-28T09:37+08:00', AT - 16_000, 60_000],
  ['Thu May 28 09:37:16 CST 2026', AT, 1000],
  ['Thu Jan 01 00:00:00 CST 2026', Date.UTC(2025, 11, 31, 16), 1000],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29), 1000],
])('%s', (text, at, resolution) => {
  expect(platformTime(text)).toEqual({ at, resolution })
})

test('reads every month of the form with CST', () => {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  const days = months.map((_, month) => new Date(Date.UTC(2026, month, 2)).toUTCString().slice(0, 3))
  const read = months.map((month, at) => platformTime(`${days[at]!} ${month} 02 08:00:00 CST 2026`)?.at)
  expect(read).toEqual(months.map((_, month) => Date.UTC(2026, month, 2)))
})

test.each([
  undefined,
  null,
  '',
  // Without a time zone.
  '2026-05-28T01:37:16',
  '2026-05-28 01:37:16',
  '2026-05-28',
  '1779932236000',
  // No such date.
  '2026-13-01T00:00:00Z',
  '2026-05-28T01:60Z',
  '2026-05-28T01:37:60Z',
  '2026-05-28T01:37:16+08:60',
  'Thu Mai 28 09:37:16 CST 2026',
  'Thu May 28 09:37:16 CDT 2026',
  'Thu May 28 09:37:16 GMT 2026',
  'Thu, 28 May 2026 01:37:16 GMT',
  ' 2026-05-28T01:37:16Z',
  '2026-05-28T01:37:16Z\n',
])('does not guess %j', (text) => {
  expect(platformTime(text)).toBeUndefined()
})
