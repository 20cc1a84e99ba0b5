import { PART_INFOS } from '../dingtalk/drive.ts'
import { MAX_PUT } from '../dingtalk/oss.ts'

/** One part of a file. */
export interface Part {
  /** From 1. */
  readonly number: number
  /** Where it begins in the file, in bytes. */
  readonly start: number
  /** bytes */
  readonly size: number
}

const MIB = 1024 ** 2
/** What may be asked for, in bytes: 100 KB to 5 GB, as the platform's page says. */
export const MIN_PART_SIZE = 100_000
export const MAX_PART_SIZE = 5 * 1024 ** 3
/** The smallest part that OSS takes, in bytes; only the last one of a file may be smaller. */
const SMALLEST = 100 * 1024
const MAX_PARTS = 10_000
/** From this round trip on (ms), storage counts as far away: a connection carries little there, and many carry more. */
const FAR = 40
/** From this part size on (bytes), `auto` prefers more parts to larger ones. Near, sending one again takes less time. */
const AUTO_ENOUGH = { near: 12 * MIB, far: 8 * MIB }
/** The smallest part size that `auto` chooses, in bytes. Near, opening another connection takes longer than sending this. */
const AUTO_SMALLEST = { near: 1.5 * MIB, far: MIB / 2 }
/** A larger file (bytes) is uploaded in parts if the threshold is `auto`. Parts cost at least one more call. */
const AUTO_THRESHOLD = { near: 8 * MIB, far: 4 * MIB }
/** The largest, in bytes: a broken connection costs one part. */
const AUTO_LARGEST = 64 * MIB
/** Up to this many parts, their upload infos take two calls. `auto` chooses larger parts before it exceeds this. */
const AUTO_COUNT = 2 * PART_INFOS

/**
 * Whether a file is uploaded in parts.
 *
 * @param size bytes
 * @param roundTrip to the storage, in ms, if it is known
 * @param threshold a larger file is (bytes; 0: none); `auto`: above 4 MiB if the storage is far away, above 8 MiB if not
 */
export function goesInParts(
  size: number,
  threshold: number | 'auto',
  roundTrip: number | undefined,
): boolean {
  if (size > MAX_PUT) return true
  const least = threshold === 'auto' ? AUTO_THRESHOLD[distance(roundTrip)] : threshold
  return least > 0 && size > least
}

type Distance = 'near' | 'far'

function distance(roundTrip = 0): Distance {
  return roundTrip < FAR ? 'near' : 'far'
}

/**
 * How many connections are used at first: 16, and up to 30 in proportion to the round trip, as what one of them carries is
 * in inverse proportion to it (Mathis et al., 1997). Far away, a start with few costs more than connections that turn out to be too
 * many: each round of finding out takes several round trips.
 */
export function firstConnections(roundTrip = 0): number {
  return Math.min(Math.max(Math.round(roundTrip / 5), 16), PART_INFOS)
}

/**
 * Cuts a file into parts of equal size, the last one smaller.
 *
 * `auto`: one part for each connection, if they have 0.5 to 8 MiB then (near: 1.5 to 12 MiB), for each further round of
 * parts costs a round trip; of a larger file, parts of that size. If that makes more than 60 of them (two calls on the monthly
 * quota), parts of up to 64 MiB; only then more parts. Where possible their number is a multiple of the connections
 * (of 30, if there are more), so that all of these are busy until the end.
 *
 * @param size of the file, in bytes
 * @param partSize bytes, or `auto`
 * @param connections how many parts are sent at once
 * @param roundTrip to the storage, in ms, if it is known
 */
export function planParts(
  size: number,
  partSize: number | 'auto',
  connections: number,
  roundTrip?: number,
): Part[] {
  const each = Math.max(
    partSize === 'auto' ? autoPartSize(size, connections, distance(roundTrip)) : partSize,
    SMALLEST,
    Math.ceil(size / MAX_PARTS),
  )
  return Array.from({ length: Math.ceil(size / each) }, (_, index) => ({
    number: index + 1,
    start: index * each,
    size: Math.min(each, size - index * each),
  }))
}

function autoPartSize(size: number, connections: number, where: Distance): number {
  // One part more than a call gives upload infos for would cost another call.
  const each = Math.min(connections, PART_INFOS)
  const least = Math.min(Math.max(size / each, AUTO_SMALLEST[where]), AUTO_ENOUGH[where])
  const few = Math.min(Math.max(1, Math.floor(size / least)), AUTO_COUNT)
  const count = Math.max(few, Math.ceil(size / AUTO_LARGEST))
  const inRounds = Math.floor(count / each) * each
  return Math.ceil(size / (inRounds * AUTO_LARGEST >= size ? inRounds : count))
}
