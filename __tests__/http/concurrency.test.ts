import { describe, expect, test } from '@jest/globals'
import {
  AdaptiveConcurrency,
  type Concurrency,
  fixedConcurrency,
  MAX_CONCURRENCY,
} from '../../src/http/concurrency.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** A link and the storage at its end. */
interface Link {
  /** Bytes per ms that one connection carries, and all of them together. */
  each: number
  total: number
  /** ms */
  roundTrip: number
  /** The storage rejects a PUT while it receives so many others. */
  most?: number
  /** Resets every so many PUTs' connections, in their middle. */
  resetEvery?: number
  /** The storage rejects every PUT that starts in this time, in ms. */
  outage?: { from: number; to: number }
}

/** The first link of a hosted runner in America: 2 MiB/s a connection. */
const ocean: Link = { each: 2 * 1.024 * KIB, total: Infinity, roundTrip: 150 }

interface Put {
  size: number
  left: number
  started: number
  /** When its bytes begin to move: the connection is made by then. */
  moves: number
  fate: 'store' | 'refuse' | 'reset'
}

/** Plays a transfer of equal PUTs; failed ones are sent again. @returns the time it takes, in ms, and the limits it had */
function play(
  concurrency: Concurrency,
  { change, ...options }: { puts: number; size: number; link: Link; change?: { at: number; link: Link } },
) {
  let { link, puts } = { ...options }
  const { size } = options
  let now = 0
  let begun = 0
  let connections = 0
  let refused = 0
  const underWay: Put[] = []
  const limits: number[] = []
  const step = 5
  while (puts > 0 || underWay.length > 0) {
    while (puts > 0 && underWay.length < concurrency.limit) {
      puts--
      begun++
      const isNew = underWay.length >= connections
      if (isNew) connections++
      const taken = underWay.filter(({ fate }) => fate === 'store').length
      const { from = 0, to = 0 } = link.outage ?? {}
      const fate =
        taken >= (link.most ?? Infinity) || (now >= from && now < to)
          ? 'refuse'
          : begun % (link.resetEvery ?? Infinity) === 0
            ? 'reset'
            : 'store'
      underWay.push({ size, left: size, started: now, moves: now + (isNew ? 2 : 0) * link.roundTrip, fate })
    }
    limits.push(concurrency.limit)
    now += step
    if (change && now >= change.at) ({ link } = change)
    const moving = underWay.filter(({ moves, left }) => moves <= now && left > 0)
    const speed = Math.min(link.each, link.total / Math.max(1, moving.length))
    for (const put of moving) {
      put.left -= speed * step
      if (put.fate === 'refuse' || (put.fate === 'reset' && put.left < size / 2)) put.left = 0
      if (put.left <= 0) put.moves = now + link.roundTrip
    }
    for (const put of underWay.filter(({ left, moves }) => left <= 0 && moves <= now)) {
      if (put.fate === 'store') concurrency.succeeded(put.size, put.started, now)
      else {
        refused++
        puts++
        concurrency.failed(now)
      }
      underWay.splice(underWay.indexOf(put), 1)
    }
  }
  return { time: now, limits, last: limits.at(-1)!, refused }
}

/** Plays it with every fixed limit. @returns the shortest time, in ms */
function best(transfer: Parameters<typeof play>[1]): number {
  const times = Array.from(
    { length: MAX_CONCURRENCY },
    (_, index) => play(fixedConcurrency(index + 1), transfer).time,
  )
  return Math.min(...times)
}

const far = () => new AdaptiveConcurrency(() => 30)
const near = () => new AdaptiveConcurrency(() => 16)
const few = () => new AdaptiveConcurrency(() => 4)

test('keeps the initial limit until the first PUT has ended', () => {
  let initial = 4
  const concurrency = new AdaptiveConcurrency(() => initial)
  expect(concurrency.limit).toBe(4)
  initial = 16
  expect(concurrency.limit).toBe(16)
  concurrency.succeeded(MIB, 0, 500)
  initial = 4
  expect(concurrency.limit).toBe(16)
})

test('rises to the maximum while every connection adds to the speed', () => {
  expect(play(few(), { puts: 300, size: MIB, link: ocean }).last).toBe(MAX_CONCURRENCY)
})

