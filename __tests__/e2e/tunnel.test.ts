// The committed bundle uses a proxy's tunnel for HTTPS.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startGitHub, type GitHub } from '../../emulator/github/github.ts'
import { act } from '../../scripts/act.ts'
import { bundleJob, errorsOf, type BundleJob } from '../../test-support/bundle-job.ts'
import { CERTIFICATE, startTlsProxy, type TlsProxy } from '../../test-support/tls-proxy.ts'

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
  'reports the response of %s to the request for a tunnel',
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
    expect(stdout).toMatch(/api\.dingtalk\.com.*403/)
  },
)

describe('everything that is not on this machine goes through the proxy', () => {
  const NAMES = {
    api: 'api.dingtalk.invalid',
    oapi: 'oapi.dingtalk.invalid',
    storage: 'oss.dingtalk.invalid',
  }
  let job: BundleJob
  let github: GitHub
  let tls: TlsProxy

  beforeEach(async () => {
    job = await bundleJob()
    github = await startGitHub([
      { tag: 'v1', assets: [{ name: 'app.ipa', content: Buffer.from('a release') }] },
    ])
    const { apiBaseUrl, oapiBaseUrl } = job.emulator.values
    const origins = {
      [NAMES.api]: apiBaseUrl,
      [NAMES.oapi]: oapiBaseUrl,
      'api.github.invalid': new URL(github.apiUrl).origin,
    }
    tls = await startTlsProxy(origins, NAMES.storage)
  })
  afterEach(async () => {
    await tls.close()
    await github.close()
    await job.end()
  })

  const run = (env: Record<string, string>, given: Record<string, string> = {}) =>
    job.run(
      {
        'api-base-url': `https://${NAMES.api}`,
        'oapi-base-url': `https://${NAMES.oapi}`,
        retries: '0',
        'request-timeout': '5',
        ...given,
      },
      { env: { NODE_EXTRA_CA_CERTS: CERTIFICATE, HTTPS_PROXY: tls.url, ...env } },
    )
  const names = () => [...new Set(tls.tunnels.map((target) => target.split(':')[0]))].sort()

  test('both gateways and the storage', async () => {
    job.file('app.apk')
    expect(errorsOf(await run({}))).toBe('')
    expect(job.files('app.apk')).toHaveLength(1)
    expect(names()).toEqual([NAMES.api, NAMES.oapi, NAMES.storage])
    // The same connection from the token to the commit.
    expect(tls.sessions.filter(({ name }) => name === NAMES.api)).toHaveLength(1)
  })

  test('another connection to the same name resumes its TLS session', async () => {
    for (let index = 0; index < 8; index++) job.file(`${index}.apk`)
    expect(errorsOf(await run({}, { path: '*.apk', concurrency: '4' }))).toBe('')
    const resumed = (name: string) =>
      tls.sessions.filter((session) => session.name === name).map(({ isResumed }) => isResumed)
    expect(resumed(NAMES.api)[0]).toBe(false)
    expect(resumed(NAMES.api).slice(1)).not.toContain(false)
    expect(resumed(NAMES.storage).length).toBeGreaterThan(1)
    expect(resumed(NAMES.storage)).toContain(true)
  })

  test('GitHub’s API too', async () => {
    const apiUrl = new URL(github.apiUrl)
    const result = await run(
      { GITHUB_API_URL: `https://api.github.invalid${apiUrl.pathname.replace(/\/$/, '')}` },
      { path: '', 'release-tag': 'v1', 'github-token': github.token },
    )
    expect(errorsOf(result)).toBe('')
    expect(job.files('app.ipa')).toHaveLength(1)
    expect(names()).toContain('api.github.invalid')
  })

  test('except GitHub’s API on this machine', async () => {
    const result = await run(
      { HTTP_PROXY: tls.url, GITHUB_API_URL: github.apiUrl },
      { path: '', 'release-tag': 'v1', 'github-token': github.token },
    )
    expect(errorsOf(result)).toBe('')
    expect(names()).toEqual([NAMES.api, NAMES.oapi, NAMES.storage])
  })

  test('except what NO_PROXY names', async () => {
    job.file('app.apk')
    const { exitCode } = await run({ NO_PROXY: NAMES.api })
    // The name exists for the proxy alone.
    expect(exitCode).toBe(1)
    expect(names()).not.toContain(NAMES.api)
  })
})
