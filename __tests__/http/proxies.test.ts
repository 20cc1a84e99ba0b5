import { expect, test } from '@jest/globals'
import { readProxies } from '../../src/http/proxies.ts'

const HTTP = { HTTP_PROXY: 'http://me:secret@proxy.example.com:8080' }
const BOTH = { ...HTTP, HTTPS_PROXY: 'http://secure.example.com:3128' }

test.each<[Record<string, string>, string, string | undefined]>([
  [{}, 'https://api.dingtalk.com', undefined],
  [HTTP, 'http://example.com', 'HTTP_PROXY http://proxy.example.com:8080'],
  [HTTP, 'https://api.dingtalk.com', 'HTTP_PROXY http://proxy.example.com:8080'],
  [BOTH, 'https://api.dingtalk.com', 'HTTPS_PROXY http://secure.example.com:3128'],
  [{ ...BOTH, https_proxy: 'http://lower:1' }, 'https://api.dingtalk.com', 'https_proxy http://lower:1'],
  [{ ...BOTH, https_proxy: '' }, 'https://api.dingtalk.com', 'HTTP_PROXY http://proxy.example.com:8080'],
  [{ HTTPS_PROXY: 'proxy:3128' }, 'https://api.dingtalk.com', 'HTTPS_PROXY http://proxy:3128'],
  [{ HTTPS_PROXY: ' me:secret@proxy ' }, 'https://api.dingtalk.com', 'HTTPS_PROXY http://proxy'],
  [BOTH, 'http://127.0.0.1:8080', undefined],
  [BOTH, 'http://localhost:8080', undefined],
])('%j: sends %s through %s', (variables, url, expected) => {
  const proxy = readProxies(variables)(new URL(url))
  expect(proxy && `${proxy.variable} ${proxy.address}`).toBe(expected)
})

test.each([
  ['*', 'https://api.dingtalk.com', false],
  ['dingtalk.com', 'https://api.dingtalk.com', false],
  ['.dingtalk.com', 'https://api.dingtalk.com', false],
  ['*.dingtalk.com', 'https://api.dingtalk.com', false],
  ['*.dingtalk.com', 'https://dingtalk.com', true],
  ['api.dingtalk.com:443', 'https://api.dingtalk.com', false],
  ['api.dingtalk.com:8443', 'https://api.dingtalk.com', true],
  ['example.com api.dingtalk.com', 'https://api.dingtalk.com', false],
  ['example.com,API.DINGTALK.COM', 'https://api.dingtalk.com', false],
  ['talk.com', 'https://api.dingtalk.com', true],
  ['[2001:db8::1]:8080', 'http://[2001:db8::1]:8080', false],
])('NO_PROXY=%s: sends %s through a proxy: %s', (exempt, url, expected) => {
  expect(readProxies({ ...BOTH, NO_PROXY: exempt })(new URL(url)) !== undefined).toBe(expected)
})
