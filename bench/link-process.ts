// A TCP proxy that simulates a link. Arguments: target port, and the LinkConditions as JSON. TLS passes through unchanged.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { DelayQueue } from './delay-queue.ts'
import type { LinkConditions } from './link.ts'
import { SlowStart, Wire } from './wire.ts'

const target = Number(process.argv[2])
const conditions = JSON.parse(process.argv[3] ?? '') as LinkConditions
const { rate = Infinity, total = Infinity, roundTrip, slowStart = false, slow, stall, reset } = conditions

/** How much a connection may queue for the wire before the link stops reading: ms at its rate, and a minimum of bytes. */
const READ_AHEAD = 200
const MIN_READ_AHEAD = 64 * 1024
const MAX_READ_AHEAD = 8 * 1024 ** 2
/** Bytes that occupy the wire together if there is a rate. */
const MAX_PIECE = rate === Infinity && total === Infinity ? Infinity : 16 * 1024

/** State that the connections of one run share: the wire, its start, and their number. */
class Run {
  readonly #began = performance.now()
  readonly #wire = new Wire(total)
  readonly #leaving = new DelayQueue()
  readonly #random = randomNumbers()
  readonly sockets = new Set<Socket>()
  #connections = 0

  connection() {
    return {
      number: ++this.#connections,
      resetAfter: reset ? -reset.mean * Math.log(1 - this.#random()) : Infinity,
    }
  }

  /** Carries bytes that have left their own wire at `at` over the shared one, and calls back when they have left it. */
  carry(bytes: number, at: number, left: (at: number) => void): void {
    const due = this.#began + this.#wire.carry(bytes, at - this.#began)
    this.#leaving.add(due, () => {
      left(due)
    })
  }

  /** The bytes/s that each connection gets of the shared rate. */
  get share(): number {
    const connections = Math.max(1, this.sockets.size / 2)
    return this.#wire.rateAt(performance.now() - this.#began) / connections
  }

  end(): void {
    this.#leaving.clear()
    for (const socket of this.sockets) socket.destroy()
  }
}

/** From the client to the server: the connection's own wire, then the shared one, then half a round trip. */
class Upstream {
  readonly #run: Run
  readonly #near: Socket
  readonly #far: Socket
  readonly #rate: number
  readonly #wire: Wire
  readonly #window = slowStart ? new SlowStart(roundTrip) : undefined
  readonly #leaving = new DelayQueue()
  readonly #arriving = new DelayQueue()
  readonly #stallAfter: number
  readonly #resetAfter: number
  /** When the connection counts as open (`performance.now()`). */
  readonly #opens = performance.now() + roundTrip
  #carried = 0
  #waiting = 0

  constructor(run: Run, near: Socket, far: Socket) {
    const { number, resetAfter } = run.connection()
    this.#run = run
    this.#near = near
    this.#far = far
    this.#rate = slow?.connection === number ? slow.rate : rate
    this.#wire = new Wire(this.#rate)
    this.#stallAfter = stall?.connection === number ? stall.after : Infinity
    this.#resetAfter = resetAfter
    near.on('data', (chunk: Buffer) => {
      for (let start = 0; start < chunk.length;) start += this.#send(chunk.subarray(start, start + MAX_PIECE))
    })
    near.on('end', () => {
      this.#pass(0, this.#wire.carry(0, performance.now()), () => far.end())
    })
  }

  /** @returns how many of the bytes fitted into the window */
  #send(piece: Buffer): number {
    const ready = Math.max(performance.now(), this.#opens)
    const { bytes, at } = this.#window?.next(piece.length, ready) ?? { bytes: piece.length, at: ready }
    const left = this.#wire.carry(bytes, at)
    this.#window?.sent(bytes, left)
    const before = this.#carried
    this.#carried += bytes
    if (before < this.#stallAfter && this.#carried >= this.#stallAfter) this.#wire.stall(stall?.duration ?? 0)
    const isLast = this.#carried >= this.#resetAfter
    this.#pass(bytes, left, () => {
      if (isLast) {
        this.#far.destroy()
        this.#near.resetAndDestroy()
      } else this.#far.write(piece.subarray(0, bytes))
    })
    return bytes
  }

  /** @param left when the bytes have left the connection's own wire */
  #pass(bytes: number, left: number, arrived: () => void): void {
    this.#waiting += bytes
    if (this.#waiting > this.#readAhead()) this.#near.pause()
    this.#leaving.add(left, () => {
      this.#run.carry(bytes, left, (at) => {
        this.#waiting -= bytes
        if (this.#waiting <= this.#readAhead() / 2) this.#near.resume()
        this.#arriving.add(at + roundTrip / 2, arrived)
      })
    })
  }

  /** Bytes. A late timer leaves the wire idle only if less than this waits for it. */
  #readAhead(): number {
    const rate = Math.min(this.#rate, this.#run.share)
    return Math.max(MIN_READ_AHEAD, Math.min((rate * READ_AHEAD) / 1000, MAX_READ_AHEAD))
  }
}

/** From the server to the client: half a round trip, without a limit. */
function downstream(far: Socket, near: Socket): void {
  const arriving = new DelayQueue()
  const later = (arrived: () => void) => {
    arriving.add(performance.now() + roundTrip / 2, arrived)
  }
  far.on('data', (chunk: Buffer) => {
    later(() => near.write(chunk))
  })
  far.on('end', () => {
    later(() => near.end())
  })
}

/** The same numbers from 0 to 1 in every run (mulberry32). */
function randomNumbers(): () => number {
  let state = 42
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

let run: Run | undefined

const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
  const current = (run ??= new Run())
  const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  // The kernel has already accepted. Over a real link, the handshake takes a round trip before the first byte.
  new Upstream(current, near, far)
  downstream(far, near)
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    current.sockets.add(one)
    one.on('error', () => one.destroy())
    one.on('close', () => {
      current.sockets.delete(one)
      setTimeout(() => other.destroy(), roundTrip)
    })
  }
})

process.on('message', () => {
  run?.end()
  run = undefined
  process.send?.('done')
})
process.once('disconnect', () => {
  process.exit()
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
