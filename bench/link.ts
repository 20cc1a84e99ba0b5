import { join } from 'node:path'
import { startService } from './child.ts'

/** The near end of a link. */
export interface Link {
  readonly origin: string
  stop: () => void
}

/**
 * Starts a simulated link to a server, in its own process.
 *
 * @param to the server's origin
 * @param rate bytes/s that each connection carries towards the server
 * @param roundTrip ms; opening a connection takes one more
 */
export async function startLink(to: string, rate: number, roundTrip: number): Promise<Link> {
  const { port } = new URL(to)
  return startService(join(import.meta.dirname, 'link-process.ts'), port, rate, roundTrip)
}
