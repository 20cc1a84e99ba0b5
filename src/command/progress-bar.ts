import { seconds, type Text } from '../http/text.ts'
import { formatSize } from '../text/size.ts'

/** How much of a terminal's line the bar takes, in columns. */
const WIDTH = 24
/** Moves to the beginning of the line, and erases it. */
const ERASE = '\r\u001b[K'

/** A line of a terminal that shows the progress of all files, below what is written before it. */
export class ProgressBar {
  readonly #write: (text: string) => void
  readonly #columns: number
  #isShown = false

  /** @param columns of the terminal */
  constructor(write: (text: string) => void, columns: number) {
    this.#write = write
    this.#columns = columns
  }

  /** Shows the progress in place of what was shown before. @param elapsed ms since the first byte */
  show(sent: number, total: number, elapsed: number, language: keyof Text): void {
    const part = total === 0 ? 1 : Math.min(sent / total, 1)
    const filled = Math.floor(part * WIDTH)
    const speed = elapsed === 0 ? 0 : (sent / elapsed) * 1000
    const left = speed === 0 ? '' : seconds(((total - sent) / speed) * 1000)
    const bar = `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${Math.floor(part * 100)}%`
    const [size, rate] = [formatSize(total), `${formatSize(speed)}/s`]
    const text: Text = {
      en: `${bar} of ${size}, ${rate}${left && `, ${left} s left`}`,
      zh: `${bar}，共 ${size}，${rate}${left && `，剩余 ${left} 秒`}`,
    }
    // A line that is broken can't be erased.
    this.#write(`${ERASE}${text[language].slice(0, this.#columns - 8)}`)
    this.#isShown = true
  }

  /** Erases the line, so that something else can be written. */
  clear(): void {
    if (this.#isShown) this.#write(ERASE)
    this.#isShown = false
  }
}