test('does not rise if that adds nothing', () => {
  const { limits } = play(few(), { puts: 300, size: MIB, link: { ...ocean, total: 3 * KIB } })
  expect(Math.max(...limits.slice(-1000))).toBeLessThanOrEqual(8)
})

test('stays at eight if the storage rejects more, with few rejected PUTs', () => {
  const { last, refused } = play(far(), { puts: 400, size: MIB, link: { ...ocean, most: 8 } })
  expect(last).toBeGreaterThanOrEqual(7)
  expect(refused).toBeLessThan(60)
})

test('keeps at least one connection', () => {
  const concurrency = few()
  for (let failures = 0; failures < 50; failures++) concurrency.failed(0)
  expect(concurrency.limit).toBe(1)
  for (let puts = 0; puts < 100; puts++) concurrency.succeeded(MIB, puts * 500, puts * 500 + 500)
  expect(concurrency.limit).toBeGreaterThan(1)
})

test('keeps all connections with up to a quarter of failures, and closes as many as fail above', () => {
  const concurrency = new AdaptiveConcurrency(() => 8)
  for (const limit of [8, 8, 5, 4]) {
    concurrency.failed(0)
    expect(concurrency.limit).toBe(limit)
  }
})

test('recovers from occasional broken connections', () => {
  expect(play(far(), { puts: 400, size: MIB, link: { ...ocean, resetEvery: 25 } }).last).toBeGreaterThan(20)
})

test('notices a link that gets faster', () => {
  const narrow = { ...ocean, total: 4 * KIB }
  const transfer = { puts: 600, size: MIB, link: narrow, change: { at: 60_000, link: ocean } }
  expect(play(few(), transfer).last).toBeGreaterThan(16)
})

/** What the calls before and after take on these links, in ms: seven round trips. */
const CALLS = 1050

describe('a job takes at most 1.3 times as long as with the best fixed limit', () => {
  test.each<[string, Parameters<typeof play>[1]]>([
    ['ocean, 96 MiB', { puts: 60, size: 1.6 * MIB, link: ocean }],
    ['thin ocean, 12 MiB', { puts: 12, size: MIB, link: { ...ocean, each: 0.512 * KIB } }],
    ['capped ocean, 48 MiB', { puts: 48, size: MIB, link: { ...ocean, total: 6 * 1.024 * KIB } }],
    ['100 files of 3 MiB', { puts: 100, size: 3 * MIB, link: ocean }],
    ['SlowDown above 8', { puts: 60, size: 1.6 * MIB, link: { ...ocean, most: 8 } }],
    ['resets', { puts: 60, size: 1.6 * MIB, link: { ...ocean, resetEvery: 20 } }],
    ['an outage midway', { puts: 200, size: 8 * MIB, link: { ...ocean, outage: { from: 8000, to: 8500 } } }],
    [
      'a rate that changes midway',
      { puts: 60, size: 1.6 * MIB, link: ocean, change: { at: 1500, link: { ...ocean, each: 0.5 * KIB } } },
    ],
  ])('%s', (_, transfer) => {
    expect((play(far(), transfer).time + CALLS) / (best(transfer) + CALLS)).toBeLessThanOrEqual(1.3)
  })

  test('near, on a full link with occasional resets', () => {
    const link = { each: 12.5 * KIB, total: 100 * KIB, roundTrip: 5, resetEvery: 50 }
    const transfer = { puts: 1000, size: 12 * MIB, link }
    expect(play(near(), transfer).time / best(transfer)).toBeLessThanOrEqual(1.3)
  })

  test('at most twice as long after an outage at the start, without the pauses between retries', () => {
    const transfer = { puts: 60, size: 8 * MIB, link: { ...ocean, outage: { from: 0, to: 500 } } }
    expect(play(far(), transfer).time / best(transfer)).toBeLessThanOrEqual(2)
  })

  test.each([1, 2, 5, 10])('near, with one connection carrying 1/%s of the link', (share) => {
    const link: Link = { each: (400 * KIB) / share, total: 400 * KIB, roundTrip: 2 }
    const transfer = { puts: 60, size: 8 * MIB, link }
    expect(play(near(), transfer).time / best(transfer)).toBeLessThanOrEqual(1.3)
  })
})
