import type { Clock, Timer } from '../http/environment.ts'

const MIB = 1024 ** 2
/** Files of this size (bytes) may gain from a single part. Smaller ones take a moment in any case. */
const LEAST = 128 * MIB
/** In a larger file (bytes), a broken connection would waste more than a few seconds. */
const MOST = 1024 * MIB
/** Below this round trip (ms), one connection may carry all that the machine can send. */
const NEAR = 10
/** The most that a machine sends in parts, in bytes per ms, because every byte is hashed twice then. */
const SPEED_IN_PARTS = (200 * MIB) / 1000
/** How often the speed is looked at, in ms. */
const INTERVAL = 100
/**
 * How many bytes may be on their way. As long as more are left, the storage cannot have the whole part, and the upload can be
 * used for other parts. With fewer left, giving up gains nothing.
 */
const IN_FLIGHT = 8 * MIB

/**
 * Whether a file is worth trying to send as one part, over one connection. Where that connection is fast, it needs less
 * processor time than many parts: the MD5 of the file is that of the part, so every byte is hashed only once.
 *
 * @param size bytes
 * @param roundTrip to the storage, in ms, if it is known
 */
export function isWorthOnePart(size: number, roundTrip = Infinity): boolean {
  return size >= LEAST && size <= MOST && roundTrip < NEAR
}

/** Watches a whole file being sent, and aborts once sending it in parts would be faster. */
export class SpeedWatch {
  readonly #size: number
  readonly #clock: Clock
  readonly #slow = new AbortController()
  #timer: Timer | undefined
  #sent = 0
  #last = { at: 0, sent: 0 }

  /** @param size of the file, in bytes */
  constructor(size: number, clock: Clock) {
    this.#size = size
    this.#clock = clock
  }

  /** Aborted once what is left takes longer than the whole file would take in parts. */
  get tooSlow(): AbortSignal {
    return this.#slow.signal
  }

  /** Notes how many bytes have been sent so far. 0: it begins. */
  at(sent: number): void {
    this.#sent = sent
    if (sent > 0) return
    this.#last = { at: this.#clock.monotonic(), sent: 0 }
    this.#timer ??= this.#clock.timer(INTERVAL, this.#look)
  }

  /** Ends the watch. */
  stop(): void {
    this.#timer?.stop()
  }

  readonly #look = () => {
    const now = this.#clock.monotonic()
    const speed = (this.#sent - this.#last.sent) / (now - this.#last.at)
    const left = this.#size - this.#sent
    if (left > IN_FLIGHT && left / speed > this.#size / SPEED_IN_PARTS) {
      this.#slow.abort(new Error('one connection is too slow'))
      return
    }
    this.#last = { at: now, sent: this.#sent }
    this.#timer?.restart()
  }
}
