import { getEventListeners, once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { environmentOf } from '../../src/http/environment.ts'
import { Http } from '../../src/http/http.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

describe('a compressed answer', () => {
  const ask = async (encoding: string, body: Buffer) => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const http = new Http(environmentOf({ clock: simulatedClock() }), 1000, 1)
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    try {
      return (await http.send({ method: 'POST', url, headers: {}, body: '{}' })).text
    } finally {
      await http.close()
      server.close()
    }
  }
  const text = Buffer.from('{"name":"构建.apk"}')

  test.each([
    ['gzip', gzipSync(text)],
    ['X-GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', text],
  ])('%s is read', async (encoding, body) => {
    expect(await ask(encoding, body)).toBe(text.toString())
  })

  test('may be empty', async () => {
    expect(await ask('gzip', Buffer.alloc(0))).toBe('')
  })

  test('that breaks off leaves doubt', async () => {
    await expect(ask('gzip', gzipSync(text).subarray(0, -9))).rejects.toMatchObject({
      code: 'UnreadableAnswer',
      sent: true,
    })
  })

  test('is read up to 1 MiB', async () => {
    await expect(ask('gzip', gzipSync(Buffer.alloc(1024 ** 2)))).resolves.toHaveLength(1024 ** 2)
    await expect(ask('gzip', gzipSync(Buffer.alloc(1024 ** 2 + 1)))).rejects.toMatchObject({
      code: 'AnswerTooLarge',
      sent: true,
    })
  })
})

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
