import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, test } from '@jest/globals'
import { Http } from '../../../src/dingtalk/transport/http.ts'
import { simulatedClock } from '../../../test-support/simulated-clock.ts'

/** Takes connections and never says anything. */
async function silentServer() {
  const sockets: Socket[] = []
  const server = createServer((socket) => sockets.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { server, sockets, origin: (protocol: string) => `${protocol}://127.0.0.1:${port}` }
}

test('a request whose connection falls silent may have happened', async () => {
  const { server, origin } = await silentServer()
  const clock = simulatedClock()
  const http = new Http(clock, 1000, 4)
  const request = {
    operation: 'accessToken',
    method: 'POST',
    url: new URL(origin('http')),
    headers: {},
  } as const
  const response = http.send(request)
  const [socket] = (await once(server, 'connection')) as [Socket]
  await once(socket, 'data')
  clock.advance(1000)
  await expect(response).rejects.toMatchObject({ code: 'Timeout', mayHaveHappened: true })
  await http.close()
  server.close()
})

test('closing the client ends a connection that is still being made', async () => {
  const { server, sockets, origin } = await silentServer()
  const http = new Http(simulatedClock(), 1000, 4)
  // The request waits for the server's half of the TLS handshake.
  const url = new URL(origin('https'))
  const response = http.send({ operation: 'accessToken', method: 'POST', url, headers: {} })
  const failed = expect(response).rejects.toMatchObject({ code: 'ConnectionFailed', mayHaveHappened: false })
  await once(server, 'connection')
  const ended = once(sockets[0]!, 'close')
  await http.close()
  await ended
  await failed
  server.close()
})

test('a request that never connects certainly did not happen', async () => {
  const http = new Http(simulatedClock(), 1000, 4)
  const url = new URL('http://127.0.0.1:1')
  const asked = http.send({ operation: 'send', method: 'POST', url, headers: {}, body: '{}' })
  await expect(asked).rejects.toMatchObject({
    code: 'ConnectionFailed',
    mayHaveHappened: false,
    remedy: 'repeat',
  })
  await http.close()
})
