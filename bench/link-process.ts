// A link that is far away and narrow: a TCP proxy. Arguments: port to lead to, bytes/s per connection towards it, and
// the round trip in ms.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

const [target = 0, rate = 0, roundTrip = 0] = process.argv.slice(2).map(Number)

/** How far ahead of the wire bytes are taken in, in ms. More would be a buffer without bound. */
const AHEAD = 50

/** One direction of one connection. */
class Direction {
  readonly #from: Socket
  readonly #to: Socket
  readonly #rate: number
  readonly #underway: { due: number; chunk: Buffer | undefined }[] = []
  #timer: NodeJS.Timeout | undefined
  /** When the wire is free for the next byte. */
  #free: number

  /**
   * @param rate bytes/s
   * @param opens `performance.now()` when the connection counts as made
   */
  constructor(from: Socket, to: Socket, rate: number, opens: number) {
    this.#from = from
    this.#to = to
    this.#rate = rate
    this.#free = opens
    from.on('data', (chunk: Buffer) => {
      this.#take(chunk, chunk.length)
    })
    from.on('end', () => {
      this.#take(undefined, 0)
    })
  }

  #take(chunk: Buffer | undefined, bytes: number): void {
    const now = performance.now()
    this.#free = Math.max(this.#free, now) + (bytes / this.#rate) * 1000
    this.#underway.push({ due: this.#free + roundTrip / 2, chunk })
    const ahead = this.#free - now
    if (ahead > AHEAD) {
      this.#from.pause()
      setTimeout(() => this.#from.resume(), ahead - AHEAD / 2)
    }
    this.#schedule()
  }

  #schedule(): void {
    const next = this.#underway[0]
    if (this.#timer || !next) return
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        this.#deliver()
        this.#schedule()
      },
      Math.max(0, next.due - performance.now()),
    )
  }

  #deliver(): void {
    const now = performance.now()
    for (let next = this.#underway[0]; next && next.due <= now + 0.5; next = this.#underway[0]) {
      this.#underway.shift()
      if (next.chunk) this.#to.write(next.chunk)
      else this.#to.end()
    }
  }
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
  const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  // The kernel has accepted already; over a real link the handshake takes a round trip before the first byte may go.
  new Direction(near, far, rate, performance.now() + roundTrip)
  new Direction(far, near, Infinity, 0)
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.on('error', () => one.destroy())
    one.on('close', () => setTimeout(() => other.destroy(), roundTrip))
  }
})

process.once('disconnect', () => {
  process.exit()
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
