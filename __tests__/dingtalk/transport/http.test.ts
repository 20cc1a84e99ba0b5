import { expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
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

test('a connection made ahead is the one that the first request takes', async () => {
  const { server, sockets, origin } = await silentServer()
  const clock = simulatedClock()
  const http = new Http(clock, 1000, 4)
  http.warm(origin('http'))
  http.warm(origin('http'))
  await once(server, 'connection')
  const asked = http.send({
    operation: 'accessToken',
    method: 'POST',
    url: new URL(origin('http')),
    headers: {},
  })
  await http.started
  clock.advance(1000)
  await expect(asked).rejects.toMatchObject({ code: 'Timeout', mayHaveHappened: true })
  expect(sockets).toHaveLength(1)
  await http.close()
  server.close()
})

test('a connection that is still being made when all is over is given up', async () => {
  const { server, sockets, origin } = await silentServer()
  const http = new Http(simulatedClock(), 1000, 4)
  http.warm(origin('https')) // and waits for the other side's part of the TLS handshake
  await once(server, 'connection')
  const ended = once(sockets[0]!, 'close')
  await http.close()
  await ended
  server.close()
})

test('what is never connected certainly did not happen', async () => {
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
