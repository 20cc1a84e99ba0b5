import { describe, expect, test } from '@jest/globals'
import { firstConnections, goesInParts, planParts } from '../../src/upload/multipart.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

test('divides a file into consecutive parts', () => {
  expect(planParts(9 * MIB + 1, 4)).toEqual([
    { number: 1, start: 0, size: 2_359_297 },
    { number: 2, start: 2_359_297, size: 2_359_297 },
    { number: 3, start: 4_718_594, size: 2_359_297 },
    { number: 4, start: 7_077_891, size: 2_359_294 },
  ])
})

describe('the number of parts:', () => {
  test.each([
    // Near, one for each connection, if they have 1.5 to 12 MiB then.
    [9 * MIB, 16, 6, 1.5],
    [12 * MIB, 16, 8, 1.5],
    [48 * MIB, 16, 16, 3],
    [80 * MIB, 8, 8, 10],
    // Then rounds of as many parts of at least 12 MiB as connections, up to 60 of them.
    [100 * MIB, 8, 8, 12.5],
    [256 * MIB, 8, 16, 16],
    [384 * MIB, 8, 32, 12],
    [480 * MIB, 16, 32, 15],
    [2 * GIB, 8, 56, 36.57],
    [100 * GIB, 8, 1600, 64],
  ])('near, %d bytes over %d connections: %d parts of %d MiB', (size, connections, count, each) => {
    const parts = planParts(size, connections, 5)
    expect(parts).toHaveLength(count)
    expect(parts[0]!.size / MIB).toBeCloseTo(each, 2)
    expect(planParts(size, connections)).toEqual(parts)
  })

  test.each([
    // Far, one for each connection, if they have 0.5 to 8 MiB then.
    [9 * MIB, 4, 4, 2.25],
    [12 * MIB, 30, 24, 0.5],
    [48 * MIB, 30, 30, 1.6],
    [96 * MIB, 30, 30, 3.2],
    [40 * MIB, 8, 8, 5],
    // Then rounds of as many parts of at least 8 MiB as connections, up to 60 of them.
    [33 * MIB, 4, 4, 8.25],
    [200 * MIB, 8, 24, 8.33],
    [200 * MIB, 4, 24, 8.33],
    [500 * MIB, 30, 60, 8.33],
    [2 * GIB, 4, 60, 34.13],
    [3.75 * GIB, 4, 60, 64],
    // As many as connections, unless that would cost a call more.
    [24 * MIB, 32, 30, 0.8],
    // And at most 64 MiB.
    [100 * GIB, 4, 1600, 64],
  ])('far, %d bytes over %d connections: %d parts of %d MiB', (size, connections, count, each) => {
    const parts = planParts(size, connections, 150)
    expect(parts).toHaveLength(count)
    expect(parts[0]!.size / MIB).toBeCloseTo(each, 2)
    expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(size)
  })

  test.each([1, 3, 4, 8, 25, 31, 32])('%d connections: at most 60 parts, of 0.5 to 64 MiB', (connections) => {
    for (let size = 4 * MIB; size < 3840 * MIB; size += 7 * MIB + 13) {
      for (const roundTrip of [5, 150]) {
        const parts = planParts(size, connections, roundTrip)
        expect(parts[0]!.size).toBeGreaterThanOrEqual(MIB / 2)
        expect(parts[0]!.size).toBeLessThanOrEqual(64 * MIB)
        expect(parts.length).toBeLessThanOrEqual(60)
      }
    }
  })
})

test('uses larger parts for a huge file, because the platform accepts 10,000', () => {
  const parts = planParts(2000 * GIB, 4)
  expect(parts.length).toBeLessThanOrEqual(10_000)
  expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(2000 * GIB)
})

test.each<[string, number | undefined, boolean[]]>([
  // Of 4 MiB, 5 MiB, 8 MiB and 9 MiB.
  ['near', 5, [false, false, false, true]],
  ['far away', 150, [false, true, true, true]],
  ['at an unknown distance', undefined, [false, false, false, true]],
])('uses parts for a storage that is %s', (_, roundTrip, expected) => {
  const sizes = [4 * MIB, 5 * MIB, 8 * MIB, 9 * MIB]
  expect(sizes.map((size) => goesInParts(size, roundTrip))).toEqual(expected)
})

test.each([
  [undefined, 16],
  [1, 16],
  [40, 16],
  [100, 20],
  [150, 30],
  [1000, 30],
])('starts, with a round trip of %s ms, with %d connections', (roundTrip, connections) => {
  expect(firstConnections(roundTrip)).toBe(connections)
})
