import { expect, test } from '@jest/globals'
import type { Text } from '../../src/http/text.ts'
import { Progress } from '../../src/upload/progress.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const MIB = 1024 ** 2

test('tells every five seconds: percent, speed, time left', () => {
  const clock = simulatedClock()
  const lines: Text[] = []
  const progress = new Progress(100 * MIB, clock, (line) => lines.push(line))
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

test('a part that is sent again starts over, and nothing sent is no speed', () => {
  const clock = simulatedClock()
  const lines: Text[] = []
  const progress = new Progress(100 * MIB, clock, (line) => lines.push(line))
  progress.at(1, 50 * MIB)
  progress.at(1, 0)
  clock.advance(5000)
  expect(lines).toHaveLength(1)
  expectWhole(lines[0]!, '0%', '100.0 MiB', '0 B/s')
})

test('a clock that is set back changes neither the speed nor the time left', () => {
  const clock = simulatedClock()
  const lines: Text[] = []
  const progress = new Progress(100 * MIB, clock, (line) => lines.push(line))
  progress.at(1, 20 * MIB)
  clock.step(-3_600_000)
  clock.advance(5000)
  expect(lines).toHaveLength(1)
  expectWhole(lines[0]!, '20%', '100.0 MiB', '4.0 MiB/s', '20')
})

test('tells nothing once stopped', () => {
  const clock = simulatedClock()
  const lines: Text[] = []
  new Progress(1, clock, (line) => lines.push(line)).stop()
  clock.advance(60_000)
  expect(lines).toEqual([])
})

test('an empty file is no division by zero', () => {
  const clock = simulatedClock()
  const lines: Text[] = []
  new Progress(0, clock, (line) => lines.push(line)).at(1, 0)
  clock.advance(5000)
  expect(JSON.stringify(lines)).not.toMatch(/NaN|Infinity/)
  expect(lines).toHaveLength(1)
  expectWhole(lines[0]!, '100%')
})
