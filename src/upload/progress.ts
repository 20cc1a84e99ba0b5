import type { Clock, Timer } from '../http/environment.ts'
import type { Text } from '../http/text.ts'
import { formatSize } from '../text/size.ts'

/** How often the progress of a file is reported, in ms. */
const INTERVAL = 5000

/** Reports how far the upload of a file is, every five seconds. Reports nothing while no bytes are sent. */
export class Progress {
  /** Bytes sent, by part. */
  readonly #sent = new Map<number, number>()
  readonly #timer: Timer

  /**
   * @param size in bytes
   * @param report receives lines such as `43% of 1.2 GiB, 12.3 MiB/s, 55 s left`
   */
  constructor(size: number, clock: Clock, report: (line: Text) => void) {
    let last = { sent: 0, at: clock.monotonic() }
    this.#timer = clock.timer(INTERVAL, () => {
      const now = { sent: this.sent, at: clock.monotonic() }
      const speed = ((now.sent - last.sent) / (now.at - last.at)) * 1000
      last = now
      if (speed > 0) report(progressLine(now.sent, size, speed))
      this.#timer.restart()
    })
  }

  /** Sets how many bytes of a part have been sent. A part that is sent again starts over at 0. */
  at(part: number, bytes: number): void {
    this.#sent.set(part, bytes)
  }

  /** Ends the reports. */
  stop(): void {
    this.#timer.stop()
  }

  /** Bytes sent so far. */
  get sent(): number {
    return this.#sent.values().reduce((sum, bytes) => sum + bytes, 0)
  }
}

/** @param speed bytes per second */
function progressLine(sent: number, size: number, speed: number): Text {
  const percent = Math.floor((sent / size) * 100)
  const seconds = Math.ceil((size - sent) / speed)
  const [total, rate] = [formatSize(size), `${formatSize(speed)}/s`]
  return {
    en: `${percent}% of ${total}, ${rate}, ${seconds} s left`,
    zh: `已上传 ${percent}%（共 ${total}），${rate}，剩余 ${seconds} 秒`,
  }
}
