// The faults that the emulator plays, its control API, and its command.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/emulator.ts'
import * as faults from '../../emulator/faults/plays.ts'
import { Caller } from '../../test-support/emulator-caller.ts'
import { onPosix } from '../../test-support/on-posix.ts'

let emulator: Emulator
let caller: Caller

beforeEach(async () => {
  emulator = await startEmulator()
  caller = new Caller(emulator)
  await caller.gateway('/v1.0/none')
})
afterEach(() => emulator.close())

const addFolder = (signal?: AbortSignal) => {
  const { apiBaseUrl, spaceId, parentId, unionId } = emulator.values
  return signal
    ? caller.http(
        `${apiBaseUrl}/v1.0/storage/spaces/${spaceId}/dentries/${parentId}/folders?unionId=${unionId}`,
        {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-acs-dingtalk-access-token': emulator.requests.at(-1)!.headers['x-acs-dingtalk-access-token'],
          },
          body: '{"name":"x"}',
          signal,
        },
      )
    : caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries/${parentId}/folders`, { body: { name: 'x' } })
}

/** How many folders there are in the folder of the values. */
async function folders(): Promise<number> {
  const { spaceId, parentId, unionId } = emulator.values
  const { json } = await caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries`, {
    method: 'GET',
    query: { unionId, parentId },
  })
  return json.dentries.length
}

describe('a call', () => {
  test.each<[string, faults.Play, object, number]>([
    [
      'gets another response',
      { kind: 'answer', status: 418, body: { a: 1 } },
      { status: 418, text: '{"a":1}' },
      0,
    ],
    [
      'gets another response with headers',
      { kind: 'answer', status: 429, body: 'x', headers: { 'retry-after': '3' } },
      { status: 429, text: 'x', headers: expect.objectContaining({ 'retry-after': '3' }) },
      0,
    ],
    [
      'is executed and gets another response',
      { kind: 'answer-after', status: 500 },
      { status: 500, text: '' },
      1,
    ],
    ['is delayed', { kind: 'delay', ms: 0 }, { status: 200 }, 1],
  ])('%s', async (_, play, expected, done) => {
    emulator.faults.add({ operation: 'subfolder', play })
    expect(await addFolder()).toMatchObject(expected)
    expect(emulator.faults.played).toEqual([{ operation: 'subfolder', play }])
    expect(await folders()).toBe(done)
    expect((await addFolder()).status).toBe(200)
  })

  test.each<[faults.Play, number]>([
    [{ kind: 'cut-before' }, 0],
    [{ kind: 'cut-after' }, 1],
    [{ kind: 'cut-in-body' }, 1],
  ])('%j', async (play, done) => {
    emulator.faults.add({ operation: 'subfolder', play })
    await expect(addFolder()).rejects.toMatchObject({
      code: expect.stringMatching(/UND_ERR_SOCKET|ECONNRESET/),
    })
    expect(await folders()).toBe(done)
  })

  test('cut-in-body: announces a longer body', async () => {
    emulator.faults.add({ operation: 'subfolder', play: { kind: 'cut-in-body' } })
    await addFolder().catch(() => undefined)
    expect(emulator.requests.at(-1)?.status).toBe(200)
  })

  test.each<[faults.Play, number]>([
    [{ kind: 'hang' }, 0],
    [{ kind: 'hang-after' }, 1],
  ])('%j: notifies listeners when it hangs', async (play, done) => {
    const impatience = new AbortController()
    const reported: unknown[] = []
    emulator.onFault((fault, request) => {
      reported.push([fault.play, request.operation, request.body])
      impatience.abort()
    })
    await folders()
    emulator.faults.add({ operation: 'subfolder', play })
    await expect(addFolder(impatience.signal)).rejects.toThrow()
    expect(reported).toEqual([[play, 'subfolder', '{"name":"x"}']])
    expect(await folders()).toBe(done)
  })
})

test('ends hanging requests when the emulator closes', async () => {
  const closing: Promise<void>[] = []
  emulator.onFault(() => closing.push(emulator.close()))
  emulator.faults.add({ operation: 'subfolder', play: { kind: 'hang' } })
  await expect(addFolder()).rejects.toThrow()
  await Promise.all(closing)
})

