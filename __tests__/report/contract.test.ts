// Every refusal that is documented or known has advice of its own, which names what to look at.
import { expect, test } from '@jest/globals'
import { errorOf, GATEWAY_REFUSALS, type Refusal, REFUSALS } from '../../scripts/refusals.ts'
import { OPERATIONS } from '../../src/dingtalk/operations.ts'
import type { Text } from '../../src/http/text.ts'
import { INPUTS } from '../../src/inputs/inputs.ts'
import {
  detailsOf,
  failureDetails,
  failureMarkdown,
  failureMessage,
  tellFailures,
} from '../../src/report/failures.ts'
import { hintText } from '../../src/report/hint.ts'
import { hintFor } from '../../src/report/hints.ts'
import { SCOPES } from '../../src/report/permissions.ts'

const ALL = [...REFUSALS, ...GATEWAY_REFUSALS]
const named = ({ operation, status, code }: Refusal) => `${operation}: ${code} (HTTP ${status})`
const failing = (isWrong: (refusal: Refusal) => boolean) => ALL.filter(isWrong).map(named)

/** Inputs whose names are English words too: only Chinese text shows that they are meant. */
const WORDS = ['path', 'name', 'archive', 'message', 'mode', 'retries', 'concurrency']

/** The advice about a refusal, in one paragraph. */
function adviceOn(refusal: Refusal): Text | undefined {
  const hint = hintFor(errorOf(refusal))
  return hint && hintText(hint)
}

/** The inputs that an advice names, in whichever order. */
function inputsIn({ en, zh }: Text): string[] {
  return Object.keys(INPUTS).filter((name) => {
    const word = new RegExp(`(?<![\\w-])${name}(?![\\w-])`)
    return word.test(zh) && word.test(en)
  })
}

/** Whether an advice names, in both languages, an input, a permission, or a link. */
function namesSomething(hint: Text): boolean {
  const shared = [...Object.keys(SCOPES), 'https://']
  return inputsIn(hint).length > 0 || shared.some((word) => hint.en.includes(word) && hint.zh.includes(word))
}

test('the contract has all calls but the one that is no API', () => {
  const called = new Set(REFUSALS.map(({ operation }) => operation))
  expect(Object.keys(OPERATIONS).filter((name) => !called.has(name as keyof typeof OPERATIONS))).toEqual([
    'probe',
  ])
  expect(REFUSALS.length).toBeGreaterThanOrEqual(246)
})

test('every refusal has advice other than what an unknown code gets', () => {
  const unknown = (refusal: Refusal) =>
    adviceOn({ ...refusal, code: refusal.operation === 'unionId' ? '999' : 'brand.new' })
  const generic = failing((refusal) => {
    if (errorOf(refusal).isInDoubt) return false
    const advice = adviceOn(refusal)
    return advice === undefined || advice.en === unknown(refusal)?.en
  })
  expect(generic).toEqual([])
})

test('what is in doubt says where to look', () => {
  const doubtful = ALL.filter((refusal) => errorOf(refusal).isInDoubt)
  expect(doubtful.map(({ operation }) => operation)).toEqual(
    expect.arrayContaining(['commit', 'send', 'sendLink', 'sendToUser', 'post', 'postByWebhook']),
  )
  for (const refusal of doubtful) {
    const error = errorOf(refusal)
    const lost = { ...refusal, status: 504, code: 'GatewayTimeout' }
    if (refusal.operation !== 'postByWebhook') expect(hintFor(error)).toEqual(hintFor(errorOf(lost)))
    // What has an idempotency key is repeated, and in doubt all the same.
    expect(refusal.operation === 'postByWebhook' ? ['repeat'] : ['look-up', 'report']).toContain(error.remedy)
  }
})

test('every advice names an input, a permission or a link', () => {
  expect(failing((refusal) => !namesSomething(adviceOn(refusal)!))).toEqual([])
})

test('both languages of an advice name the same inputs', () => {
  const hyphened = Object.keys(INPUTS).filter((name) => !WORDS.includes(name))
  const inputs = (text: string) => hyphened.filter((name) => text.includes(name))
  expect(
    failing((refusal) => {
      const { en, zh } = adviceOn(refusal)!
      return inputs(en).join() !== inputs(zh).join()
    }),
  ).toEqual([])
})

test('an advice about the folder is given only to calls that name it', () => {
  const aboutFolder = REFUSALS.filter(({ operation }) =>
    ['accessToken', 'unionId', 'openConversationId', 'sendToUser', 'post', 'postByWebhook', 'put'].includes(
      operation,
    ),
  ).filter((refusal) => refusal.code === 'permissionDenied' || !refusal.code.match(/space|dentry/i))
  const wrong = aboutFolder.filter((refusal) => adviceOn(refusal)?.en.includes('folder-url'))
  expect(wrong.map(named)).toEqual([])
})

