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
/** What the platform allows, in bytes and in number. */
export const MIN_PART_SIZE = 100 * 1024
export const MAX_PART_SIZE = 5 * 1024 ** 3
const MAX_PARTS = 10_000
/** `auto` parts have at least this many bytes, and from then on grow to at most … */
const AUTO_SMALLEST = 8 * MIB
/** … this many: a part is what a broken connection costs. */
const AUTO_LARGEST = 64 * MIB
/** As long as they may still grow, there are no more parts than two queries of 30 pay for. */
const AUTO_COUNT = 60

/**
 * Cuts a file into parts of equal size, the last one smaller.
 *
 * `auto`: 8 MiB each, growing to 64 MiB where there would be more than 60 of them (two calls on the monthly quota), then
 * more of them. Their number is a multiple of the connections where that is possible, so that these end together.
 *
 * @param size of the file, in bytes
 * @param partSize bytes, or `auto`
 * @param connections how many parts are on the wire at once
 */
export function planParts(size: number, partSize: number | 'auto', connections: number): Part[] {
  const each = Math.max(
    partSize === 'auto' ? autoPartSize(size, connections) : partSize,
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