describe('bytes', () => {
  const put = async (play: faults.Play, size = 3_000_000) => {
    const info = await caller.uploadInfo()
    emulator.faults.add({ operation: 'put', play })
    const response = await caller.put(info, Buffer.alloc(size, 'x')).catch((error: unknown) => error)
    const committed = await caller.commit(info.uploadKey, 'a')
    const request = emulator.requests.find(({ operation }) => operation === 'put')!
    return { response, committed, request }
  }

  test.each<[faults.Play]>([
    [{ kind: 'cut-before' }],
    [{ kind: 'cut-before', afterBytes: 500_000 }],
    [faults.ossSlowDown],
    [faults.badGateway],
  ])('%j: stores nothing', async (play) => {
    const { committed, request } = await put(play)
    expect(committed.json.code).toBe('dentryStoreError')
    if (play.kind === 'cut-before') {
      expect(request.bytesReceived).toBeGreaterThanOrEqual(play.afterBytes ?? 0)
      expect(request.bytesReceived).toBeLessThan(3_000_000)
      expect(request.status).toBeUndefined()
    }
  })

  test.each<[faults.Play]>([[{ kind: 'cut-after' }], [{ kind: 'cut-in-body' }]])(
    '%j: stores the bytes',
    async (play) => {
      const { response, committed } = await put(play)
      expect(response).toBeInstanceOf(Error)
      expect(committed.status).toBe(200)
    },
  )

  test('hang: reads only some bytes', async () => {
    const info = await caller.uploadInfo()
    const impatience = new AbortController()
    emulator.onFault(() => {
      impatience.abort()
    })
    emulator.faults.add({ operation: 'put', play: { kind: 'hang', afterBytes: 100_000 } })
    const hanging = caller.http(info.resourceUrls[0]!, {
      method: 'PUT',
      headers: info.headers,
      body: Buffer.alloc(50_000_000),
      signal: impatience.signal,
    })
    await expect(hanging).rejects.toThrow()
    expect(emulator.requests.at(-1)!.bytesReceived).toBeLessThan(5_000_000)
    expect((await caller.commit(info.uploadKey, 'a')).json.code).toBe('dentryStoreError')
  })

  test.each([10, 3_000_000])('corrupt: changes one of %d bytes, and the ETag matches', async (size) => {
    const { response, committed } = await put({ kind: 'corrupt' }, size)
    const stored = emulator.contents(committed.json.dentry.id)
    expect(stored).toHaveLength(size)
    expect(stored.filter((byte) => byte !== 120)).toHaveLength(1)
    const { headers } = response as { headers: Record<string, string> }
    expect(headers['etag']).toBe(`"${emulator.files()[1]!.md5.toUpperCase()}"`)
  })
})

describe('which calls', () => {
  const statuses = async (count: number) => {
    const seen: number[] = []
    for (let n = 0; n < count; n++) seen.push((await addFolder()).status)
    return seen
  }
  const fail = { kind: 'answer', status: 500 } as const

  test.each<[Omit<faults.Fault, 'play' | 'operation'>, number[]]>([
    [{}, [500, 200, 200, 200]],
    [{ nth: 2 }, [200, 500, 200, 200]],
    [{ nth: 2, times: 2 }, [200, 500, 500, 200]],
    [{ times: 2 }, [500, 500, 200, 200]],
    [{ nth: 3, times: Infinity }, [200, 200, 500, 500]],
    [{ times: Infinity }, [500, 500, 500, 500]],
  ])('%j', async (which, expected) => {
    emulator.faults.add({ operation: 'subfolder', play: fail, ...which })
    expect(await statuses(4)).toEqual(expected)
    expect(emulator.faults.played).toHaveLength(expected.filter((status) => status === 500).length)
  })

  test('of any operation are affected by *', async () => {
    emulator.faults.clear()
    emulator.faults.add({ operation: '*', nth: 2, play: fail })
    await folders()
    expect(await statuses(2)).toEqual([500, 200])
  })

  test('take faults without a number in turn; clear removes faults and resets the counts', async () => {
    emulator.faults.add({ operation: 'subfolder', play: fail })
    emulator.faults.add({ operation: 'subfolder', play: { kind: 'answer', status: 503 } })
    expect(await statuses(3)).toEqual([500, 503, 200])
    emulator.faults.add({ operation: 'subfolder', play: fail })
    emulator.faults.clear()
    emulator.faults.add({ operation: 'subfolder', nth: 1, play: fail })
    expect(await statuses(2)).toEqual([500, 200])
  })
})

