import { expect, test } from '@jest/globals'
import { isLoopback } from '../../src/http/proxies.ts'

test.each([
  ['http://127.0.0.1:8080', true],
  ['http://127.255.0.9', true],
  ['http://localhost:1', true],
  ['http://[::1]:8080/', true],
  ['http://128.0.0.1', false],
  ['http://127.0.0.1.example.com', false],
  ['https://localhost.example.com', false],
  ['http://[::2]/', false],
])('%s is on this machine: %s', (url, expected) => {
  expect(isLoopback(url)).toBe(expected)
})
