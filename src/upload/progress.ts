import type { Clock, Timer } from '../http/environment.ts'
import type { Text } from '../http/text.ts'
import { formatSize } from '../text/size.ts'

/** How often the progress of a long upload is told, in ms. */
const INTERVAL = 5000

/** Reports the progress of one file's upload every five seconds. A quick upload is not reported. */
export class Progress {
  readonly #size: number
  readonly #clock: Clock
  readonly #started: number
  readonly #timer: Timer
  /** Bytes sent, by part. A part that is sent again starts over. */
  readonly #sent = new Map<number, number>()

  /**
   * @param size bytes in all
   * @param tell is handed a line such as `43% of 1.2 GiB, 12.3 MiB/s, 55 s left`
   */
  constructor(size: number, clock: Clock, tell: (line: Text) => void) {
    this.#size = size
    this.#clock = clock
    this.#started = clock.monotonic()
    this.#timer = clock.timer(INTERVAL, () => {
      tell(this.#line())
      this.#timer.restart()
    })
  }

  /** Notes how many bytes of a part have been sent so far. */
  at(part: number, bytes: number): void {
    this.#sent.set(part, bytes)
  }

  /** Ends the reports. */
  stop(): void {
    this.#timer.stop()
  }

  #line(): Text {
    const sent = this.#sent.values().reduce((sum, bytes) => sum + bytes, 0)
    const speed = (sent / (this.#clock.monotonic() - this.#started)) * 1000
    const seconds = Math.ceil((this.#size - sent) / speed)
    const percent = this.#size === 0 ? 100 : Math.floor((sent / this.#size) * 100)
    const [size, rate] = [formatSize(this.#size), `${formatSize(speed)}/s`]
    return {
      en: `${percent}% of ${size}, ${rate}, ${speed > 0 ? `${seconds} s left` : 'stalled'}`,
      zh: `已上传 ${percent}%（共 ${size}），${rate}，${speed > 0 ? `剩余 ${seconds} 秒` : '已停滞'}`,
    }
  }
}
