// Every documented or reported error leads to a cause and a fix, which names what users can change.
import { expect, test } from '@jest/globals'
import { errorOf, GATEWAY_REFUSALS, type Refusal, REFUSALS } from '../../scripts/refusals.ts'
import { DingTalkError } from '../../src/dingtalk/errors.ts'
import { type OperationName, OPERATIONS } from '../../src/dingtalk/operations.ts'
import { INPUT_NAMES } from '../../src/inputs/inputs.ts'
import { ADVICE, type Advice, SCOPES } from '../../src/report/advice.ts'
import {
  detailsOf,
  failureDetails,
  failureMarkdown,
  failureMessage,
  diagnose,
} from '../../src/report/failures.ts'
import { adviceFor, hintFor, hintText } from '../../src/report/hints.ts'
import { ISSUES, linkLines } from '../../src/text/links.ts'

const ALL = [...REFUSALS, ...GATEWAY_REFUSALS]
const named = ({ operation, status, code }: Refusal) => `${operation}: ${code} (HTTP ${status})`
const failing = (isWrong: (refusal: Refusal) => boolean) => ALL.filter(isWrong).map(named)

const CALLS = Object.keys(OPERATIONS) as OperationName[]
/** The row for codes that no other row has. */
const UNKNOWN = adviceFor(errorOf({ operation: 'commit', status: 400, code: 'brand.new' }))!

