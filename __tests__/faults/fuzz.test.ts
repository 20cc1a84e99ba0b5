// Any external value leads to a clear error or a valid value, and is text in the log and the summary.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import * as v from 'valibot'
import { DingTalkError } from '../../src/dingtalk/errors.ts'
import { type OperationName, OPERATIONS } from '../../src/dingtalk/operations.ts'
import {
  jsonObject,
  readGatewayResponse,
  readOapiResponse,
  readOssResponse,
} from '../../src/dingtalk/responses.ts'
import { RESPONSES } from '../../src/dingtalk/schema.ts'
import type { FileResult } from '../../src/domain.ts'
import { InputError } from '../../src/errors.ts'
import { retryDelay } from '../../src/http/retry.ts'
import { parseFolderLink } from '../../src/inputs/folder.ts'
import { INPUT_NAMES, type InputName, readInputs } from '../../src/inputs/inputs.ts'
import { failureDetails, failureLine, failureMessage, diagnose } from '../../src/report/failures.ts'
import { summary } from '../../src/report/summary.ts'
import { logLine, markdownText } from '../../src/text/plain-text.ts'
import { planParts } from '../../src/upload/multipart.ts'

/** How many cases in all, and where chance begins: more and others by hand, `CASES=100000 SEED=$RANDOM`. */
const CASES = Number(process.env['CASES'] ?? 6000)
const SEED = Number(process.env['SEED'] ?? 4)
const TIMEOUT = 60_000 + CASES * 10

/** A test of a share of the cases. */
function fuzz<Given extends [unknown, ...unknown[]]>(
  name: string,
  share: number,
  arbitraries: { [Index in keyof Given]: fc.Arbitrary<Given[Index]> },
  check: (...given: Given) => void | Promise<void>,
): void {
  test(
    name,
    () =>
      fc.assert(
        fc.asyncProperty(...arbitraries, async (...given: Given) => {
          await check(...given)
        }),
        { numRuns: Math.ceil(CASES * share), seed: SEED },
      ),
    TIMEOUT,
  )
}

/** Names that objects have without having been given them, and values that look like others. */
const odd = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'NaN',
  '-1',
  '1e999',
  '0x10',
  '９',
  '5constructor',
  '99999999999999999999',
  '::error::x',
  '##[command]x',
  '[x](https://evil.example)',
  'https://evil.example/x',
  '![](//evil.example)',
  '<img src=x onerror=y>',
  '|a|b|',
  '\r\n::set-output name=a::b',
  '\u2028\u202e\u0000\u001b[2J',
  '\ud800',
  '权限[权限[权限',
)
const hostile = fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 20 }))

