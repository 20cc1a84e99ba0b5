import { PassThrough, Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import type { Screen } from '../src/setup/conversation.ts'

const KEYS = {
  enter: '\r',
  escape: '\u001b',
  'ctrl-c': '\u0003',
  'ctrl-d': '\u0004',
  down: '\u001b[B',
  space: ' ',
  clear: '\u0015',
} as const

/** A terminal in this process. Tests read its output and press keys. */
export class Terminal implements Screen {
  readonly input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
  readonly output: Screen['output']
  #written = ''
  /** The position up to which {@link until} has read. */
  #read = 0
  #waiting: (() => void) | undefined

  constructor({ isTTY = true } = {}) {
    const write = (chunk: Buffer, _: unknown, done: () => void) => {
      this.#written += stripVTControlCharacters(chunk.toString())
      this.#waiting?.()
      done()
    }
    this.output = Object.assign(new Writable({ write }), { isTTY, columns: 400, rows: 60 })
    this.input.isTTY = isTTY
  }

  /** All output, without control sequences. */
  get text(): string {
    return this.#written
  }

  /** Waits for a text after the previous one. @throws Error if the output ends first */
  async until(text: string, end: Promise<unknown>): Promise<void> {
    const state = { hasEnded: false }
    void end.finally(() => {
      state.hasEnded = true
      this.#waiting?.()
    })
    for (;;) {
      const at = this.#written.indexOf(text, this.#read)
      if (at >= 0) {
        this.#read = at + text.length
        return
      }
      if (state.hasEnded)
        throw new Error(`"${text}" was never shown, but:\n${this.#written.slice(this.#read)}`)
      await new Promise<void>((resolve) => (this.#waiting = resolve))
    }
  }

  type(text: string): void {
    this.input.write(text)
  }

  press(key: keyof typeof KEYS): void {
    this.input.write(KEYS[key])
  }
}
