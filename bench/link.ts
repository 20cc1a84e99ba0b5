import { join } from 'node:path'
import { startService } from './child.ts'

/** Where a link is entered. */
export interface Link {
  readonly origin: string
  stop: () => void
}

/**
 * A link to a server, in a process of its own.
 *
 * @param to the server's origin
 * @param rate bytes/s that each connection carries towards it
 * @param roundTrip ms; setting a connection up costs one more
 */
export async function startLink(to: string, rate: number, roundTrip: number): Promise<Link> {
  const { port } = new URL(to)
  return startService(join(import.meta.dirname, 'link-process.ts'), port, rate, roundTrip)
}