describe('inputs', () => {
  const good: Partial<Record<InputName, string>> = {
    'app-key': 'dingkey',
    'app-secret': 'the-very-secret',
    'user-id': 'manager',
    'space-id': '12345678901234567890',
    path: 'app.apk',
  }
  const near = fc.constantFrom(
    '0',
    '1',
    '32',
    '33',
    'auto',
    'AUTO_RENAME',
    'overwrite',
    'cid+/=',
    'chat0a',
    'https://api.example.com//',
    'http://127.0.0.1:1/',
    'https://u:p@h',
    'https://qr.dingtalk.com/page/yunpan?spaceId=1&fileId=2',
  )
  const names = INPUT_NAMES
  const given = fc.dictionary(fc.constantFrom(...names), fc.oneof(hostile, near), { maxKeys: 6 })

  fuzz('are refused with the names of those that are wrong, or read', 0.2, [given], (values) => {
    let inputs
    try {
      inputs = readInputs({ input: (name) => values[name] ?? good[name] ?? '' })
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      expect(error.problems.length).toBeGreaterThan(0)
      for (const problem of error.problems) {
        expect(names).toContain(problem.input)
        expect(JSON.stringify(problem)).not.toContain(good['app-secret'])
      }
      return
    }
    const { concurrency } = inputs
    expect(concurrency === 'auto' || (concurrency >= 1 && concurrency <= 32)).toBe(true)
    expect(inputs.retries >= 0 && inputs.retries <= 20).toBe(true)
    expect(inputs.requestTimeout >= 1000 && inputs.requestTimeout <= 3600_000).toBe(true)
    expect(new Set(inputs.chats).size).toBe(inputs.chats.length)
    expect(URL.canParse(inputs.apiBaseUrl) && URL.canParse(inputs.oapiBaseUrl)).toBe(true)
  })

  const link = fc.oneof(
    hostile,
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc
      .tuple(
        fc.constantFrom(
          'https://qr.dingtalk.com/page/yunpan?',
          'dingtalk://dingtalkclient/page/yunpan?',
          'https://alidocs.dingtalk.com/i/nodes/',
        ),
        fc.array(
          fc.oneof(
            hostile,
            fc.constantFrom('spaceId=1', '&', 'fileId=2', 'type=folder', '&type=file', '%', '#', 'A_-9', '/'),
          ),
          { maxLength: 6 },
        ),
      )
      .map(([start, rest]) => start + rest.join('')),
  )
  fuzz('folder links lead to a folder, or are refused with a reason', 0.1, [link], (text) => {
    const folder = parseFolderLink(text)
    if (folder.kind === 'problem') expect(folder.text.en).not.toBe('')
    else if (folder.kind === 'uuid') expect(folder.uuid).toMatch(/^[A-Za-z0-9_-]+$/)
    else expect(folder.spaceId + folder.parentId).toMatch(/^\d+$/)
  })
})

const signature = {
  resourceUrls: ['https://sz.trans.dingtalk.com/x'],
  headers: { Authorization: 'OSS id:signature' },
  expirationSeconds: 900,
}
const dentry = {
  id: '1',
  spaceId: '2',
  parentId: '3',
  type: 'FILE',
  name: 'a',
  uuid: 'u',
  size: 1,
  createTime: '2026-08-01T12:00:00Z',
  modifiedTime: '2026-08-01T12:00:00Z',
}
const refusal = { code: 'paramError', message: '参数错误', requestid: 'r' }

/** True answers of the platform. */
const ANSWERS: readonly [keyof typeof RESPONSES, object][] = [
  ['accessToken', { accessToken: 't', expireIn: 7200 }],
  ['unionId', { errcode: 0, errmsg: 'ok', result: { unionid: 'u' } }],
  ['openConversationId', { openConversationId: 'cid==' }],
  ['uploadInfo', { uploadKey: 'k', headerSignatureInfo: signature }],
  ['multipartInit', { uploadKey: 'k' }],
  ['partInfo', { multipartHeaderSignatureInfos: [{ partNumber: 1, headerSignatureInfo: signature }] }],
  ['space', { spaceId: '1', dentryId: '2' }],
  ['commit', { dentry }],
  ['list', { dentries: [dentry, { type: 'FOLDER' }], nextToken: 'n' }],
  ['dentry', { dentry }],
  ['send', { file: { id: '1' } }],
  ['sendLink', { file: { id: '1' } }],
]

const REFUSALS: readonly object[] = [
  refusal,
  {
    ...refusal,
    code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
    accessdenieddetail: { requiredScopes: ['x'] },
  },
  { ...refusal, message: '应用尚未开通所需的权限：[Storage.File.Read]' },
  { errcode: 40014, errmsg: 'no', request_id: 'r' },
  { errcode: 'constructor', errmsg: 'no' },
  { errcode: 88, errmsg: 'no', sub_code: '60011', sub_msg: 'no' },
  { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: '0b' },
]

const jsonValue = fc.oneof(
  odd,
  hostile,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e308, [], {}, [[[]]], { toString: 1 }),
  fc.record({ requiredScopes: fc.array(hostile, { maxLength: 3 }) }),
)

/** JSON with some of its values, or keys, changed. */
const mutated = (json: object) =>
  fc.array(fc.tuple(fc.nat({ max: 20 }), jsonValue, fc.boolean()), { maxLength: 3 }).map((changes) => {
    const copy = structuredClone(json)
    for (const [which, value, isRemoval] of changes) {
      const places = placesOf(copy)
      const place = places[which % Math.max(1, places.length)]
      if (place && isRemoval) Reflect.deleteProperty(place.of, place.key)
      else if (place) (place.of as Record<string, unknown>)[place.key] = value
    }
    return JSON.stringify(copy)
  })

