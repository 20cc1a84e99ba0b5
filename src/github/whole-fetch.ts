import { buffer } from 'node:stream/consumers'
import { TextError } from '../errors.ts'
import type { Clock } from '../http/environment.ts'

/** Reads the body of a successful response. What it throws fails the request. */
export type ReadBody = (body: AsyncIterable<Uint8Array>) => Promise<void>

export interface WholeFetchOptions {
  /** What sends the request. */
  fetch: typeof fetch
  clock: Clock
  /** ms without a response, or without a byte of it, after which the request fails */
  idleTimeout: number
  signal: AbortSignal | undefined
  /** Takes the body of a successful response, which is kept in memory otherwise. */
  readBody: ReadBody | undefined
}

/**
 * A `fetch` that returns when the whole body has been read. A body that breaks off so fails the request, and the request
 * is repeated. Octokit itself reads a body that breaks off as an empty one.
 */
export function wholeFetch({
  clock,
  idleTimeout,
  signal,
  readBody,
  ...given
}: WholeFetchOptions): typeof fetch {
  return async (url, init) => {
    const ending = new AbortController()
    const timer = clock.timer(idleTimeout, () => {
      const seconds = idleTimeout / 1000
      ending.abort(
        new TextError({ en: `no data received for ${seconds} s`, zh: `${seconds} 秒内没有收到数据` }),
      )
    })
    const signals = signal ? [signal, ending.signal] : [ending.signal]
    try {
      const response = await given.fetch(url, { ...init, signal: AbortSignal.any(signals) })
      timer.restart()
      const { ok, status, headers } = response
      const body = watched((response.body ?? []) as AsyncIterable<Uint8Array>, () => {
        timer.restart()
      })
      if (ok && readBody) {
        await readBody(body)
        return new Response(null, { status, headers })
      }
      const bytes = await buffer(body)
      return new Response(bytes.length > 0 ? bytes : null, { status, headers })
    } finally {
      timer.stop()
      // Closes the connection of a body that was not read to its end.
      ending.abort()
    }
  }
}

async function* watched(body: AsyncIterable<Uint8Array>, onChunk: () => void): AsyncIterable<Uint8Array> {
  for await (const chunk of body) {
    onChunk()
    yield chunk
  }
}
