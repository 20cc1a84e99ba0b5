import type { Clock, Timer } from '../http/environment.ts'
import type { Text } from '../http/text.ts'
import { formatSize } from '../text/size.ts'

/** How often the progress of a long upload is reported, in ms. */
const INTERVAL = 5000

/**
 * Reports the progress of one file's upload every five seconds. Only time in which bytes are sent counts: a file that
 * waits for a connection, or for its next attempt, is neither slow nor stalled, and nothing is reported for it. That an upload has
 * stalled is reported once.
 */
export class Progress {
  readonly #size: number
  readonly #clock: Clock
  readonly #timer: Timer
  /** Bytes sent, by part. A part that is sent again starts over. */
  readonly #sent = new Map<number, number>()
  /** The parts that are being sent. */
  readonly #sending = new Set<number>()
  /** Time in which at least one part was being sent, in ms, and since when one is. */
  #time = 0
  #since = 0
  /** Bytes sent as of the last report. */
  #reported = 0
  #isStalled = false

  /**
   * @param size bytes in all
   * @param report is called with a line such as `43% of 1.2 GiB, 12.3 MiB/s, 55 s left`
   */
  constructor(size: number, clock: Clock, report: (line: Text) => void) {
    this.#size = size
    this.#clock = clock
    this.#timer = clock.timer(INTERVAL, () => {
      const { sent } = this
      const wasStalled = this.#isStalled
      if (this.#sending.size > 0) {
        this.#isStalled = sent === this.#reported
        this.#reported = sent
        if (!(wasStalled && this.#isStalled)) report(this.#line())
      }
      this.#timer.restart()
    })
  }

  /** Notes how many bytes of a part have been sent so far. 0: the first one can be sent now. */
  at(part: number, bytes: number): void {
    this.#sent.set(part, bytes)
    if (bytes > 0) return
    if (this.#sending.size === 0) this.#since = this.#clock.monotonic()
    // The first report comes five seconds after the first byte.
    if (this.#sent.size === 1 && this.#time === 0) this.#timer.restart()
    this.#sending.add(part)
  }

  /** Notes that a part is no longer being sent. @param bytes how many of it are stored: all of them, or none if it waits */
  pause(part: number, bytes: number): void {
    this.#sent.set(part, bytes)
    if (this.#sending.delete(part) && this.#sending.size === 0)
      this.#time += this.#clock.monotonic() - this.#since
  }

  /** Ends the reports. */
  stop(): void {
    this.#timer.stop()
  }

  /** Bytes sent so far. */
  get sent(): number {
    return this.#sent.values().reduce((sum, bytes) => sum + bytes, 0)
  }

  #line(): Text {
    const { sent } = this
    const speed = (sent / (this.#time + this.#clock.monotonic() - this.#since)) * 1000
    const seconds = Math.ceil((this.#size - sent) / speed)
    const percent = this.#size === 0 ? 100 : Math.floor((sent / this.#size) * 100)
    const [size, rate] = [formatSize(this.#size), `${formatSize(speed)}/s`]
    return {
      en: `${percent}% of ${size}, ${this.#isStalled ? 'stalled' : `${rate}, ${seconds} s left`}`,
      zh: `已上传 ${percent}%（共 ${size}），${this.#isStalled ? '传输停滞' : `${rate}，剩余 ${seconds} 秒`}`,
    }
  }
}
