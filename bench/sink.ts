import { join } from 'node:path'
import type { Certificate } from './certificate.ts'
import { startService } from './child.ts'

/** What the sink saw of one transfer. */
export interface SinkRecord {
  /** s from the first byte to the last */
  transfer: number
  /** Stored: of what arrived twice, only one counts. */
  bytes: number
  /** PUTs that were stored */
  puts: number
  /** PUTs that were refused */
  refused: number
  /** bytes */
  largestPut: number
  connections: number
  /** s of CPU that the sink has used since its start */
  cpu: number
}

/** The server that receives every transfer, in its own process. */
export interface Sink {
  readonly port: number
  /** Returns what was uploaded below `/<id>/`, and forgets it. */
  record(id: string): Promise<SinkRecord>
  stop: () => void
}

export interface SinkOptions {
  /** Speaks TLS instead of plain HTTP. */
  certificate?: Certificate | undefined
  /** So many PUTs at once are accepted. One more is refused with 503 `SlowDown`. Default: unlimited */
  maxPuts?: number | undefined
}

export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const service = await startService(join(import.meta.dirname, 'sink-process.ts'), JSON.stringify(options))
  return { port: service.port, record: (id) => service.ask<SinkRecord>(id), stop: service.stop }
}
