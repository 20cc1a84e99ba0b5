import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from '@jest/globals'
import { environmentOf } from '../../src/http/environment.ts'
import { Http } from '../../src/http/http.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

/** Takes connections and never says anything. */
async function silentServer() {
  const sockets: Socket[] = []
  const server = createServer((socket) => sockets.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { server, sockets, origin: (protocol: string) => `${protocol}://127.0.0.1:${port}` }
}

test('leaves a request in doubt if its connection stalls', async () => {
  const { server, origin } = await silentServer()
  const clock = simulatedClock()
  const http = new Http(environmentOf({ clock }), 1000, 4)
  const request = {
    method: 'POST',
    url: new URL(origin('http')),
    headers: {},
  } as const
  const response = http.send(request)
  const [socket] = (await once(server, 'connection')) as [Socket]
  await once(socket, 'data')
  clock.advance(1000)
  await expect(response).rejects.toMatchObject({ code: 'Timeout', sent: true })
  await http.close()
  server.close()
})

test('starts the timeout when the request is sent', async () => {
  const { server, sockets, origin } = await silentServer()
  const clock = simulatedClock()
  const http = new Http(environmentOf({ clock }), 1000, 1)
  const ask = () => http.send({ method: 'POST', url: new URL(origin('http')), headers: {}, body: '{}' })
  const first = ask()
  const [socket] = (await once(server, 'connection')) as [Socket]
  await once(socket, 'data')
  const second = ask()
  try {
    clock.advance(1000)
    await expect(first).rejects.toMatchObject({ code: 'Timeout' })
    const outcome = Promise.race([second.catch((error: unknown) => error), once(server, 'connection')])
    expect(await outcome).not.toBeInstanceOf(Error)
    sockets[1]!.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
    expect(await second).toMatchObject({ status: 200 })
  } finally {
    await http.close()
    server.close()
  }
})

test('allows a slow body that makes progress', async () => {
  const server = createHttpServer((request, response) => {
    request.resume().once('end', () => response.end('taken'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const clock = simulatedClock()
  const http = new Http(environmentOf({ clock }), 30_000, 1)
  async function* body() {
    for (const byte of ['a', 'b', 'c']) {
      yield await Promise.resolve(Buffer.from(byte))
      clock.advance(29_000)
    }
  }
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const headers = { 'content-length': '3' }
  try {
    const answer = await http.send({ method: 'PUT', url, headers, body: body() })
    expect(answer.text).toBe('taken')
  } finally {
    await http.close()
    server.close()
  }
})

test('allows time for bytes in the buffers of the system', async () => {
  const { server, origin } = await silentServer()
  const clock = simulatedClock()
  const http = new Http(environmentOf({ clock }), 30_000, 1)
  const size = 256 * 1024
  const ask = (url: URL) => {
    const handedOver = Promise.withResolvers<undefined>()
    async function* body() {
      yield await Promise.resolve(Buffer.alloc(size))
      handedOver.resolve(undefined)
    }
    const headers = { 'content-length': String(size) }
    const response = http.send({ method: 'PUT', url, headers, body: body() })
    response.catch(() => undefined)
    return { response, handedOver: handedOver.promise }
  }
  try {
    const connected = once(server, 'connection')
    const slow = ask(new URL(origin('http')))
    const [socket] = (await connected) as [Socket]
    await slow.handedOver
    await Promise.resolve()
    clock.advance(37_000)
    socket.resume().write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\ntaken')
    expect(await slow.response).toMatchObject({ text: 'taken' })
    const silent = ask(new URL(origin('http')))
    await silent.handedOver
    await Promise.resolve()
    clock.advance(38_000)
    await expect(silent.response).rejects.toMatchObject({ code: 'Timeout' })
  } finally {
    await http.close()
    server.close()
  }
})

test('ends a pending connection when the client is closed', async () => {
  const { server, sockets, origin } = await silentServer()
  const http = new Http(environmentOf({ clock: simulatedClock() }), 1000, 4)
  // The request waits for the server's half of the TLS handshake.
  const url = new URL(origin('https'))
  const response = http.send({ method: 'POST', url, headers: {} })
  const failed = expect(response).rejects.toMatchObject({ code: 'ConnectionFailed', sent: false })
  await once(server, 'connection')
  const ended = once(sockets[0]!, 'close')
  await http.close()
  await ended
  await failed
  server.close()
})

test('reports a request that never connects as not sent', async () => {
  const http = new Http(environmentOf({ clock: simulatedClock() }), 1000, 4)
  const url = new URL('http://127.0.0.1:1')
  const asked = http.send({ method: 'POST', url, headers: {}, body: '{}' })
  await expect(asked).rejects.toMatchObject({
    code: 'ConnectionFailed',
    sent: false,
  })
  await http.close()
})

/** Answers every request, and counts connections. */
async function friendlyServer(onRequest: () => void = () => undefined) {
  let connections = 0
  const server = createHttpServer({ keepAliveTimeout: 0 }, (request, response) => {
    onRequest()
    request.resume().once('end', () => response.end('{}'))
  })
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const stop = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url, count: () => connections, stop }
}

test('shares a connection between sequential requests', async () => {
  const { url, count, stop } = await friendlyServer()
  const http = new Http(environmentOf(), 30_000, 32)
  try {
    for (let requests = 0; requests < 10; requests++) await http.send({ method: 'GET', url, headers: {} })
    expect(count()).toBe(1)
  } finally {
    await http.close()
    stop()
  }
})

test('measures the shortest round trip to an origin', async () => {
  const clock = simulatedClock()
  let delay = 0
  const { url, stop } = await friendlyServer(() => {
    clock.advance(delay)
  })
  const http = new Http(environmentOf({ clock }), 30_000, 4)
  async function* body() {
    yield await Promise.resolve(Buffer.from('a'))
  }
  try {
    expect(http.roundTrip(url.href)).toBeUndefined()
    for (delay of [200, 150, 170]) await http.send({ method: 'GET', url, headers: {}, body: '' })
    delay = 1
    const headers = { 'content-length': '1' }
    await http.send({ method: 'PUT', url, headers, body: body() })
    expect(http.roundTrip(`${url.href}path`)).toBe(150)
    expect(http.roundTrip('http://127.0.0.1:1')).toBeUndefined()
  } finally {
    await http.close()
    stop()
  }
})
