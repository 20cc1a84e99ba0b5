import { getEventListeners, once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { environmentOf } from '../../src/http/environment.ts'
import { Http } from '../../src/http/http.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

/** Runs a test with a server, and a way to ask it. */
async function withServer(
  listener: RequestListener,
  run: (ask: (signal: AbortSignal) => Promise<unknown>, asked: Promise<unknown>) => Promise<void>,
): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const http = new Http(environmentOf({ clock: simulatedClock() }), 1000, 1)
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const request = { method: 'POST', url, headers: {}, body: '{}' } as const
  try {
    await run((signal) => http.send({ ...request, signal }), once(server, 'request'))
  } finally {
    server.closeAllConnections()
    server.close()
    await http.close()
  }
}

describe('a job that is cancelled', () => {
  test('ends a call that is under way, in doubt', async () => {
    const cancelling = new AbortController()
    await withServer(
      () => undefined, // never answers
      async (ask, asked) => {
        const answer = ask(cancelling.signal)
        await asked
        cancelling.abort(new Error('cancelled'))
        const ended = Promise.race([answer, nextTurn('still under way')])
        await expect(ended).rejects.toMatchObject({ code: 'Cancelled', sent: true })
      },
    )
  })

  test('is listened to by no call that has ended', async () => {
    const { signal } = new AbortController()
    await withServer(
      (_request, response) => response.end('{}'),
      async (ask) => {
        await ask(signal)
        expect(getEventListeners(signal, 'abort')).toEqual([])
      },
    )
  })
})
