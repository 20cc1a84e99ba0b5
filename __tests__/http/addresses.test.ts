// A host with an IPv4 and an IPv6 address, of which one is dead or slow.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo, type LookupFunction, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, test } from '@jest/globals'
import { environmentOf } from '../../src/http/environment.ts'
import { Http } from '../../src/http/http.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A resolver that knows two addresses of every host. */
const bothFamilies =
  (first: 4 | 6): LookupFunction =>
  (_hostname, _options, callback) => {
    const addresses = [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ]
    callback(null, first === 6 ? addresses : addresses.reverse())
  }

/** Sends a request to a host with two addresses. */
async function ask(http: Http, port: number): Promise<string> {
  const url = new URL(`http://storage.example:${port}/`)
  return (await http.send({ method: 'POST', url, headers: {}, body: '{}' })).text
}

function client(lookup: LookupFunction, timeout = 30_000): Http {
  const http = new Http(environmentOf({ lookup }), timeout, 1)
  ends.push(() => http.close())
  return http
}

/**
 * A server on 127.0.0.1 that cannot be connected to until it is released: its queue of connections is full, so the system
 * drops further ones, as a link that loses the first packet does. The client's system tries again a second later.
 */
async function slowServer() {
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(
    `const { createServer } = require('node:http')
     const { parentPort, workerData } = require('node:worker_threads')
     const server = createServer((request, response) => response.end('arrived'))
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port)
       Atomics.wait(workerData, 0, 0)
     })`,
    { eval: true, workerData: gate },
  )
  const [port] = (await once(worker, 'message')) as [number]
  const waiting: Socket[] = []
  // Linux completes two connections for a queue of one.
  for (let count = 0; count < 2; count++) {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    waiting.push(socket)
  }
  const release = () => {
    for (const socket of waiting.splice(0)) socket.destroy()
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
  }
  ends.push(async () => {
    release()
    await worker.terminate()
  })
  return { port, release }
}

// Other systems refuse a connection if the queue is full.
const onLinux = process.platform === 'linux' ? describe : describe.skip

onLinux('a host whose IPv6 address is dead, and whose IPv4 address takes its time', () => {
  test.each([4, 6] as const)(
    'is reached with IPv%d first, because an address has several seconds',
    async (first) => {
      const { port, release } = await slowServer()
      const response = ask(client(bothFamilies(first)), port)
      // The first packet has been lost by now.
      await once(connect(port, '::1'), 'error')
      setImmediate(release)
      expect(await response).toBe('arrived')
    },
  )
})

test('tries the family that worked first from then on', async () => {
  const server = createServer((_request, response) => {
    response.setHeader('connection', 'close').end('arrived')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => server.close())
  const { port } = server.address() as AddressInfo
  const tried: number[] = []
  const observe = (message: unknown) => {
    const { socket } = message as { socket: Socket }
    socket.on('connectionAttempt', (_address, _port, family) => tried.push(family))
  }
  subscribe('net.client.socket', observe)
  ends.push(() => unsubscribe('net.client.socket', observe))
  const http = client(bothFamilies(6))
  for (let request = 0; request < 2; request++) expect(await ask(http, port)).toBe('arrived')
  expect(tried).toEqual([6, 4, 4])
})

test('names the family if a host with only IPv6 addresses refuses connections', async () => {
  const lookup: LookupFunction = (_hostname, _options, callback) => {
    callback(null, [{ address: '::1', family: 6 }])
  }
  await expect(ask(client(lookup), 1)).rejects.toMatchObject({
    code: 'ConnectionFailed',
    sent: false,
    text: { en: expect.stringContaining('IPv6'), zh: expect.stringContaining('IPv6') },
  })
  await expect(ask(client(bothFamilies(6)), 1)).rejects.toMatchObject({
    text: { en: expect.not.stringContaining('IPv6') },
  })
})
