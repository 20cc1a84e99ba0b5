/** A rate in bytes/s from a given time on. */
export interface RateChange {
  /** ms */
  from: number
  rate: number
}

/** Bytes of ten segments: what a sender may send before the first acknowledgement (RFC 6928). */
const INITIAL_WINDOW = 10 * 1460

/**
 * A serial line in virtual time: it computes when bytes have left, and never waits. Bytes leave in the order in which they
 * were carried. All times are in ms since the same origin.
 */
export class Wire {
  readonly #changes: readonly RateChange[]
  #free = 0

  /** @param rate bytes/s, or the rates in ascending order, of which the first holds from 0 */
  constructor(rate: number | readonly RateChange[]) {
    this.#changes = typeof rate === 'number' ? [{ from: 0, rate }] : rate
  }

  /** Carries bytes that are ready at `at`. @returns when the last one has left; Infinity if the rate stays 0 */
  carry(bytes: number, at: number): number {
    this.#free = leaves(bytes, Math.max(at, this.#free), this.#changes)
    return this.#free
  }

  /** The rate in bytes/s that holds at `at`. */
  rateAt(at: number): number {
    return this.#changes.findLast(({ from }) => from <= at)?.rate ?? 0
  }

  /** Carries nothing for so many ms, from when the bytes so far have left. */
  stall(duration: number): void {
    this.#free += duration
  }
}

function leaves(bytes: number, start: number, changes: readonly RateChange[]): number {
  let left = bytes
  let at = start
  for (const [index, { rate }] of changes.entries()) {
    const until = changes[index + 1]?.from ?? Infinity
    if (until <= at) continue
    if (left === 0) return at
    const duration = (left / rate) * 1000
    if (at + duration <= until) return at + duration
    left -= ((until - at) / 1000) * rate
    at = until
  }
  return at
}

/**
 * TCP's slow start in virtual time. A window of ten segments grows by each byte that is acknowledged, so it doubles with
 * each round trip. It never shrinks: the simulated network loses no packets.
 */
export class SlowStart {
  readonly #roundTrip: number
  #window = INITIAL_WINDOW
  #inFlight = 0
  readonly #acknowledgements: { at: number; bytes: number }[] = []

  /** @param roundTrip ms */
  constructor(roundTrip: number) {
    this.#roundTrip = roundTrip
  }

  /** When the next bytes that are ready at `at` may be sent, and how many of them. */
  next(bytes: number, at: number): { bytes: number; at: number } {
    let opened = at
    for (let next = this.#acknowledgements[0]; next; next = this.#acknowledgements[0]) {
      if (next.at > opened && this.#inFlight < this.#window) break
      this.#acknowledgements.shift()
      this.#inFlight -= next.bytes
      this.#window += next.bytes
      opened = Math.max(opened, next.at)
    }
    return { bytes: Math.min(bytes, this.#window - this.#inFlight), at: opened }
  }

  /** Bytes have left at `at`: they are acknowledged a round trip later. */
  sent(bytes: number, at: number): void {
    this.#inFlight += bytes
    this.#acknowledgements.push({ at: at + this.#roundTrip, bytes })
  }
}
