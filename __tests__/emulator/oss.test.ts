// The emulated object storage.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.ts'
import type { HeaderSignatureInfo } from '../../emulator/oss/oss.ts'
import { Caller, type CallResponse } from '../../test-support/emulator-caller.ts'

const MINUTE = 60_000
const KB100 = 100 * 1024

let now: number
let emulator: Emulator
let caller: Caller

beforeEach(() => start())
afterEach(() => emulator.close())

async function start(options: EmulatorOptions = {}): Promise<void> {
  now = Date.parse('2026-08-01T10:00:00Z')
  emulator = await startEmulator({ clock: () => now, ...options })
  caller = new Caller(emulator)
}

async function restart(options: EmulatorOptions): Promise<void> {
  await emulator.close()
  await start(options)
}

const md5 = (bytes: string | Buffer) => createHash('md5').update(bytes).digest('hex')
const code = ({ status, text }: CallResponse) => [status, /<Code>(.*)<\/Code>/.exec(text)?.[1]]

describe('a PUT', () => {
  test('gets a response with the MD5', async () => {
    const { status, headers, text: body } = await caller.put(await caller.uploadInfo(), 'hello')
    expect([status, body]).toEqual([200, ''])
    expect(headers['etag']).toBe(`"${md5('hello').toUpperCase()}"`)
    expect(headers['content-md5']).toBe(createHash('md5').update('hello').digest('base64'))
    expect(headers['x-oss-request-id']).toMatch(/^[0-9A-F]{24}$/)
    expect(emulator.requests.at(-1)).toMatchObject({
      server: 'oss',
      operation: 'put',
      status: 200,
      onQuota: false,
      bytesReceived: 5,
    })
  })

  test('is accepted at any of the addresses, and replaces an earlier PUT', async () => {
    const info = await caller.uploadInfo()
    await caller.put(info, 'old')
    await caller.put({ ...info, resourceUrls: info.resourceUrls.slice(1) }, 'new')
    await caller.commit(info.uploadKey, 'a')
    expect(emulator.contents(emulator.files()[1]!.id).toString()).toBe('new')
  })

  test('is signed by its URL', async () => {
    await restart({ signing: 'url' })
    const info = await caller.uploadInfo()
    expect(info.headers).toEqual({})
    expect(new URL(info.resourceUrls[0]!).searchParams.has('Signature')).toBe(true)
    expect((await caller.put(info, 'hello')).status).toBe(200)
    expect((await caller.commit(info.uploadKey, 'a', { size: 5 })).status).toBe(200)
  })

  test('gets an opaque ETag in the mode opaque', async () => {
    await restart({ etag: 'opaque' })
    const { headers } = await caller.put(await caller.uploadInfo(), 'hello')
    expect(headers['etag']).not.toMatch(/^"[0-9A-F]{32}"$/)
  })

  test('has dead addresses first', async () => {
    await restart({ deadResourceHosts: 2 })
    const info = await caller.uploadInfo()
    expect(info.resourceUrls).toHaveLength(4)
    for (const [n, url] of info.resourceUrls.entries()) {
      const put = caller.put({ ...info, resourceUrls: [url] }, 'x')
      if (n < 2) await expect(put).rejects.toMatchObject({ code: 'ECONNREFUSED' })
      else expect((await put).status).toBe(200)
    }
  })

  test.each([
    ['a content type', { 'content-type': 'application/octet-stream' }],
    ['a content MD5', { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' }],
    ['an x-oss header', { 'x-oss-object-acl': 'public-read' }],
    ['another date', { 'x-oss-date': 'Sat, 01 Aug 2026 10:00:01 GMT' }],
    ['another signature', { Authorization: '' }],
  ])('is rejected with %s', async (_, more) => {
    const info = await caller.uploadInfo()
    const authorization = info.headers['Authorization']!.replace(/:./, ':*')
    const added = 'Authorization' in more ? { Authorization: authorization } : more
    const response = await caller.put(info, 'hello', added)
    expect(code(response)).toEqual([403, 'SignatureDoesNotMatch'])
    expect(response.headers['content-type']).toBe('application/xml')
    expect(response.text).toMatch(/<Message>.+<\/Message>\s*<RequestId>\w+<\/RequestId>\s*<HostId>/)
    expect((await caller.commit(info.uploadKey, 'a')).json.code).toBe('dentryStoreError')
  })

  test('is accepted and recorded with other headers', async () => {
    const token = { 'x-acs-dingtalk-access-token': 'x' }
    expect((await caller.put(await caller.uploadInfo(), 'hello', token)).status).toBe(200)
    expect(emulator.requests.at(-1)?.headers).toMatchObject(token)
  })

  test('is rejected for another object, or with another method', async () => {
    const info = await caller.uploadInfo()
    const other = await caller.uploadInfo()
    const moved = { ...info, resourceUrls: other.resourceUrls }
    expect(code(await caller.put(moved, 'hello'))).toEqual([403, 'SignatureDoesNotMatch'])
    const got = await caller.http(info.resourceUrls[0]!, { method: 'GET', headers: info.headers })
    expect(code(got)).toEqual([403, 'AccessDenied'])
  })

  test('is rejected with another access key', async () => {
    const info = await caller.uploadInfo()
    expect(code(await caller.put({ ...info, headers: {} }, 'x'))).toEqual([403, 'AccessDenied'])
    const { Authorization = '', ...others } = info.headers
    const stranger = { ...others, Authorization: Authorization.replace(/LTAI\w/, 'LTAI-') }
    expect(code(await caller.put({ ...info, headers: stranger }, 'x'))).toEqual([403, 'InvalidAccessKeyId'])
    const undated = { Authorization }
    expect(code(await caller.put({ ...info, headers: undated }, 'x'))).toEqual([403, 'AccessDenied'])
  })

  test.each([
    [15 * MINUTE, undefined],
    [15 * MINUTE + 1, 'RequestTimeTooSkewed'],
    [-15 * MINUTE, undefined],
    [-15 * MINUTE - 1, 'RequestTimeTooSkewed'],
  ])('%d ms after it was signed', async (later, expected) => {
    const info = await caller.uploadInfo()
    now += later
    const response = await caller.put(info, 'hello')
    expect(code(response)).toEqual([expected ? 403 : 200, expected])
  })

  test('over 15 minutes after its URL was signed', async () => {
    await restart({ signing: 'url' })
    const info = await caller.uploadInfo()
    now += 15 * MINUTE
    expect((await caller.put(info, 'hello')).status).toBe(200)
    now += 1000
    const response = await caller.put(info, 'hello')
    expect(code(response)).toEqual([403, 'AccessDenied'])
    expect(response.text).toContain('Request has expired.')
  })

  test('is rejected without a length', async () => {
    const { resourceUrls, headers } = await caller.uploadInfo()
    const response = await caller.http(resourceUrls[0]!, {
      method: 'PUT',
      headers,
      body: Readable.from([Buffer.from('hello')]),
    })
    expect(code(response)).toEqual([411, 'MissingContentLength'])
  })

  test('is rejected before its body above 5 GB', async () => {
    const announced = async (length: number) => {
      const socket = await begin(await caller.uploadInfo(), length, '')
      const response = text(socket)
      if (length <= 5 * 1024 ** 3) socket.end()
      return response
    }
    expect(await announced(5 * 1024 ** 3 + 1)).toMatch(/^HTTP\/1.1 400 .*<Code>EntityTooLarge</s)
    expect(await announced(5 * 1024 ** 3)).not.toContain('EntityTooLarge')
  })

  test.each([10, 3_000_000])('stores nothing if it is cut after %d bytes', async (size) => {
    const info = await caller.uploadInfo()
    const socket = await begin(info, 2 * size, Buffer.alloc(size))
    socket.destroy()
    await once(socket, 'close')
    expect((await caller.commit(info.uploadKey, 'a')).json.code).toBe('dentryStoreError')
    expect(emulator.requests.find(({ operation }) => operation === 'put')?.status).toBeUndefined()
  })

  test('stores a large body unchanged, including zeros', async () => {
    const bytes = Buffer.alloc(7 * 1024 ** 2 + 3, 'dingtalk')
    bytes.fill(0, 1024 ** 2, 4 * 1024 ** 2 + 5).fill(0, 6 * 1024 ** 2)
    const info = await caller.uploadInfo()
    const { headers } = await caller.put(info, bytes)
    expect(headers['etag']).toBe(`"${md5(bytes).toUpperCase()}"`)
    await caller.commit(info.uploadKey, 'a', { size: bytes.length })
    expect(emulator.contents(emulator.files()[1]!.id).equals(bytes)).toBe(true)
  })
})

/** A PUT of which the head and some of the bytes have been sent. */
async function begin({ resourceUrls, headers }: HeaderSignatureInfo, length: number, bytes: string | Buffer) {
  const { port, host, pathname } = new URL(resourceUrls[0]!)
  const socket = connect(Number(port), '127.0.0.1')
  await once(socket, 'connect')
  const lines = Object.entries({ host, ...headers, 'content-length': length })
  socket.write(
    `PUT ${pathname} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  )
  if (bytes.length > 0) await new Promise((resolve) => socket.write(bytes, resolve))
  return socket
}

describe('a multipart upload', () => {
  const a = Buffer.alloc(KB100, 'a')
  const b = Buffer.alloc(2_000_000, 'b')
  const c = Buffer.from('c')

  test('joins its parts in the order of their numbers; the last PUT of a part counts', async () => {
    const c = Buffer.alloc(3_000_000)
    c.write('c')
    const { uploadKey, parts } = await caller.multipart([1, 2, 3])
    for (const [number, bytes] of [
      [3, c],
      [2, a],
      [1, a],
      [2, b],
    ] as const) {
      const { status, headers } = await caller.put(parts.get(number)!, bytes)
      expect([status, headers['etag']]).toEqual([200, `"${md5(bytes).toUpperCase()}"`])
    }
    const whole = Buffer.concat([a, b, c])
    const { json } = await caller.commit(uploadKey, 'a.bin', { size: whole.length })
    const { id } = json.dentry
    expect(emulator.files()[1]).toMatchObject({ id, size: whole.length, md5: md5(whole) })
    expect(statSync(emulator.contentsPath(id)).size).toBe(whole.length)
    expect(emulator.contents(id).equals(whole)).toBe(true)
    expect(emulator.requests.filter(({ operation }) => operation === 'putPart')).toHaveLength(4)
    // Complete: no part can be put any more.
    expect(code(await caller.put(parts.get(1)!, a))).toEqual([404, 'NoSuchUpload'])
    expect((await caller.parts(uploadKey, [1])).json.code).toBe('paramError.uploadKey')
  })

  test('can be signed in URLs', async () => {
    await restart({ signing: 'url' })
    const { uploadKey, parts } = await caller.multipart([1])
    expect(parts.get(1)!.headers).toEqual({})
    expect((await caller.put(parts.get(1)!, c)).status).toBe(200)
    expect((await caller.commit(uploadKey, 'a', { size: 1 })).status).toBe(200)
  })

  test('rejects a part that arrives after its completion', async () => {
    const { uploadKey, parts } = await caller.multipart([1])
    await caller.put(parts.get(1)!, c)
    const late = await beginPart(parts.get(1)!)
    const { json } = await caller.commit(uploadKey, 'a', { size: 1 })
    late.write('x')
    expect(await text(late)).toContain('<Code>NoSuchUpload</Code>')
    expect(emulator.contents(json.dentry.id)).toEqual(c)
  })

  test('counts parallel PUTs', async () => {
    const { parts } = await caller.multipart([1, 2, 3])
    // One after another: each waits until the emulator has seen one request more.
    const sockets = [
      await beginPart(parts.get(1)!),
      await beginPart(parts.get(2)!),
      await beginPart(parts.get(3)!),
    ]
    for (const socket of sockets) socket.write('x')
    for (const response of await Promise.all(sockets.map((socket) => text(socket))))
      expect(response).toMatch(/^HTTP\/1.1 200 /)
    await caller.put(parts.get(1)!, c)
    expect(emulator.peakParallelPuts).toBe(3)
  })

  async function beginPart(info: HeaderSignatureInfo) {
    const url = new URL(info.resourceUrls[0]!)
    const socket = connect(Number(url.port), '127.0.0.1')
    await once(socket, 'connect')
    const arrived = emulator.requests.length
    const headers = Object.entries({
      host: url.host,
      ...info.headers,
      connection: 'close',
      'content-length': 1,
    })
    socket.write(`PUT ${url.pathname}${url.search} HTTP/1.1\r\n`)
    socket.write(`${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
    while (emulator.requests.length <= arrived) await new Promise(setImmediate)
    return socket
  }

  test.each<[string, [number, Buffer][], number, string]>([
    ['no part', [], 0, 'dentryStoreError'],
    [
      'a part missing',
      [
        [1, a],
        [3, c],
      ],
      KB100 + 1,
      'dentryStoreError',
    ],
    ['the first part missing', [[2, a]], KB100, 'dentryStoreError'],
    [
      'a part too small',
      [
        [1, a.subarray(1)],
        [2, c],
      ],
      KB100,
      'dentryStoreError',
    ],
    [
      'another size',
      [
        [1, a],
        [2, c],
      ],
      KB100,
      'paramError.size',
    ],
  ])('with %s cannot be committed', async (_, put, size, expected) => {
    const { uploadKey, parts } = await caller.multipart([1, 2, 3])
    for (const [number, bytes] of put) await caller.put(parts.get(number)!, bytes)
    expect((await caller.commit(uploadKey, 'a', { size })).json.code).toBe(expected)
    expect(emulator.files()).toHaveLength(1)
  })

  test.each<[string, unknown, string | undefined]>([
    ['30 numbers', Array.from({ length: 30 }, (_, n) => n + 1), undefined],
    ['the last number', [10_000], undefined],
    ['31 numbers', Array.from({ length: 31 }, (_, n) => n + 1), 'paramError.partNumbers'],
    ['none', [], 'paramError.partNumbers'],
    ['nothing', undefined, 'paramError.partNumbers'],
    ['0', [0], 'paramError.partNumbers'],
    ['10001', [10_001], 'paramError.partNumbers'],
    ['text', ['1'], 'paramError.partNumbers'],
  ])('requests signatures for %s', async (_, partNumbers, expected) => {
    const { uploadKey } = await caller.multipart([1])
    const { status, json } = await caller.parts(uploadKey, partNumbers)
    expect([status, json.code]).toEqual([expected ? 400 : 200, expected])
  })

  test('rejects an unknown key, a key of a single PUT, and a missing scope', async () => {
    expect((await caller.parts('x', [1])).json.code).toBe('paramError.uploadKey')
    const { uploadKey } = await caller.uploadInfo()
    expect((await caller.parts(uploadKey, [1])).json.code).toBe('paramError.uploadKey')
    emulator.scopes.withdraw('Storage.UploadInfo.Read')
    expect((await caller.parts(uploadKey, [1])).json.accessdenieddetail).toBeDefined()
  })

  test('signs a part for its own number only', async () => {
    const { parts } = await caller.multipart([1])
    const info = parts.get(1)!
    const another = { ...info, resourceUrls: [info.resourceUrls[0]!.replace('partNumber=1', 'partNumber=2')] }
    expect(code(await caller.put(another, a))).toEqual([403, 'SignatureDoesNotMatch'])
    const unknown = { ...info, resourceUrls: [info.resourceUrls[0]!.replace(/uploadId=\w/, 'uploadId=x')] }
    expect(code(await caller.put(unknown, a))).toEqual([403, 'SignatureDoesNotMatch'])
  })
})
