// Every refusal that is documented or known has advice of its own, which names what to look at.
import { expect, test } from '@jest/globals'
import { errorOf, GATEWAY_REFUSALS, REFUSALS, type Refusal } from '../../scripts/refusals.ts'
import { OPERATIONS } from '../../src/dingtalk/operations.ts'
import { INPUTS } from '../../src/inputs/inputs.ts'
import type { Hint } from '../../src/report/hint.ts'
import { hintFor } from '../../src/report/hints.ts'
import { SCOPES } from '../../src/report/permissions.ts'

const ALL = [...REFUSALS, ...GATEWAY_REFUSALS]
const named = ({ operation, status, code }: Refusal) => `${operation}: ${code} (HTTP ${status})`
const failing = (isWrong: (refusal: Refusal) => boolean) => ALL.filter(isWrong).map(named)

/** Inputs whose names are English words too: only Chinese text shows that they are meant. */
const WORDS = ['path', 'name', 'archive', 'message', 'mode', 'retries', 'concurrency']

/** The inputs that an advice names, in whichever order. */
function inputsIn({ en, zh }: Hint): string[] {
  return Object.keys(INPUTS).filter((name) => {
    const word = new RegExp(`(?<![\\w-])${name}(?![\\w-])`)
    return word.test(zh) && word.test(en)
  })
}

/** Whether an advice names, in both languages, an input, a permission, or a link. */
function namesSomething(hint: Hint): boolean {
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
    hintFor(errorOf({ ...refusal, code: refusal.operation === 'unionId' ? '999' : 'brand.new' }))
  const generic = failing((refusal) => {
    const error = errorOf(refusal)
    if (error.isInDoubt) return false
    const hint = hintFor(error)
    return hint === undefined || hint.en === unknown(refusal)?.en
  })
  expect(generic).toEqual([])
})

test('what is in doubt says where to look', () => {
  const doubtful = ALL.filter((refusal) => errorOf(refusal).isInDoubt)
  expect(doubtful.map(({ operation }) => operation)).toEqual(
    expect.arrayContaining(['commit', 'send', 'sendToUser', 'post', 'postByWebhook']),
  )
  for (const refusal of doubtful) {
    const error = errorOf(refusal)
    const lost = { ...refusal, status: 504, code: 'GatewayTimeout' }
    if (refusal.operation !== 'postByWebhook') expect(hintFor(error)).toEqual(hintFor(errorOf(lost)))
    expect(['look-up', 'report']).toContain(error.remedy)
  }
})

test('every advice names an input, a permission or a link', () => {
  expect(failing((refusal) => !namesSomething(hintFor(errorOf(refusal))!))).toEqual([])
})

test('every advice is in both languages', () => {
  const isEnglish = (text: string) => /^[A-Z].* [a-z]+ [a-z]+ /.test(text)
  const isChinese = (text: string) => /^\p{ASCII}*\p{Script=Han}.*[。/]|[。]$/u.test(text)
  expect(
    failing((refusal) => {
      const { en, zh } = hintFor(errorOf(refusal))!
      return !isEnglish(en) || !isChinese(zh)
    }),
  ).toEqual([])
})

test('both languages of an advice name the same inputs', () => {
  const hyphened = Object.keys(INPUTS).filter((name) => !WORDS.includes(name))
  const inputs = (text: string) => hyphened.filter((name) => text.includes(name))
  expect(
    failing((refusal) => {
      const { en, zh } = hintFor(errorOf(refusal))!
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
  const wrong = aboutFolder.filter((refusal) => hintFor(errorOf(refusal))?.en.includes('folder-url'))
  expect(wrong.map(named)).toEqual([])
})

test.each<[Refusal['operation'], readonly string[], RegExp]>([
  ['list', ['permissionDenied'], /user-id/],
  ['dentry', ['permissionDenied'], /user-id/],
  ['sendToUser', ['permissionDenied'], /to-user-ids/],
  ['send', ['permissionDenied'], /chat-id/],
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
    const hint = hintFor(errorOf(refusal!))
    expect(hint?.en).toMatch(inputs)
    expect(hint?.zh).toMatch(inputs)
  }
})

test.each(['list', 'dentry', 'space', 'sendToUser', 'send'] as const)(
  'permissionDenied of %s says nothing about writing to the folder',
  (operation) => {
    const write = hintFor(errorOf({ operation: 'commit', status: 403, code: 'permissionDenied' }))
    expect(hintFor(errorOf({ operation, status: 403, code: 'permissionDenied' }))).not.toEqual(write)
  },
)
