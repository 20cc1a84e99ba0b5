import { expect, test } from '@jest/globals'
import { isLoopback } from '../../src/http/proxies.ts'

test.each([
  ['http://127.0.0.1:80', true],
  ['http://localhost:80', true],
  ['http://[::1]:80', true],
  ['http://10.0.0.1', false],
  ['https://localhost.example.com', false],
])('%s on this machine: %j', (url, loopback) => {
  expect(isLoopback(url)).toBe(loopback)
})
