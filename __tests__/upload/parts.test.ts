import { describe, expect, test } from '@jest/globals'
import { planParts } from '../../src/upload/parts.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

test('parts follow one another and make up the file', () => {
  expect(planParts(1_000_000, 300_000, 4)).toEqual([
    { number: 1, start: 0, size: 300_000 },
    { number: 2, start: 300_000, size: 300_000 },
    { number: 3, start: 600_000, size: 300_000 },
    { number: 4, start: 900_000, size: 100_000 },
  ])
  expect(planParts(600_000, 300_000, 4)).toHaveLength(2)
})

test.each([
  [100_000, [102_400, 102_400, 45_200]],
  [102_399, [102_400, 102_400, 45_200]],
  [102_401, [102_401, 102_401, 45_198]],
])('parts of %d bytes are at least as large as OSS wants them', (partSize, sizes) => {
  expect(planParts(250_000, partSize, 4).map(({ size }) => size)).toEqual(sizes)
})

describe('auto', () => {
  test.each([
    // [file, connections, parts, MiB each]: at least 8 MiB, and rounds of as many parts as connections
    [33 * MIB, 4, 4, 8.25],
    [40 * MIB, 8, 5, 8],
    [200 * MIB, 8, 24, 8.33],
    [200 * MIB, 4, 24, 8.33],
    [2 * GIB, 4, 60, 34.13],
    [3.75 * GIB, 4, 60, 64],
    // and at most 64 MiB
    [100 * GIB, 4, 1600, 64],
  ])('%d bytes over %d connections: %d parts of %d MiB', (size, connections, count, each) => {
    const parts = planParts(size, 'auto', connections)
    expect(parts).toHaveLength(count)
    expect(parts[0]!.size / MIB).toBeCloseTo(each, 2)
    expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(size)
  })

  test.each([1, 3, 4, 8, 32])(
    '%d connections: never below 8 MiB, however large or small the file',
    (connections) => {
      for (let size = 8 * MIB; size < 2000 * MIB; size += 7 * MIB + 13) {
        expect(planParts(size, 'auto', connections)[0]!.size).toBeGreaterThanOrEqual(8 * MIB)
      }
    },
  )
})

test('10,000 parts are not too many', () => {
  expect(planParts(10_000 * 102_400, 102_400, 4)).toHaveLength(10_000)
  expect(planParts(10_000 * 102_400 + 1, 102_400, 4)).toHaveLength(10_000)
})

test('a part size that would take more than 10,000 parts grows', () => {
  const parts = planParts(100 * GIB, 100 * 1024, 4)
  expect(parts.length).toBeLessThanOrEqual(10_000)
  expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(100 * GIB)
  expect(planParts(2000 * GIB, 'auto', 4).length).toBeLessThanOrEqual(10_000)
})
