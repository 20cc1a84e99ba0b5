import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { environmentOf } from '../../src/http/environment.ts'
import { Http, type HttpRequest } from '../../src/http/http.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

const MIB = 1024 ** 2
const clock = simulatedClock()
let http: Http
let respond: RequestListener
let url: URL
let stop: () => void

beforeEach(async () => {
  const server = createServer((request, response) => {
    respond(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  http = new Http(environmentOf({ clock }), 1000, 1)
  stop = () => {
    server.closeAllConnections()
    server.close()
  }
})
afterEach(async () => {
  await http.close()
  stop()
})

const get = (more: Partial<HttpRequest>) => http.send({ method: 'GET', url, headers: {}, ...more })

test('keeps a response in memory up to the limit of its request', async () => {
  respond = (_, response) => response.end(Buffer.alloc(2 * MIB))
  expect((await get({ maxResponse: 2 * MIB })).text).toHaveLength(2 * MIB)
  await expect(get({ maxResponse: 2 * MIB - 1 })).rejects.toMatchObject({ code: 'AnswerTooLarge' })
})

test.each(['utf-8', '', 'Identity'])('reads a response whose content-encoding is "%s"', async (coding) => {
  respond = (_, response) => response.writeHead(200, { 'content-encoding': coding }).end('x')
  expect((await get({})).text).toBe('x')
})

test('rejects a compressed response', async () => {
  respond = (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.from('x')))
  await expect(get({})).rejects.toMatchObject({ code: 'UnreadableAnswer', sent: true })
  const readBody = () => Promise.reject(new Error('read'))
  await expect(get({ readBody })).rejects.toMatchObject({ code: 'UnreadableAnswer' })
})

describe('a body with a consumer', () => {
  test('arrives in full, and is not kept in memory', async () => {
    respond = (_, response) => response.end(Buffer.alloc(5 * MIB, 'x'))
    let size = 0
    const response = await get({
      readBody: async (body) => {
        for await (const chunk of body) size += chunk.length
      },
    })
    expect(size).toBe(5 * MIB)
    expect(response).toMatchObject({ status: 200, text: '' })
  })

  test('may be empty', async () => {
    respond = (_, response) => response.end()
    const chunks: Buffer[] = []
    const readBody = async (body: AsyncIterable<Buffer>) => {
      for await (const chunk of body) chunks.push(chunk)
    }
    await get({ readBody })
    expect(chunks).toEqual([])
  })

  test('is read as text if the response is an error', async () => {
    respond = (_, response) => response.writeHead(404).end('Not Found')
    const readBody = () => Promise.reject(new Error('read'))
    expect(await get({ readBody })).toMatchObject({ status: 404, text: 'Not Found' })
  })

  test('is read only as fast as it is consumed, without a timeout', async () => {
    const total = 64 * MIB
    let sent = 0
    const chunks = function* () {
      for (; sent < total; sent += MIB) yield Buffer.alloc(MIB)
    }
    // One write at a time: Windows takes one of any size, however little the client reads.
    respond = (_, response) =>
      Readable.from(chunks(), { highWaterMark: 1 }).pipe(response.writeHead(200, { 'content-length': total }))
    let size = 0
    await get({
      readBody: async (body) => {
        for await (const chunk of body) {
          if (size === 0) {
            // The server writes until all buffers on the way are full.
            for (let turns = 0; turns < 200; turns++) await nextTurn()
            expect(sent).toBeLessThan((total * 3) / 4)
            clock.advance(10_000)
          }
          size += chunk.length
        }
      },
    })
    expect(size).toBe(total)
  })

  test('fails if it stalls, also for the consumer', async () => {
    respond = (_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half')
    }
    let seen: unknown
    const readBody = async (body: AsyncIterable<Buffer>) => {
      try {
        for await (const chunk of body) {
          expect(chunk.toString()).toBe('half')
          setImmediate(() => {
            clock.advance(1000)
          })
        }
      } catch (error) {
        seen = error
        throw new Error('the consumer gives up', { cause: error })
      }
    }
    const error = await get({ readBody }).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'Timeout', sent: true })
    expect(seen).toBe(error)
  })

  test('fails if it stalls after the consumer was busy', async () => {
    const half = Buffer.alloc(MIB)
    respond = (_, response) => {
      response.writeHead(200, { 'content-length': 2 * MIB }).write(half)
    }
    let size = 0
    const readBody = async (body: AsyncIterable<Buffer>) => {
      for await (const chunk of body) {
        for (let turns = 0; size === 0 && turns < 100; turns++) await nextTurn()
        size += chunk.length
        if (size === MIB)
          setImmediate(() => {
            clock.advance(1000)
          })
      }
    }
    await expect(get({ readBody })).rejects.toMatchObject({ code: 'Timeout' })
  })

  test('fails if it is cut', async () => {
    respond = (_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half', () => response.socket?.destroy())
    }
    const readBody = async (body: AsyncIterable<Buffer>) => {
      for await (const chunk of body) expect(chunk.toString()).toBe('half')
    }
    await expect(get({ readBody })).rejects.toMatchObject({ code: 'ConnectionFailed' })
  })

  test('closes the connection if its consumer fails', async () => {
    const closed = Promise.withResolvers<undefined>()
    respond = (_, response) => {
      response.once('close', () => {
        closed.resolve(undefined)
      })
      response.writeHead(200).write('half')
    }
    const reason = new Error('disk full')
    const readBody = async (body: AsyncIterable<Buffer>) => {
      for await (const chunk of body) if (chunk.length > 0) throw reason
    }
    await expect(get({ readBody })).rejects.toBe(reason)
    await closed.promise
  })

  test('closes the connection if its consumer stops', async () => {
    const closed = Promise.withResolvers<undefined>()
    respond = (_, response) => {
      response.once('close', () => {
        closed.resolve(undefined)
      })
      response.writeHead(200).write('half')
    }
    expect(await get({ readBody: () => Promise.resolve() })).toMatchObject({ status: 200 })
    await closed.promise
  })

  test('ends with the job, and only after its consumer', async () => {
    respond = (_, response) => {
      response.writeHead(200).write('half')
    }
    const cancelling = new AbortController()
    const reason = new Error('cancelled')
    const order: string[] = []
    const readBody = async (body: AsyncIterable<Buffer>) => {
      try {
        for await (const chunk of body) if (chunk.length > 0) cancelling.abort(reason)
      } finally {
        await nextTurn()
        order.push('consumer')
      }
    }
    await get({ readBody, signal: cancelling.signal }).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'Cancelled', cause: reason })
      order.push('request')
    })
    expect(order).toEqual(['consumer', 'request'])
  })
})
