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
/** The smallest part size that `auto` chooses, in bytes. */
const AUTO_SMALLEST = 8 * MIB
/** The largest, in bytes: a broken connection costs one part. */
const AUTO_LARGEST = 64 * MIB
/** Up to this many parts, their upload infos take two calls. `auto` chooses larger parts before it exceeds this. */
const AUTO_COUNT = 60

/**
 * Cuts a file into parts of equal size, the last one smaller.
 *
 * `auto`: parts of 8 MiB. If that makes more than 60 of them (two calls on the monthly quota), parts of up to 64 MiB;
 * only then more parts. Where possible their number is a multiple of the connections, so that all of these are busy
 * until the end.
 *
 * @param size of the file, in bytes
 * @param partSize bytes, or `auto`
 * @param connections how many parts are sent at once
 */
export function planParts(size: number, partSize: number | 'auto', connections: number): Part[] {
  const each = Math.max(
    partSize === 'auto' ? autoPartSize(size, connections) : partSize,
    SMALLEST,
    Math.ceil(size / MAX_PARTS),
  )
  return Array.from({ length: Math.ceil(size / each) }, (_, index) => ({
    number: index + 1,
    start: index * each,
    size: Math.min(each, size - index * each),
  }))
}

function autoPartSize(size: number, connections: number): number {
  const grown = Math.min(Math.max(size / AUTO_COUNT, AUTO_SMALLEST), AUTO_LARGEST)
  const count = Math.max(1, Math.floor(size / grown))
  const rounds = Math.floor(count / connections)
  return Math.ceil(size / (rounds > 0 ? rounds * connections : count))
}