/** The inputs that an advice names, in whichever order. */
function inputsIn(text: string): string[] {
  return INPUT_NAMES.filter((name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(text))
}

const nameOf = ({ calls, codes = [], kinds = [] }: Advice) =>
  `${calls?.join() ?? 'any call'}: ${[...codes, ...kinds].join()}`

test('the contract has every operation that is an API call', () => {
  const called = new Set(REFUSALS.map(({ operation }) => operation))
  expect(CALLS.filter((name) => !called.has(name))).toEqual(['probe'])
  expect(REFUSALS.length).toBeGreaterThanOrEqual(246)
})

test('explains every documented code with a cause and a fix', () => {
  const incomplete = failing((refusal) => {
    const hint = hintFor(errorOf(refusal), { appKey: 'ding1' })
    return !hint?.cause || adviceFor(errorOf(refusal)) === UNKNOWN
  })
  // A missing permission needs no row, and a limit that only another program can reach has none.
  const others = incomplete.filter(
    (name) => !/AccessTokenPermissionDenied|60011|NumberExceedsLimit/.test(name),
  )
  expect(others).toEqual([])
})

test('explains an undocumented code of any call', () => {
  for (const operation of CALLS) {
    for (const code of ['brand.new', 'HTTP418', 'HTTP503', 'AnswerTooLarge', 'Timeout', '999']) {
      const error = new DingTalkError({
        operation,
        code,
        kind: 'refused',
        mayHaveHappened: false,
        message: '',
      })
      expect(hintFor(error)?.fix.zh).toMatch(CHINESE)
    }
  }
})

test.each<[Refusal['operation'], readonly string[]]>([
  ['uploadInfo', ['paramError.protocol', 'paramError.storageDriver']],
  ['multipartInit', ['paramError.multipart']],
  ['partInfo', ['paramError', 'paramError.partNumbers']],
  ['subfolder', ['paramError.conflictStrategy']],
  ['batchRemove', ['paramError.dentryIds']],
  [
    'post',
    ['invalidParameter.msgKey.empty', 'miss.param.feedCard', 'illegal.receivers', 'staffId.notExisted'],
  ],
])('%s: uses one text for %j, which only our bugs cause', (operation, codes) => {
  const [shared] = ADVICE.filter(({ links, calls }) => links?.[0] === ISSUES && !calls)
  for (const code of codes) expect(adviceFor(errorOf({ operation, status: 400, code }))).toBe(shared)
})

test('distinguishes a robot that is not in the group from a missing robot', () => {
  const advice = (code: string) => adviceFor(errorOf({ operation: 'post', status: 400, code }))
  expect(advice('invalidParameter.robotCode.empty')).toBe(advice('session.notFound'))
  expect(advice('invalidParameter.robotCode.notExsit')).not.toBe(advice('session.notFound'))
})

test('finds a code in each spelling of the platform', () => {
  const advice = (code: string) => adviceFor(errorOf({ operation: 'commit', status: 400, code }))
  for (const code of ['paramError-name', 'InvalidName', 'MissingName'])
    expect(advice(code)).toBe(advice('paramError.name'))
})

test('says where to look after a doubt', () => {
  const doubtful = ALL.filter((refusal) => errorOf(refusal).isInDoubt)
  expect(doubtful.map(({ operation }) => operation)).toEqual(
    expect.arrayContaining(['commit', 'send', 'sendLink', 'sendToUser', 'post', 'postByWebhook']),
  )
  for (const refusal of doubtful) {
    const error = errorOf(refusal)
    expect(adviceFor(error)?.inDoubt).toBe(true)
    // A call with an idempotency key is repeated, and still in doubt.
    expect(refusal.operation === 'postByWebhook' ? ['repeat'] : ['look-up', 'report']).toContain(error.remedy)
  }
})

test('hides no row behind another', () => {
  const hidden = ADVICE.filter(
    ({ calls, inDoubt }) => !inDoubt && !/file|unexpected/.test(calls?.join() ?? ''),
  ).flatMap((row) => {
    const { calls = CALLS, codes = [], kinds = [], throughProxy } = row
    const chosen = (code: string, kind: DingTalkError['kind']) =>
      calls.some((operation) => {
        const proxy = throughProxy && 'HTTPS_PROXY'
        const common = { mayHaveHappened: false, message: code, proxy }
        return (
          adviceFor(new DingTalkError({ ...common, operation: operation as OperationName, code, kind })) ===
          row
        )
      })
    return [
      ...codes.filter((code) => !chosen(code.replace('310000 ', '310000').replace('*', 'x'), 'refused')),
      ...kinds.filter((kind) => !chosen('brand.new', kind)),
    ].map((what) => `${nameOf(row)}: ${what}`)
  })
  // The same code, made more precise by the message.
  expect(hidden.filter((name) => !/31000/.test(name))).toEqual([])
})

test('names the same input, permission, variable, or link in both languages of every row', () => {
  const shared = [...Object.keys(SCOPES), 'HTTPS_PROXY', 'NO_PROXY', '{baseUrl}', '{input}']
  const wrong = ADVICE.filter((row) => {
    const { en, zh } = hintText(row)
    const inputs = inputsIn(zh)
    const isElsewhere =
      row === UNKNOWN || row.kinds?.includes('throttled') || row.calls?.includes('unexpected')
    const hasName =
      inputs.length > 0 || row.links || shared.some((word) => en.includes(word) && zh.includes(word))
    return (!hasName && !isElsewhere) || inputs.some((name) => !inputsIn(en).includes(name))
  })
  expect(wrong.map(nameOf)).toEqual([])
})

test('names only existing inputs', () => {
  const names = ADVICE.flatMap((row) => {
    const { zh } = hintText(row)
    return zh.replace(/https?:\S+|[*\w-]+\.\S+/g, '').match(/(?<![\w{])[a-z]+(-[a-z]+)+/g) ?? []
  })
  expect(names.length).toBeGreaterThan(20)
  expect(
    names.filter(
      (name) => !(INPUT_NAMES as readonly string[]).includes(name) && !['auto-rename'].includes(name),
    ),
  ).toEqual([])
})

test.each<[Refusal['operation'], readonly string[], RegExp]>([
  ['list', ['permissionDenied'], /user-id/],
  ['dentry', ['permissionDenied'], /user-id/],
  ['sendToUser', ['permissionDenied'], /to-user-ids/],
  ['send', ['permissionDenied'], /chat-id/],
  ['sendLink', ['permissionDenied'], /chat-id/],
  ['post', ['resource.not.found', 'invalidParameter.robotCode.notExsit'], /robot-code/],
  ['space', ['documentNotExist'], /folder-url/],
  ['uploadInfo', ['Index: 0', 'paramError.parentDentryUuid'], /folder-url/],
  ['postByWebhook', ['400101', '400013', '300005'], /robot-webhook/],
  ['postByWebhook', ['130101', '90018', '410100'], /robot-webhook/],
  ['subfolder', ['dentryAlreadyExist', 'dentryNameIllegal'], /folder-path/],
  ['commit', ['dentryNameConflict'], /conflict-strategy/],
  ['batchRemove', ['recycleBinNotSupportForSpace'], /keep-last/],
  ['put', ['SignatureDoesNotMatch'], /NO_PROXY/],
])('%s %j leads to its inputs', (operation, codes, inputs) => {
  for (const code of codes) {
    const refusal = REFUSALS.find((known) => known.operation === operation && known.code === code)
    const { en, zh } = hintText(hintFor(errorOf(refusal!))!)
    expect(en).toMatch(inputs)
    expect(zh).toMatch(inputs)
  }
})

test.each(['list', 'dentry', 'space', 'sendToUser', 'send', 'sendLink'] as const)(
  'does not mention writing to the folder for permissionDenied of %s',
  (operation) => {
    const write = hintFor(errorOf({ operation: 'commit', status: 403, code: 'permissionDenied' }))
    expect(hintFor(errorOf({ operation, status: 403, code: 'permissionDenied' }))).not.toEqual(write)
  },
)

const CHINESE = /\p{Script=Han}/u
const count = (text: string, part: string) => text.split(part).length - 1

/** What is wrong with the report of an error: its headline, fix, and details must be complete in each language. */
function defects(refusal: Refusal): string[] {
  const error = errorOf(refusal)
  const consequence = { en: 'a.apk was not uploaded.', zh: 'a.apk 未上传。' }
  const [told, ...others] = diagnose([{ stage: 'upload', consequence, error }], 'ding1')
  if (!told || others.length > 0) return ['it is not one failure']
  const message = failureMessage(told)
  const details = failureDetails(told.details, 'both')
  const lines = details.split('\n')
  const [headline = '', ...rest] = message.en.split('\n')
  const [chinese = '', ...chineseRest] = message.zh.split('\n')
  const both = failureMarkdown(told, 'both')
  const links = linkLines(detailsOf(error, hintFor(error, { appKey: 'ding1' })).links, 'both', (url) => url)
  const wrong: [boolean, string][] = [
    [!headline.endsWith(consequence.en) || headline === consequence.en, 'no English headline'],
    [!chinese.endsWith(consequence.zh) || chinese === consequence.zh, 'no Chinese headline'],
    [rest.length !== 1 || chineseRest.length !== 1, 'no fix'],
    [!CHINESE.test(chinese.replace(consequence.zh, '')) || !CHINESE.test(chineseRest.join()), 'no Chinese'],
    [count(details, error.code) < 1, 'no code'],
    [message.en.includes('request id R') || message.zh.includes('request id R'), 'details within a sentence'],
    [error.requestId !== undefined && count(details, `request id ${error.requestId}`) !== 1, 'no request id'],
    [count(both, 'request id ') > 1, 'details twice'],
    [/[{}]/.test((message.en + message.zh).replaceAll('{files}', '')), 'a placeholder'],
    [/https?:/.test(message.en + message.zh), 'a link within a sentence'],
    [links.some((link) => lines.filter((line) => line.endsWith(link)).length !== 1), 'no line for a link'],
    [links.some((link) => count(both, `<${link}>`) !== 1), 'the link is not told once'],
    [!CHINESE.test(failureMarkdown(told, 'zh')), 'no Chinese summary'],
  ]
  return wrong.flatMap(([isWrong, what]) => (isWrong ? `${named(refusal)}: ${what}` : []))
}

test('reports every error by its cause in each language, with its details once', () => {
  expect(ALL.flatMap(defects)).toEqual([])
})

test.each([
  ['to-user-ids', 'user-id'],
  ['user-id', 'to-user-ids'],
])('names only %s for an unknown member in it', (input, other) => {
  const error = errorOf({ operation: 'unionId', status: 200, code: '60121' })
  const { en, zh } = hintText(hintFor(error, { about: { input, value: 'nobody' } })!)
  for (const text of [en, zh]) {
    expect(text).toContain('nobody')
    expect(text).toMatch(new RegExp(`(?<![\\w-])${input}(?![\\w-])`))
    expect(text).not.toMatch(new RegExp(`(?<![\\w-])${other}(?![\\w-])`))
    expect(text).not.toMatch(/[{}]/)
  }
})
