// A server that sends data without making progress.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { arrayBuffer } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import { environmentOf } from '../../src/http/environment.ts'
import { Http, type HttpRequest } from '../../src/http/http.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

const SECOND = 1000
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Sends a request, with an idle timeout of 30 s, to a server that sends what the test says. */
async function ask(more: Partial<HttpRequest> = {}) {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const clock = simulatedClock()
  const http = new Http(environmentOf({ clock }), 30 * SECOND, 1)
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const connected = once(server, 'connection')
  let isOver = false
  const response = http.send({ method: 'POST', url, headers: {}, body: '{}', ...more })
  response.then(
    () => (isOver = true),
    () => (isOver = true),
  )
  const [socket] = (await connected) as [Socket]
  socket.on('error', () => undefined)
  await once(socket, 'data')
  ends.push(
    () => server.close(),
    () => socket.destroy(),
    () => http.close(),
  )
  /** Sends something every second until the request is over. @returns after how many seconds it was */
  const drip = async (piece: string, most: number): Promise<number> => {
    for (let second = 1; second <= most; second++) {
      socket.write(piece)
      // What was written arrives over loopback before the clock moves on.
      for (let turn = 0; turn < 20 && !isOver; turn++) await nextTurn()
      clock.advance(SECOND)
      await nextTurn()
      if (isOver) return second
    }
    return most
  }
  return { response, socket, drip }
}

describe.each(['HTTP/1.1 102 Processing\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\n\r\n'])(
  '%j every second',
  (interim) => {
    test('is not progress', async () => {
      const { response, drip } = await ask()
      const failed = expect(response).rejects.toMatchObject({ code: 'Timeout', sent: true })
      expect(await drip(interim, 100)).toBeLessThanOrEqual(31)
      await failed
    })
  },
)

test('limits the whole time of a response that sends one byte per second', async () => {
  const { response, socket, drip } = await ask()
  const failed = expect(response).rejects.toMatchObject({ code: 'Timeout', sent: true })
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n')
  expect(await drip('x', 1000)).toBeLessThan(100)
  await failed
})

test('fails a download of one byte per second', async () => {
  const readBody = async (body: AsyncIterable<Uint8Array>) => {
    await arrayBuffer(body)
  }
  const { response, socket, drip } = await ask({ readBody })
  const failed = expect(response).rejects.toMatchObject({ code: 'Timeout' })
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n')
  expect(await drip('x', 1000)).toBeLessThan(100)
  await failed
})

test('allows a download of one kilobyte per second', async () => {
  let size = 0
  const readBody = async (body: AsyncIterable<Uint8Array>) => {
    for await (const chunk of body) size += chunk.length
  }
  const { response, socket, drip } = await ask({ readBody })
  socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${200 * 1024}\r\n\r\n`)
  await drip('x'.repeat(1024), 200)
  await response
  expect(size).toBe(200 * 1024)
})
