// A TCP proxy that simulates a slow and distant link. Arguments: target port, bytes/s per connection towards it, and the
// round trip in ms.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

const [target = 0, rate = 0, roundTrip = 0] = process.argv.slice(2).map(Number)

/** How far to read ahead of the simulated wire, in ms. It limits the buffer. */
const READ_AHEAD = 50

/** One direction of one connection. */
class Direction {
  readonly #from: Socket
  readonly #to: Socket
  readonly #rate: number
  readonly #inFlight: { due: number; chunk: Buffer | undefined }[] = []
  #timer: NodeJS.Timeout | undefined
  /** When the wire is free for the next byte (`performance.now()`). */
  #free: number

  /**
   * @param rate bytes/s
   * @param opens when the connection counts as open (`performance.now()`)
   */
  constructor(from: Socket, to: Socket, rate: number, opens: number) {
    this.#from = from
    this.#to = to
    this.#rate = rate
    this.#free = opens
    from.on('data', (chunk: Buffer) => {
      this.#receive(chunk, chunk.length)
    })
    from.on('end', () => {
      this.#receive(undefined, 0)
    })
  }

  #receive(chunk: Buffer | undefined, bytes: number): void {
    const now = performance.now()
    this.#free = Math.max(this.#free, now) + (bytes / this.#rate) * 1000
    this.#inFlight.push({ due: this.#free + roundTrip / 2, chunk })
    const ahead = this.#free - now
    if (ahead > READ_AHEAD) {
      this.#from.pause()
      setTimeout(() => this.#from.resume(), ahead - READ_AHEAD / 2)
    }
    this.#schedule()
  }

  #schedule(): void {
    const next = this.#inFlight[0]
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
    for (let next = this.#inFlight[0]; next && next.due <= now + 0.5; next = this.#inFlight[0]) {
      this.#inFlight.shift()
      if (next.chunk) this.#to.write(next.chunk)
      else this.#to.end()
    }
  }
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
  const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  // The kernel has already accepted. Over a real link, the handshake takes a round trip before the first byte.
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
