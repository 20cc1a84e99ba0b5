import { join } from 'node:path'
import { startService } from './child.ts'
import type { RateChange } from './wire.ts'

/** The behavior of a simulated link. Connections are counted from 1, in the order in which they open. */
export interface LinkConditions {
  /** bytes/s that each connection carries towards the server; default: unlimited */
  rate?: number
  /** bytes/s of all connections together, or how they change after the first connection; default: unlimited */
  total?: number | readonly RateChange[]
  /** ms; opening a connection takes one more */
  roundTrip: number
  /** Each connection goes through TCP's slow start. */
  slowStart?: boolean
  /** A connection with its own rate (bytes/s). */
  slow?: { connection: number; rate: number }
  /** A connection that, after so many bytes, carries nothing for so many ms. */
  stall?: { connection: number; after: number; duration: number }
  /** Each connection is reset after a random number of bytes with this mean. The numbers are the same in every run. */
  reset?: { mean: number }
}

/** The near end of a link. */
export interface Link {
  readonly port: number
  /** Ends every connection. The next connection counts as the first again. */
  reset(): Promise<void>
  stop: () => void
}

/** Starts a simulated link to a port on loopback, in its own process. */
export async function startLink(to: number, conditions: LinkConditions): Promise<Link> {
  const module = join(import.meta.dirname, 'link-process.ts')
  const service = await startService(module, to, JSON.stringify(conditions))
  return { port: service.port, reset: () => service.ask<undefined>('reset'), stop: service.stop }
}
