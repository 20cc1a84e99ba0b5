import { join } from 'node:path'
import type { Certificate } from './certificate.ts'
import { startService } from './child.ts'

/** One transfer as the sink measured it. */
export interface SinkRecord {
  /** s from the first byte to the last */
  transfer: number
  /** Stored bytes: a part that arrived twice counts once. */
  bytes: number
  /** PUTs that were stored */
  puts: number
  /** PUTs that were rejected */
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
  /** Returns the record of uploads below `/<id>/`, and resets it. */
  record(id: string): Promise<SinkRecord>
  stop: () => void
}

export interface SinkOptions {
  /** Speaks TLS instead of plain HTTP. */
  certificate?: Certificate | undefined
  /** The number of PUTs accepted at the same time. Others are rejected with 503 `SlowDown`. Default: unlimited */
  maxPuts?: number | undefined
}

export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const service = await startService(join(import.meta.dirname, 'sink-process.ts'), JSON.stringify(options))
  return { port: service.port, record: (id) => service.ask<SinkRecord>(id), stop: service.stop }
}
