import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import type { Certificate } from '../certificate.ts'
import { MIB } from '../sample-file.ts'

/** The measured behavior of a link. */
export interface Measured {
  /** ms */
  roundTrip: number
  /** bytes/s of one connection */
  rate: number
  /** bytes/s of all connections together, if they share a rate */
  total?: number
}

/** What to send over a link without a rate, in bytes. */
const PROBE_UNLIMITED = 64 * MIB
const CONNECTIONS = 8

/**
 * Measures a link to the storage with empty requests and with two seconds of bytes, on connections that have left slow start.
 *
 * @param rate bytes/s that one connection should carry
 * @param total bytes/s that all should carry together; default: this is not measured
 */
export async function probe(
  url: string,
  certificate: Certificate,
  rate = Infinity,
  total?: number,
): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, ca: readFileSync(certificate.cert), maxSockets: CONNECTIONS })
  const second = Number.isFinite(rate) ? rate : PROBE_UNLIMITED
  const put = (bytes: number) => seconds(agent, url, Buffer.alloc(bytes))
  try {
    await put(second)
    const roundTrip = await put(0)
    const measured = {
      roundTrip: roundTrip * 1000,
      rate: (2 * second) / ((await put(2 * second)) - roundTrip),
    }
    if (total === undefined) return measured
    const each = Math.ceil((2 * total) / CONNECTIONS)
    const together = async (bytes: number) => {
      const started = performance.now()
      await Promise.all(Array.from({ length: CONNECTIONS }, () => put(bytes)))
      return (performance.now() - started) / 1000
    }
    await together(each)
    return { ...measured, total: (CONNECTIONS * each) / ((await together(each)) - roundTrip) }
  } finally {
    agent.destroy()
  }
}

function seconds(agent: Agent, url: string, body: Buffer): Promise<number> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'PUT', agent, headers: { 'content-length': body.length } })
    outgoing.on('error', reject).on('response', (response) => {
      response
        .resume()
        .on('error', reject)
        .on('end', () => {
          resolve((performance.now() - started) / 1000)
        })
    })
    outgoing.end(body)
  })
}