describe('predefined faults', () => {
  const userGet = () => caller.oapi('/topapi/v2/user/get', { body: { userid: emulator.values.userId } })

  test.each<[string, faults.Play, number, string, number]>([
    ['throttledQps', faults.throttledQps, 403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', 90018],
    ['throttledQpm', faults.throttledQpm, 403, 'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi', 90018],
    ['throttledOrgApi', faults.throttledOrgApi, 403, 'Forbidden.AccessDenied.QpsLimitForApi', 90002],
    ['monthlyQuota', faults.monthlyQuota, 403, 'Forbidden.AccessDenied.ApiCountLimitForOrg', 90020],
    ['ipNotInWhiteList', faults.ipNotInWhiteList, 403, 'Forbidden.AccessDenied.IpNotInWhiteList', 60020],
    ['invalidAuthentication', faults.invalidAuthentication, 400, 'InvalidAuthentication', 40014],
    ['systemBusy429', faults.systemBusy429, 429, 'system.busy', -1],
    ['systemError500', faults.systemError500, 500, 'systemError', -1],
    ['paramError400', faults.paramError400, 400, 'paramError', 40035],
    [
      'accessTokenPermissionDenied',
      faults.accessTokenPermissionDenied('A.B'),
      403,
      'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      60011,
    ],
  ])('%s has the form of either gateway', async (_, play, status, code, errcode) => {
    emulator.faults.add({ operation: 'subfolder', play })
    emulator.faults.add({ operation: 'unionId', play })
    expect(await addFolder()).toMatchObject({
      status,
      json: { code, message: expect.any(String), requestid: expect.any(String) },
    })
    expect(await userGet()).toMatchObject({ status: 200, json: { errcode, errmsg: expect.any(String) } })
    expect(await folders()).toBe(0)
  })

  test.each<[string, faults.Play, number, RegExp, number]>([
    ['ipBan', faults.ipBan, 200, /^<.*"status":1111,"wait":5,.*"punish":"deny"/s, 0],
    ['ipBanJson', faults.ipBanJson, 200, /^\{"status":1111,/, 0],
    ['badGateway', faults.badGateway, 502, /^<html>/, 0],
    ['unauthorized401', faults.unauthorized401, 401, /^<html>/, 0],
    ['serviceUnavailable503', faults.serviceUnavailable503, 503, /operationTimeout/, 0],
    ['truncatedJson', faults.truncatedJson, 200, /^\{"[^}]*$/, 1],
    ['wrongJson', faults.wrongJson, 200, /^\{"success":true\}$/, 1],
    ['empty200', faults.empty200, 200, /^$/, 1],
  ])('%s', async (_, play, status, said, done) => {
    emulator.faults.add({ operation: 'subfolder', play })
    const response = await addFolder()
    expect(response.status).toBe(status)
    expect(response.text).toMatch(said)
    expect(await folders()).toBe(done)
  })

  test('executes a call whose response drips', async () => {
    emulator.faults.add({ operation: 'subfolder', play: { kind: 'drip' } })
    const leaving = new AbortController()
    emulator.onFault(() => {
      leaving.abort()
    })
    await expect(addFolder(leaving.signal)).rejects.toThrow()
    expect(await folders()).toBe(1)
  })

  test('systemBusyFor sends Retry-After', async () => {
    emulator.faults.add({ operation: 'subfolder', play: faults.systemBusyFor(7) })
    expect((await addFolder()).headers['retry-after']).toBe('7')
  })

  test.each<[string, faults.Play, number, string]>([
    ['ossSlowDown', faults.ossSlowDown, 503, 'SlowDown'],
    ['ossRequestTimeout', faults.ossRequestTimeout, 408, 'RequestTimeout'],
    ['ossSkewed', faults.ossSkewed, 403, 'RequestTimeTooSkewed'],
    ['ossSignatureDoesNotMatch', faults.ossSignatureDoesNotMatch, 403, 'SignatureDoesNotMatch'],
    ['systemError500', faults.systemError500, 500, 'InternalError'],
    ['serviceUnavailable503', faults.serviceUnavailable503, 503, 'ServiceUnavailable'],
    ['throttledQps', faults.throttledQps, 503, 'SlowDown'],
  ])('%s has the form of OSS', async (_, play, status, code) => {
    emulator.faults.add({ operation: 'put', play })
    const response = await caller.put(await caller.uploadInfo(), 'x')
    expect(response.status).toBe(status)
    expect(response.text).toContain(`<Code>${code}</Code>`)
  })
})

describe('the control API', () => {
  const control = (method: string, path: string, body?: unknown) =>
    caller.http(`${emulator.values.apiBaseUrl}/_emulator/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  test('shows requests, but not its own', async () => {
    await caller.upload('a.txt', 'hello')
    const asked = emulator.requests.length
    const { json } = await control('GET', '')
    expect(json).toMatchObject({
      values: emulator.values,
      files: [{}, { name: 'a.txt', size: 5, md5: '5d41402abc4b2a76b9719d911017c592' }],
      messages: [],
      scopes: expect.arrayContaining(['qyapi_base']),
    })
    expect(json.requests).toHaveLength(asked)
    expect(emulator.requests).toHaveLength(asked)
  })

  test('adds faults by name and permanently, and clears them', async () => {
    const added = await control('POST', 'faults', [
      { operation: 'subfolder', play: 'throttledQps' },
      { operation: 'subfolder', times: 'always', play: { kind: 'answer', status: 500 } },
    ])
    expect(added.json).toEqual({ added: 2 })
    expect([(await addFolder()).status, (await addFolder()).status, (await addFolder()).status]).toEqual([
      403, 500, 500,
    ])
    expect((await control('GET', '')).json.faultsPlayed).toHaveLength(3)
    await control('DELETE', 'faults')
    expect((await addFolder()).status).toBe(200)
  })

  test('withdraws and grants scopes, and expires tokens', async () => {
    await control('POST', 'scopes', { withdraw: ['Storage.File.Write'] })
    expect((await addFolder()).status).toBe(403)
    await control('POST', 'scopes', { grant: ['Storage.File.Write'] })
    expect((await addFolder()).status).toBe(200)
    await control('DELETE', 'access-tokens')
    expect((await addFolder()).json.code).toBe('InvalidAuthentication')
  })

  test.each<[string, string, unknown, string]>([
    ['POST', 'faults', { operation: 'upload', play: 'badGateway' }, 'operation'],
    ['POST', 'faults', { operation: 'put' }, 'play'],
    ['POST', 'faults', { operation: 'put', play: 'nonsense' }, 'play'],
    ['POST', 'faults', { operation: 'put', play: { kind: 'explode' } }, 'play.kind'],
    ['POST', 'faults', { operation: 'put', play: { kind: 'answer' } }, 'play.status'],
    ['POST', 'faults', { operation: 'put', play: { kind: 'delay' } }, 'play.ms'],
    ['POST', 'faults', { operation: 'put', play: { kind: 'hang', afterBytes: 'x' } }, 'play.afterBytes'],
    ['POST', 'faults', { operation: 'put', play: 'badGateway', nth: 0 }, 'nth'],
    ['POST', 'faults', { operation: 'put', play: 'badGateway', times: 'ever' }, 'times'],
    ['POST', 'scopes', { withdraw: ['nonsense'] }, 'no such scope'],
    ['POST', 'scopes', { withdraw: 'qyapi_base' }, 'withdraw'],
    ['POST', 'scopes', { take: [] }, 'take'],
    ['GET', 'nonsense', undefined, 'GET /_emulator/nonsense'],
  ])('rejects %s %s %j', async (method, path, body, said) => {
    const { status, json } = await control(method, path, body)
    expect(status).toBe(400)
    expect(json.error).toContain(said)
  })
})

describe('the command', () => {
  const main = (...args: string[]) =>
    spawn(process.execPath, [join(import.meta.dirname, '../../emulator/main.ts'), ...args])

  onPosix.each(['SIGINT', 'SIGTERM'] as const)('prints one line, and runs until %s', async (signal) => {
    const child = main('--used-upload-key', 'second-file', '--signing=url')
    const output: string[] = []
    const lines = createInterface({ input: child.stdout }).on('line', (line) => output.push(line))
    await once(lines, 'line')
    const values = JSON.parse(output[0]!) as Emulator['values']
    const { json } = await caller.http(`${values.apiBaseUrl}/_emulator/`, {})
    expect(json.values).toEqual(values)
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(output).toHaveLength(1)
  })

  test.each([
    [['--nonsense'], '--nonsense'],
    [['--port', '65536'], '--port: a whole number from 0 to 65535 is expected, not "65536"'],
    [['--port', 'x'], '--port'],
    [['--latency'], '--latency'],
    [['--etag', 'sha'], '--etag: one of md5, opaque is expected, not "sha"'],
    [['8080'], '8080'],
  ])('rejects %j', async (args, said) => {
    const child = main(...args)
    const [stderr, stdout, [status]] = await Promise.all([
      text(child.stderr),
      text(child.stdout),
      once(child, 'exit'),
    ])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(said)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  test('fails if the port is taken', async () => {
    const child = main('--port', new URL(emulator.values.apiBaseUrl).port)
    const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    expect(status).toBe(1)
    expect(stderr).toMatch(/EADDRINUSE/)
  })
})

describe('a server that refuses connections', () => {
  const refused = { cause: { code: 'ECONNREFUSED' } }

  test('closes idle ones, and listens again at the same address', async () => {
    const { apiBaseUrl, oapiBaseUrl } = emulator.values
    emulator.refuseConnections('gateway')
    await expect(fetch(apiBaseUrl)).rejects.toMatchObject(refused)
    expect((await fetch(oapiBaseUrl)).status).toBe(200)
    await emulator.acceptConnections('gateway')
    expect((await fetch(apiBaseUrl)).status).toBe(404)
  })

  test('responds to pending requests', async () => {
    emulator.onFault(() => {
      emulator.refuseConnections('gateway')
    })
    emulator.faults.add({ operation: 'subfolder', play: { kind: 'delay', ms: 0 } })
    expect(await addFolder()).toMatchObject({ status: 200, headers: { connection: 'close' } })
    await expect(fetch(emulator.values.apiBaseUrl)).rejects.toMatchObject(refused)
  })
})
