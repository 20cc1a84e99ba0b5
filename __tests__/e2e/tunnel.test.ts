// HTTPS goes through a proxy by a tunnel: the committed bundle asks for it at its first try.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { act } from '../../scripts/act.ts'

let proxy: Server
const tunnels: string[] = []
beforeEach(async () => {
  tunnels.length = 0
  proxy = createServer().on('connect', (request, socket) => {
    tunnels.push(request.url ?? '')
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
})
afterEach(() => new Promise((resolve) => proxy.close(resolve)))

test.each(['HTTPS_PROXY', 'https_proxy'])(
  '%s is asked for a tunnel, and what it says is told',
  async (name) => {
    const { exitCode, stdout } = await act({
      with: {
        'app-key': 'dingkey',
        'app-secret': 'app-secret-value',
        'union-id': 'u',
        'space-id': '1',
        mode: 'check',
        retries: '0',
      },
      env: { [name]: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` },
    })
    expect(exitCode).toBe(1)
    expect(tunnels).toEqual(['api.dingtalk.com:443'])
    expect(stdout).toMatch(
      /could not get an access token: the connection to api\.dingtalk\.com failed: .*403/,
    )
  },
)
