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

test('shows percent, speed, and time left every five seconds', () => {
  const { clock, lines, progress } = progressOf(100 * MIB)
  progress.at(1, 10 * MIB)
  progress.at(2, 10 * MIB)
  clock.advance(4999)
  expect(lines).toEqual([])
  clock.advance(1)
  progress.at(2, 40 * MIB)
  clock.advance(5000)
  expect(lines).toHaveLength(2)
  expectWhole(lines[0]!, '20%', '100.0 MiB', '4.0 MiB/s', '20')
  expectWhole(lines[1]!, '50%', '100.0 MiB', '6.0 MiB/s', '9')
})

test('nothing is reported while nothing is sent, and a wait does not slow the lines after it', () => {
  const { clock, lines, progress } = progressOf(100 * MIB)
  for (let second = 0; second < 60; second++) clock.advance(1000)
  expect(lines).toEqual([])
  progress.at(1, 20 * MIB)
  clock.advance(5000)
  expect(lines).toHaveLength(1)
  expectWhole(lines[0]!, '20%', '100.0 MiB', '4.0 MiB/s', '20')
})

test('a part that is sent again starts over, and nothing is reported until it moves on', () => {
  const { clock, lines, progress } = progressOf(100 * MIB)
  progress.at(1, 50 * MIB)
  clock.advance(5000)
  progress.at(1, 0)
  clock.advance(5000)
  expect(lines).toHaveLength(1)
  progress.at(1, 10 * MIB)
  clock.advance(5000)
  expect(lines).toHaveLength(2)
  expectWhole(lines[1]!, '10%', '2.0 MiB/s', '45')
})

test('keeps speed and time left if the clock is set back', () => {
  const { clock, lines, progress } = progressOf(100 * MIB)
  progress.at(1, 20 * MIB)
  clock.step(-3_600_000)
  clock.advance(5000)
  expect(lines).toHaveLength(1)
  expectWhole(lines[0]!, '20%', '100.0 MiB', '4.0 MiB/s', '20')
})

test('reports nothing after it is stopped', () => {
  const { clock, lines, progress } = progressOf(1)
  progress.stop()
  progress.at(1, 1)
  clock.advance(60_000)
  expect(lines).toEqual([])
})
