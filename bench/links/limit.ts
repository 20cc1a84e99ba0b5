import { Wire } from '../wire.ts'
import type { Case } from './cases.ts'

/** The most connections that `concurrency` allows. */
export const MAX_CONNECTIONS = 32

/** How often each API may be called per second. */
const CALLS_PER_SECOND = 20

/**
 * The round trips that depend on each other: connection, TLS and token (3), user (1), upload info (1), connection, TLS and
 * PUT (3), commit (1).
 */
const ROUND_TRIPS = 9

/**
 * The least time in s that a case can take: its bytes at the full rate of the link, and the round trips that cannot be
 * avoided. It leaves out slow start, and all time of the machine.
 */
export function physicalLimit({ network, size, files }: Case): number {
  const { rate = Infinity, total = Infinity, maxPuts = MAX_CONNECTIONS } = network
  const bytes = size * files
  const connections = Math.min(MAX_CONNECTIONS, maxPuts)
  const inAll = Math.max(bytes / (connections * rate), new Wire(total).carry(bytes, 0) / 1000)
  // A file in one PUT has one connection. A file in parts has all of them, for one round trip more.
  const onePut = Math.max(inAll, size / rate)
  const apart = inAll + network.roundTrip / 1000
  const lastUploadInfo = Math.ceil(files / CALLS_PER_SECOND) - 1
  const sent = files === 1 ? Math.min(onePut, apart) : Math.max(inAll, lastUploadInfo + size / rate)
  return (ROUND_TRIPS * network.roundTrip) / 1000 + sent
}