test.each<[Refusal['operation'], readonly string[], RegExp]>([
  ['list', ['permissionDenied'], /user-id/],
  ['dentry', ['permissionDenied'], /user-id/],
  ['sendToUser', ['permissionDenied'], /to-user-ids/],
  ['send', ['permissionDenied'], /chat-id/],
  ['sendLink', ['permissionDenied'], /chat-id/],
  ['post', ['resource.not.found', 'invalidParameter.robotCode.notExsit'], /robot-code/],
  ['space', ['documentNotExist'], /parent-uuid.*folder-url/],
  ['uploadInfo', ['Index: 0', 'paramError.parentDentryUuid'], /parent-uuid.*folder-url/],
  ['postByWebhook', ['400101', '300005'], /robot-webhook/],
  ['postByWebhook', ['130101', '90018', '410100'], /robot-webhook/],
  ['subfolder', ['dentryAlreadyExist', 'dentryNameIllegal'], /folder-path/],
  ['commit', ['dentryNameConflict'], /conflict-strategy/],
])('%s %j leads to its inputs', (operation, codes, inputs) => {
  for (const code of codes) {
    const refusal = REFUSALS.find((known) => known.operation === operation && known.code === code)
    const hint = adviceOn(refusal!)
    expect(hint?.en).toMatch(inputs)
    expect(hint?.zh).toMatch(inputs)
  }
})

test.each(['list', 'dentry', 'space', 'sendToUser', 'send', 'sendLink'] as const)(
  'permissionDenied of %s says nothing about writing to the folder',
  (operation) => {
    const write = hintFor(errorOf({ operation: 'commit', status: 403, code: 'permissionDenied' }))
    expect(hintFor(errorOf({ operation, status: 403, code: 'permissionDenied' }))).not.toEqual(write)
  },
)

const CHINESE = /\p{Script=Han}/u
const count = (text: string, part: string) => text.split(part).length - 1

/** What is wrong with how a refusal is told: a headline, a fix and the details, whole in each language. */
function defects(refusal: Refusal): string[] {
  const error = errorOf(refusal)
  const consequence = { en: 'a.apk was not uploaded.', zh: 'a.apk 未上传。' }
  const [told, ...others] = tellFailures([{ consequence, error }], 'ding1')
  if (!told || others.length > 0) return ['it is not one failure']
  const message = failureMessage(told)
  const details = failureDetails(told.details)
  const [headline = '', ...rest] = message.en.split('\n')
  const [chinese = '', ...chineseRest] = message.zh.split('\n')
  const both = failureMarkdown(told, 'both')
  const link = detailsOf(error, hintFor(error, { appKey: 'ding1' })).link
  const wrong: [boolean, string][] = [
    [!headline.endsWith(consequence.en) || headline === consequence.en, 'no English headline'],
    [!chinese.endsWith(consequence.zh) || chinese === consequence.zh, 'no Chinese headline'],
    [rest.length !== 1 || chineseRest.length !== 1, 'no fix'],
    [!CHINESE.test(chinese.replace(consequence.zh, '')) || !CHINESE.test(chineseRest.join()), 'no Chinese'],
    [count(details, error.code) < 1, 'no code'],
    [message.en.includes('request id R') || message.zh.includes('request id R'), 'details within a sentence'],
    [error.requestId !== undefined && count(details, `request id ${error.requestId}`) !== 1, 'no request id'],
    [count(both, 'request id') > 1 + count(message.en + message.zh, 'request id'), 'details twice'],
    [link !== undefined && count(details, link) !== 1, 'no link'],
    [link !== undefined && count(both, `<${link}>`) !== 1, 'the link is not told once'],
    [!CHINESE.test(failureMarkdown(told, 'zh')), 'no Chinese summary'],
  ]
  return wrong.flatMap(([isWrong, what]) => (isWrong ? `${named(refusal)}: ${what}` : []))
}

test('every refusal is told by its cause, in each language, with its details once', () => {
  expect(ALL.flatMap(defects)).toEqual([])
})

test.each([
  ['to-user-ids', 'user-id'],
  ['user-id', 'to-user-ids'],
])('an unknown member in %s leads there and nowhere else', (input, other) => {
  const error = errorOf({ operation: 'unionId', status: 200, code: '60121' })
  const { en, zh } = hintText(hintFor(error, { about: { input, value: 'nobody' } })!)
  for (const text of [en, zh]) {
    expect(text).toContain('nobody')
    expect(text).toMatch(new RegExp(`(?<![\\w-])${input}(?![\\w-])`))
    expect(text).not.toMatch(new RegExp(`(?<![\\w-])${other}(?![\\w-])`))
    expect(text).not.toMatch(/[{}]/)
  }
})
