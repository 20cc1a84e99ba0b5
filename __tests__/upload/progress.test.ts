import { expect, test } from '@jest/globals'
import type { Text } from '../../src/http/text.ts'
import { Progress } from '../../src/upload/progress.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const MIB = 1024 ** 2

/** The progress of a file, and the lines that it reports. */
function progressOf(size: number) {
  const clock = simulatedClock()
  const lines: Text[] = []
  const progress = new Progress(size, clock, (line) => lines.push(line))
  return { clock, lines, progress }
}

test('percent, speed, and time left every five seconds', () => {
  const { clock, lines, progress } = progressOf(100 * MIB)
  for (const part of [1, 2]) progress.at(part, 0)
  progress.at(1, 10 * MIB)
  progress.at(2, 10 * MIB)
  clock.advance(4999)
  expect(lines).toEqual([])
  clock.advance(1)
  progress.at(2, 30 * MIB)
  clock.advance(5000)
  expect(lines).toHaveLength(2)
  expectWhole(lines[0]!, '20%', '100.0 MiB', '4.0 MiB/s', '20')
  expectWhole(lines[1]!, '40%', '100.0 MiB', '4.0 MiB/s', '15')
})

test('a file that waits for a connection reports nothing, and its wait counts neither for speed nor for time left', () => {
  const { clock, lines, progress } = progressOf(100 * MIB)
  clock.advance(62_000)
  expect(lines).toEqual([])
  progress.at(1, 0)
  progress.at(1, 20 * MIB)
  clock.advance(5000)
  expect(lines).toHaveLength(1)
  expectWhole(lines[0]!, '20%', '100.0 MiB', '4.0 MiB/s', '20')
})

test('nor does a file that waits for its next attempt, or whose next part waits', () => {
  const { clock, lines, progress } = progressOf(100 * MIB)
  progress.at(1, 0)
  progress.at(2, 0)
  clock.advance(4000)
  progress.pause(1, 20 * MIB)
  progress.pause(2, 0)
  for (let second = 0; second < 60; second++) clock.advance(1000)
  expect(lines).toEqual([])
  progress.at(2, 0)
  progress.at(2, 5 * MIB)
  clock.advance(1000)
  expect(lines).toHaveLength(1)
  expectWhole(lines[0]!, '25%', '100.0 MiB', '5.0 MiB/s', '15')
})

test('a part that is sent again starts over, and nothing sent is no speed', () => {
  const { clock, lines, progress } = progressOf(100 * MIB)
  progress.at(1, 0)
  progress.at(1, 50 * MIB)
  progress.at(1, 0)
  clock.advance(5000)
  expect(lines).toHaveLength(1)
  expectWhole(lines[0]!, '0%', '100.0 MiB')
})

test('what has stalled is reported once, until it goes on', () => {
  const { clock, lines, progress } = progressOf(3)
  progress.at(1, 0)
  for (let second = 0; second < 30; second++) clock.advance(1000)
  expect(lines).toHaveLength(1)
  progress.at(1, 1)
  clock.advance(5000)
  expect(lines).toHaveLength(2)
  clock.advance(10_000)
  expect(lines).toHaveLength(3)
  expectWhole(lines[1]!, '33%', 'B/s')
  for (const line of [lines[0]!, lines[2]!]) expect(line.en + line.zh).not.toContain('B/s')
})

test('a clock that is set back changes neither the speed nor the time left', () => {
  const { clock, lines, progress } = progressOf(100 * MIB)
  progress.at(1, 0)
  progress.at(1, 20 * MIB)
  clock.step(-3_600_000)
  clock.advance(5000)
  expect(lines).toHaveLength(1)
  expectWhole(lines[0]!, '20%', '100.0 MiB', '4.0 MiB/s', '20')
})

test('nothing is reported once it is stopped', () => {
  const { clock, lines, progress } = progressOf(1)
  progress.at(1, 0)
  progress.stop()
  clock.advance(60_000)
  progress.at(1, 0)
  clock.advance(60_000)
  expect(lines).toEqual([])
})

test('an empty file is no division by zero', () => {
  const { clock, lines, progress } = progressOf(0)
  progress.at(1, 0)
  clock.advance(5000)
  expect(JSON.stringify(lines)).not.toMatch(/NaN|Infinity/)
  expect(lines).toHaveLength(1)
  expectWhole(lines[0]!, '100%')
})