function placesOf(json: object): { of: object; key: string }[] {
  return Object.entries(json).flatMap(([key, value]) => [
    { of: json, key },
    ...(typeof value === 'object' && value !== null ? placesOf(value as object) : []),
  ])
}

const bodyOf = (json: object) =>
  fc.oneof(
    { weight: 8, arbitrary: mutated(json) },
    { weight: 6, arbitrary: fc.constantFrom(...REFUSALS).chain(mutated) },
    {
      weight: 2,
      arbitrary: fc.tuple(mutated(json), fc.nat()).map(([text, at]) => text.slice(0, at % text.length)),
    },
    { weight: 1, arbitrary: hostile },
    { weight: 1, arbitrary: fc.json() },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '[]',
        'null',
        '{"__proto__":{"code":"x"}}',
        '['.repeat(50_000),
        `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
        '<html>502</html>',
        `{"status":1111,"wait":${'9'.repeat(400)},"punish":"deny"}`,
      ),
    },
  )

const headers = fc.record(
  {
    'retry-after': fc.oneof(
      hostile,
      fc.constantFrom(
        '0',
        '7',
        '9'.repeat(400),
        'Sat, 01 Aug 2026 12:00:00 GMT',
        'Thu, 01 Jan 1970 00:00:00 GMT',
      ),
    ),
    date: fc.oneof(hostile, fc.constant('Sat, 01 Aug 2026 11:59:58 GMT')),
    etag: fc.oneof(hostile, fc.constant('"D41D8CD98F00B204E9800998ECF8427E"'), fc.constant('"abc-2"')),
    'x-oss-request-id': hostile,
  },
  { requiredKeys: [] },
)
const status = fc.oneof(
  fc.constantFrom(200, 400, 401, 403, 404, 408, 429, 500, 502, 503),
  fc.integer({ min: 100, max: 999 }),
)

/** Reads a response. @returns the value, or the failure */
async function outcomeOf(read: () => unknown): Promise<{ value: unknown } | { error: DingTalkError }> {
  try {
    return { value: await read() }
  } catch (error) {
    if (!(error instanceof DingTalkError)) throw error
    return { error }
  }
}

/** Expects a complete failure, for which the policy has a remedy. */
function expectSound(error: DingTalkError, answer: string): void {
  const failure = { stage: 'upload', consequence: { en: 'a', zh: 'a' }, error } as const
  const told = diagnose([failure])[0]!
  for (const said of [failureMessage(told), failureDetails(told.details, 'both'), failureLine(failure)].map(
    (said) => JSON.stringify(said),
  )) {
    // The failure describes a response that is not of the documented form.
    const text = said.replaceAll(/received \w+/g, '')
    for (const hole of ['undefined', 'NaN', '[object Object]', '[native code]', 'Infinity'])
      if (!answer.includes(hole)) expect(text).not.toContain(hole)
  }
  expect(KINDS).toContain(error.kind)
  expect(REMEDIES).toContain(error.remedy)
  const wait = retryDelay(error.waitBeforeRetry, 3, () => 0.5)
  expect(wait === undefined || (wait >= 0 && wait < 200_000)).toBe(true)
  expect(error.requiredScopes.every((scope) => typeof scope === 'string')).toBe(true)
}

const KINDS = [
  'refused',
  'access-token',
  'signature-expired',
  'throttled',
  'unavailable',
  'quota-spent',
  'banned',
]
const REMEDIES = ['repeat', 'wait-out', 'new-token', 'new-upload-info', 'look-up', 'report', 'stop']

describe('responses of the platform', () => {
  const answered = fc
    .constantFrom(...ANSWERS)
    .chain(([operation, json]) =>
      fc.record({ operation: fc.constant(operation), text: bodyOf(json), status, headers }),
    )

  fuzz('of the new gateway fit their schema, or are failures', 0.2, [answered], async (given) => {
    const { operation, ...answer } = given
    const form: v.GenericSchema = RESPONSES[operation]
    const outcome = await outcomeOf(() => readGatewayResponse(operation, answer, form))
    if ('error' in outcome) expectSound(outcome.error, JSON.stringify(answer))
    else {
      expect(answer.status).toBe(200)
      expect(outcome.value).toEqual(v.parse(form, jsonObject(answer.text)))
    }
  })

  fuzz('of the old gateway fit their schema, or are failures', 0.1, [answered], async (given) => {
    const { operation, ...answer } = given
    const form: v.GenericSchema = RESPONSES[operation]
    const outcome = await outcomeOf(() => readOapiResponse(operation, answer, form))
    if ('error' in outcome) expectSound(outcome.error, JSON.stringify(answer))
    else expect(outcome.value).toEqual(v.parse(form, jsonObject(answer.text)))
  })

  const xml = fc.oneof(
    fc
      .tuple(fc.constantFrom('RequestTimeTooSkewed', 'AccessDenied', 'NoSuchUpload'), hostile, hostile)
      .map(
        ([code, message, id]) =>
          `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>${id}</RequestId></Error>`,
      ),
    hostile,
    fc.constantFrom(
      '<Error><Code/></Error>',
      '<Error><Code><a>1</a></Code></Error>',
      '<Error><Code>a</Code><Code>b</Code></Error>',
      '<constructor/>',
      '<__proto__><Code>x</Code></__proto__>',
      '<a>'.repeat(5000),
      '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><Error><Code>&c;</Code></Error>',
    ),
  )
  fuzz(
    'of OSS are an MD5, or nothing, or failures',
    0.1,
    [status, headers, xml],
    async (code, given, text) => {
      const answer = { status: code, headers: given, text }
      const outcome = await outcomeOf(() => readOssResponse(answer))
      if ('error' in outcome) expectSound(outcome.error, JSON.stringify(answer))
      else expect(outcome.value ?? '0'.repeat(32)).toMatch(/^[0-9a-f]{32}$/)
    },
  )

  // The maximum size of a response: quadratic time would take hours. In a thread, which can be ended.
  test.each(['<', '权限', '"status":', '"wait":', '\n', ' ', '权限[a', '<Error>', '&lt;', '{"a":'])(
    'reads a megabyte of %j in linear time',
    async (piece) => {
      const source = new URL('../../src/dingtalk/', import.meta.url).href
      const reading = new Worker(
        `import { readGatewayResponse, readOapiResponse, readOssResponse } from '${source}responses.ts'
         import { RESPONSES } from '${source}schema.ts'
         import { parentPort, workerData } from 'node:worker_threads'
         const message = workerData
         const codes = []
         for (const text of [message, JSON.stringify({ code: 'x', message, requestid: message })])
           for (const read of [readGatewayResponse, readOapiResponse, (_, answer) => readOssResponse(answer)])
             try {
               await read('commit', { status: 403, headers: {}, text }, RESPONSES.commit)
             } catch (error) {
               codes.push(error.name)
             }
         parentPort.postMessage(codes)`,
        {
          eval: true,
          workerData: piece.repeat(Math.floor(1024 ** 2 / Buffer.byteLength(piece))),
        },
      )
      try {
        const [names] = (await once(reading, 'message')) as [string[]]
        expect(names).toEqual(Array(6).fill('DingTalkError'))
      } finally {
        await reading.terminate()
      }
    },
    // Hundreds of times what it takes.
    15_000,
  )
})

describe('output', () => {
  fuzz('in the log is one line, and no command to the runner', 0.1, [hostile, hostile], (one, two) => {
    const line = logLine(one + two)
    expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)
    expect(line).not.toMatch(/^\s*::/)
    expect(line).not.toContain('##[')
  })

  fuzz('in Markdown is text', 0.1, [hostile, hostile], (one, two) => {
    // Character references cannot be markup, and nothing else is left that could.
    expect(markdownText(one + two).replaceAll(/&#\d+;/g, '')).not.toMatch(
      /[!-/:-@[-`{-~\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u,
    )
  })

  const failure = fc
    .record({
      operation: fc.constantFrom(...(Object.keys(OPERATIONS) as OperationName[])),
      code: fc.oneof(
        hostile,
        fc.constantFrom('Forbidden.AccessDenied.AccessTokenPermissionDenied', 'permissionDenied', 'HTTP502'),
      ),
      message: hostile,
      requestId: hostile,
      requiredScopes: fc.array(hostile, { maxLength: 2 }),
      mayHaveHappened: fc.boolean(),
      kind: fc.constantFrom('refused', 'unavailable', 'banned'),
    })
    .map((given) => new DingTalkError(given))

  fuzz(
    'in the summary gains no link, image, tag or cell from a name or a message',
    0.1,
    [hostile, hostile, failure],
    (name, dentryName, error) => {
      const file = { path: name, name, size: 1, modified: 0 }
      const failures = [
        {
          stage: 'upload' as const,
          consequence: { en: name, zh: name },
          error,
          about: { input: 'user-id', value: name },
        },
      ]
      const reports: FileResult[] = [
        { file, sentTo: [], failures, duration: 1 },
        {
          file,
          sentTo: [{ kind: 'chat', id: 'cid+/=', given: name }],
          failures: [],
          duration: 1,
          uploaded: {
            dentry: { id: '1', spaceId: '2', parentId: '3', name: dentryName, uuid: 'u' },
            existing: false,
            isNew: true,
            fromEarlierAttempt: false,
            md5: '0'.repeat(32),
            url: 'https://qr.dingtalk.com/page/yunpan?fileId=1',
          },
        },
      ]
      const markdown = summary(
        { files: reports, failures, warnings: [], deleted: [], elapsed: 10 },
        diagnose(failures, name),
        undefined,
        'both',
      )
      const rows = markdown.split('\n').filter((line) => line.startsWith('|'))
      expect(rows).toHaveLength(4)
      for (const row of rows) expect(row.split('|')).toHaveLength(4)
      // What is ours, and then no markup may be left.
      const theirs = markdown
        .replaceAll(/&#\d+;/g, '')
        .replaceAll(
          /\[[^[\]]*\]\(<https:\/\/([a-z-]+\.dingtalk\.(com|io)|github\.com\/[\w-]+\/upload-to-dingtalk)[\w./?=#%()*'!~-]*>\)|<code>0{32}<\/code>|<br>|<\/?(details|summary)>|<https:\/\/([a-z-]+\.dingtalk\.(com|io)|github\.com\/[\w-]+\/upload-to-dingtalk)[\w./?=#%-]*>|\]\(https:\/\/qr\.dingtalk\.com\/page\/yunpan\?fileId=1\)/g,
          '',
        )
      expect(theirs).not.toMatch(/<|\]\(|!\[|https?:|www\.|`/)
      expect(theirs.split('[')).toHaveLength(2)
    },
  )
})

fuzz(
  'parts follow each other from the first byte to the last, and no more than the platform takes',
  0.02,
  [
    fc.oneof(
      fc.integer({ min: 1, max: 5 * 1024 ** 3 }),
      fc.integer({ min: 1, max: 10_000 * 5 * 1024 ** 3 }),
      fc.integer({ min: 1, max: 200_000_000 }),
    ),
    fc.integer({ min: 1, max: 32 }),
    fc.constantFrom(5, 150, undefined),
  ],
  (size, connections, roundTrip) => {
    const parts = planParts(size, connections, roundTrip)
    expect(parts.length >= 1 && parts.length <= 10_000).toBe(true)
    let next = 0
    const sound = parts.every((part, at) => {
      const isLast = at === parts.length - 1
      const fits =
        part.number === at + 1 &&
        part.start === next &&
        Number.isInteger(part.size) &&
        part.size > 0 &&
        part.size <= 5 * 1024 ** 3 &&
        (isLast || part.size >= 102_400)
      next += part.size
      return fits
    })
    expect([sound, next]).toEqual([true, size])
  },
)
