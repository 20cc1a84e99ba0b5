import { describe, expect, test } from '@jest/globals'
import { SlowStart, Wire } from '../../bench/wire.ts'

describe('a wire', () => {
  test('carries bytes in order at its rate', () => {
    const wire = new Wire(1000)
    expect(wire.carry(500, 100)).toBe(600)
    expect(wire.carry(500, 100)).toBe(1100)
    expect(wire.carry(500, 5000)).toBe(5500)
  })

  test('carries bytes immediately without a limit', () => {
    expect(new Wire(Infinity).carry(1e9, 7)).toBe(7)
  })

  test('changes its rate midway through a chunk', () => {
    const wire = new Wire([
      { from: 0, rate: 1000 },
      { from: 1000, rate: 100 },
      { from: 3000, rate: 10_000 },
    ])
    // 1000 bytes in the first second, 200 in the next two, and 1000 in a tenth of the fourth
    expect(wire.carry(2200, 0)).toBe(3100)
    expect(wire.carry(1000, 0)).toBe(3200)
    expect([0, 999, 1000, 5000].map((at) => wire.rateAt(at))).toEqual([1000, 1000, 100, 10_000])
  })

  test('stops while its rate is 0', () => {
    const pause = [
      { from: 0, rate: 1000 },
      { from: 1000, rate: 0 },
      { from: 4000, rate: 1000 },
    ]
    expect(new Wire(pause).carry(1500, 0)).toBe(4500)
    expect(new Wire(pause.slice(0, 2)).carry(1500, 0)).toBe(Infinity)
  })

  test('stalls after the bytes that it has taken', () => {
    const wire = new Wire(1000)
    expect(wire.carry(1000, 0)).toBe(1000)
    wire.stall(8000)
    expect(wire.carry(1000, 0)).toBe(10_000)
  })

  test('serves connections that share a rate in turn', () => {
    const shared = new Wire(4000)
    const own = [new Wire(2000), new Wire(2000), new Wire(2000), new Wire(2000)]
    const left = own.map((wire) => shared.carry(2000, wire.carry(2000, 0)))
    expect(left).toEqual([1500, 2000, 2500, 3000])
  })
})

describe('slow start', () => {
  /** When the last of so many bytes leaves a connection without any other limit. */
  function sendAll(bytes: number, roundTrip: number): number {
    const window = new SlowStart(roundTrip)
    let at = 0
    for (let left = bytes; left > 0;) {
      const next = window.next(left, at)
      window.sent(next.bytes, next.at)
      at = next.at
      left -= next.bytes
    }
    return at
  }

  test('starts with ten segments', () => {
    expect(sendAll(14_600, 150)).toBe(0)
    expect(sendAll(14_601, 150)).toBe(150)
  })

  test('doubles the window with each round trip', () => {
    expect(sendAll(3 * 14_600, 150)).toBe(150)
    expect(sendAll(3 * 14_600 + 1, 150)).toBe(300)
    expect(sendAll(7 * 14_600, 150)).toBe(300)
    expect(sendAll(15 * 14_600, 150)).toBe(450)
  })

  test('does not wait for bytes that were acknowledged long ago', () => {
    const window = new SlowStart(100)
    window.sent(14_600, 0)
    expect(window.next(50_000, 5000)).toEqual({ bytes: 29_200, at: 5000 })
  })
})
