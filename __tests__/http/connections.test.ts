import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, describe, expect, test } from '@jest/globals'
import { environmentOf } from '../../src/http/environment.ts'
import { Http } from '../../src/http/http.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

/** Runs something while an environment variable is set. */
async function withVariable<T>(name: string, value: string, run: () => T | Promise<T>): Promise<T> {
  process.env[name] = value
  try {
    return await run()
  } finally {
    Reflect.deleteProperty(process.env, name)
  }
}

test('frees the slot of a CONNECT without a response', async () => {
  const tunnels: Duplex[] = []
  const proxy = createHttpServer().on('connect', (_request, socket) => {
    tunnels.push(socket)
    if (tunnels.length > 1) socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo
  // Of undici's timers: real time.
  const http = await withVariable(
    'HTTPS_PROXY',
    `http://127.0.0.1:${port}`,
    () => new Http(environmentOf(), 1000, 1),
  )
  const ask = () =>
    http.send({
      method: 'POST',
      url: new URL('https://api.dingtalk.invalid/'),
      headers: {},
      body: '{}',
    })
  try {
    await expect(ask()).rejects.toMatchObject({ sent: false })
    await expect(ask()).rejects.toMatchObject({ code: 'ConnectionFailed', sent: false })
    expect(tunnels).toHaveLength(2)
  } finally {
    await http.close()
    for (const socket of tunnels) socket.destroy()
    proxy.close()
  }
})

/** Answers the requests of every connection with the given packets, one after the other. */
async function packets(...answers: string[][]) {
  const server = createServer((socket) => {
    let request = 0
    socket.setNoDelay(true).on('data', () => {
      const answer = answers[request++] ?? []
      const next = (at: number) => {
        const packet = answer[at]
        if (packet !== undefined) socket.write(packet, () => setImmediate(next, at + 1))
      }
      next(0)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) }
}

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'
const DONE = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone'

test.each([
  ['in one packet', [CONTINUE + DONE]],
  ['in packets of their own', [CONTINUE, DONE]],
  ['cut in two', [CONTINUE.slice(0, 7), CONTINUE.slice(7) + DONE]],
  ['cut at its end', [CONTINUE.slice(0, -2), CONTINUE.slice(-2) + DONE]],
  ['twice, with headers', ['HTTP/1.1 100 Continue\r\nvia: x\r\n\r\n', CONTINUE + DONE]],
])('ignores a 100 Continue: %s', async (_, answer) => {
  const { server, url } = await packets(answer, [DONE], answer)
  const http = new Http(environmentOf({ clock: simulatedClock() }), 1000, 1)
  try {
    for (let request = 0; request < 3; request++)
      expect(await http.send({ method: 'POST', url, headers: {}, body: '{}' })).toMatchObject({
        status: 200,
        text: 'done',
      })
  } finally {
    await http.close()
    server.close()
  }
})

describe('a proxy', () => {
  const ends: (() => unknown)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  /** A proxy that answers itself. */
  async function startProxy(connectStatus = 200) {
    const requests: string[] = []
    const tunnels: Duplex[] = []
    const proxy = createHttpServer((request, response) => {
      requests.push(request.url ?? '')
      response.end('from the proxy')
    }).on('connect', (request, socket) => {
      requests.push(request.url ?? '')
      tunnels.push(socket)
      socket.write(`HTTP/1.1 ${connectStatus} Whatever\r\n\r\n`)
      proxy.emit('tunnel', socket)
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    const { port } = proxy.address() as AddressInfo
    ends.push(() => {
      for (const socket of tunnels) socket.destroy()
      proxy.close()
    })
    return { proxy, requests, url: `http://127.0.0.1:${port}` }
  }

  async function ask(to: string) {
    const http = new Http(environmentOf({ clock: simulatedClock() }), 1000, 1)
    ends.push(() => http.close())
    const url = new URL(to)
    return http.send({ method: 'POST', url, headers: {}, body: '{}' })
  }

  test('gets all requests except those to this machine', async () => {
    const { requests, url } = await startProxy()
    const { server, url: local } = await packets([DONE])
    ends.push(() => server.close())
    await withVariable('HTTP_PROXY', url.replace('http://', ''), async () => {
      expect((await ask(local.href)).text).toBe('done')
      expect(requests).toEqual([])
      expect((await ask('http://storage.dingtalk.invalid/a?b')).text).toBe('from the proxy')
      expect(requests).toEqual(['http://storage.dingtalk.invalid/a?b'])
    })
  })

  test.each([200, 201, 299])('opens a tunnel with %i', async (status) => {
    const { proxy, requests, url } = await startProxy(status)
    await withVariable('HTTPS_PROXY', url, async () => {
      const asked = ask('https://api.dingtalk.invalid/')
      asked.catch(() => undefined)
      const [tunnel] = (await once(proxy, 'tunnel')) as [Duplex]
      const [first] = (await once(tunnel, 'data')) as [Buffer]
      // The client's half of a TLS handshake.
      expect(first[0]).toBe(22)
      expect(requests).toEqual(['api.dingtalk.invalid:443'])
    })
  })
})
