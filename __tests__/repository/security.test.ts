// What a hostile or broken network must not get out of the action.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EOL } from 'node:os'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Oss } from '../../src/dingtalk/oss.ts'
import { fixedConcurrency } from '../../src/http/concurrency.ts'
import { environmentOf } from '../../src/http/environment.ts'
import { Http } from '../../src/http/http.ts'
import { verbatim } from '../../src/http/text.ts'
import { job, type Job } from '../../test-support/job.ts'

let given: Job

beforeEach(async () => {
  given = await job()
  writeFileSync('a.bin', 'a')
})

afterEach(() => given.end())

test('redirects are not followed: nobody else gets the token', async () => {
  const asked: (string | undefined)[] = []
  const elsewhere = createServer((request, response) => {
    asked.push(request.url)
    response.end('{}')
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`
  for (const operation of ['uploadInfoV1', 'put'] as const) {
    given.emulator.faults.add({ operation, play: { kind: 'answer', status: 307, headers: { location } } })
  }
  const first = await given.run()
  const second = await given.run()
  elsewhere.close()
  expect(first.errors.join()).toContain('HTTP307')
  expect(second.errors.join()).toContain('HTTP307')
  expect(asked).toEqual([])
})

test('an answer without end is cut off', async () => {
  const body = `{"accessToken":"${'x'.repeat(1024 * 1024)}"}`
  given.emulator.faults.add({
    operation: 'uploadInfoV1',
    times: Infinity,
    play: { kind: 'answer', status: 200, body },
  })
  const { errors } = await given.run({ retries: '1' })
  expect(errors.join()).toMatch(/1 MiB.*1 MiB.*AnswerTooLarge/s)
})

test('two hours and more of uploading: the token is renewed before it expires', async () => {
  writeFileSync('b.bin', 'b')
  given.emulator.onFault(() => {
    given.clock.advance(3 * 3600_000)
  })
  given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'delay', ms: 0 } })
  const { errors } = await given.run({ concurrency: '1', 'request-timeout': '3600' })
  // The first commit was on its way while the hours passed, so that its answer was waited for in vain.
  expect(given.files('b.bin')).toHaveLength(1)
  expect(given.count('accessToken')).toBe(2)
  expect(errors).toEqual([])
})

describe('storage addresses', () => {
  const refused = { code: 'InsecureResourceUrl', mayHaveHappened: false }

  test.each([
    ['http://10.0.0.1/x', refused],
    ['http://oss.example.com/x', refused],
    // It may be sent to: nobody listens there.
    ['https://127.0.0.1:1/x', { code: 'ConnectionFailed' }],
  ])('beside an API that is not on this machine: %s', async (url, error) => {
    const http = new Http(environmentOf(), 1000, 4)
    const logger = { secret: () => undefined, info: () => undefined, debug: () => undefined }
    const oss = new Oss({ http, logger, plainHttp: false, concurrency: fixedConcurrency(1), retries: 0 })
    const payload = () => ({
      size: 0,
      md5: () => Promise.resolve(''),
      async *[Symbol.asyncIterator]() {
        /* empty */
      },
    })
    const sign = () => Promise.resolve({ resourceUrls: [url], headers: {}, expirationSeconds: 900 })
    await expect(oss.store(sign, payload)).rejects.toMatchObject(error)
    await expect(oss.probe(url)).rejects.toMatchObject(error)
    await http.close()
  })
})

test('a proxy that is no URL is told of, without its password', () => {
  process.env['HTTPS_PROXY'] = 'http://me:hunter2@[bad'
  try {
    expect(() => new Http(environmentOf(), 1000, 4)).toThrow(/^HTTP_PROXY or HTTPS_PROXY /)
  } finally {
    delete process.env['HTTPS_PROXY']
  }
})

test('secrets are masked before they are used, and nothing that is said holds them', async () => {
  const result = await given.run()
  const sent = given.emulator.requests
  const token = sent.find(({ operation }) => operation === 'commitV1')!.headers[
    'x-acs-dingtalk-access-token'
  ]!
  const signature = sent.find(({ operation }) => operation === 'put')!.headers['authorization']!
  expect(result.secrets).toEqual([given.emulator.values.appSecret, token, signature])
  const said = JSON.stringify([result.log, result.errors, result.warnings, result.outputs, result.summaries])
  for (const secret of result.secrets) expect(said).not.toContain(secret)
})

test('a secret that the platform itself repeats is redacted wherever the action writes', async () => {
  const { actionsRunner } = await import('../../src/github/actions-runner.ts')
  const written: string[] = []
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = (text: unknown) => (written.push(String(text)), true)
  try {
    const runner = actionsRunner()
    runner.secret('s3cr3t/+')
    runner.info(verbatim('it said s3cr3t/+ and s3cr3t%2F%2B'))
    runner.error(verbatim('first\n::error::s3cr3t/+'))
  } finally {
    process.stdout.write = write
  }
  expect(written.join('').split(EOL)).toEqual([
    '::add-mask::s3cr3t/+',
    'it said *** and ***',
    '::error::first%0A\\::error::***',
    '',
  ])
})
