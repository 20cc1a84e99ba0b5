import { join } from 'node:path'
import { startService } from './child.ts'

/** What the sink saw of one transfer. */
export interface SinkRecord {
  /** s from the first byte to the last */
  transfer: number
  bytes: number
  puts: number
  /** bytes */
  largestPut: number
  connections: number
  /** s of CPU that the sink has used since its start */
  cpu: number
}

/** The server that receives every transfer, in its own process. */
export interface Sink {
  readonly origin: string
  /** Returns what was uploaded below `/<id>/`, and forgets it. */
  record(id: string): Promise<SinkRecord>
  stop: () => void
}

export async function startSink(): Promise<Sink> {
  const service = await startService(join(import.meta.dirname, 'sink-process.ts'))
  return { origin: service.origin, record: (id) => service.ask<SinkRecord>(id), stop: service.stop }
}
