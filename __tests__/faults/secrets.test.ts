// No secret that DingTalk issued is ever said, whatever becomes of the answer that brings it or the request that takes it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Operation, Play } from '../../emulator/emulator.ts'
import { BREAKAGES, type Breakage } from '../../emulator/faults/broken.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { answersSecret, type OperationName, OPERATIONS } from '../../src/dingtalk/operations.ts'
import { job, type Job } from '../../test-support/job.ts'

let given: Job

beforeEach(async () => {
  given = await job()
  mkdirSync('files')
  writeFileSync('files/small.bin', 'the bytes of a small file')
})

afterEach(() => given.end())

const TROUBLES: readonly [string, Play][] = [
  ...(Object.keys(BREAKAGES) as Breakage[]).map((how): [string, Play] => [how, { kind: 'broken', how }]),
  ['wrong JSON', plays.wrongJson],
  ...[200, 403, 502].flatMap((status): [string, Play][] => [
    [`a page that repeats the request, HTTP ${status}`, { kind: 'echo', status, as: 'html' }],
    [`JSON that repeats the request, HTTP ${status}`, { kind: 'echo', status, as: 'json' }],
  ]),
]

/** By what inputs each call is made. */
const CALLS: readonly [Operation, 'by space' | 'by uuid', 'webhook' | 'app robot'][] = [
  ['accessToken', 'by space', 'webhook'],
  ['unionId', 'by space', 'webhook'],
  ['openConversationId', 'by space', 'webhook'],
  ['uploadInfoV1', 'by space', 'webhook'],
  ['uploadInfoV2', 'by uuid', 'webhook'],
  ['space', 'by uuid', 'webhook'],
  ['multipartInit', 'by space', 'webhook'],
  ['partInfo', 'by space', 'webhook'],
  ['put', 'by space', 'webhook'],
  ['putPart', 'by space', 'webhook'],
  ['commitV1', 'by space', 'webhook'],
  ['commitV2', 'by uuid', 'webhook'],
  ['subfolder', 'by space', 'webhook'],
  ['send', 'by space', 'webhook'],
  ['sendToUser', 'by space', 'webhook'],
  ['post', 'by space', 'app robot'],
  ['postByWebhook', 'by space', 'webhook'],
]

/** What only a file that goes up in parts takes. */
const IN_PARTS: readonly Operation[] = ['multipartInit', 'partInfo', 'putPart', 'space']
const LARGE = Buffer.alloc(9 * 1024 ** 2, 'large')

describe.each(CALLS)('%s', (operation, folder, robot) => {
  test.each(TROUBLES)('%s', async (_, play) => {
    const { values, others } = given.emulator
    if (IN_PARTS.includes(operation)) writeFileSync('files/large.bin', LARGE)
    given.emulator.faults.add({ operation, play, times: Infinity })
    const said = await given.run({
      path: 'files/*',
      'union-id': '',
      'user-id': values.userId,
      'chat-id': values.chatId,
      'to-user-ids': others.secondUser.userId,
      ...(folder === 'by uuid' ? given.byUuid : {}),
      ...(operation === 'subfolder' ? { 'folder-path': 'builds' } : {}),
      retries: '1',
      message: 'a build',
      buttons: '[Log]({run})',
      ...(robot === 'webhook'
        ? {
            'robot-webhook': `${others.customRobot.webhook}\n${others.secondRobot.webhook}`,
            'robot-secret': `${others.customRobot.secret}\n${others.secondRobot.secret}`,
            'at-mobiles': others.secondUser.mobile,
          }
        : { 'robot-code': others.robotCode }),
    })
    expect(given.emulator.faults.played.length).toBeGreaterThan(0)
    // As they are in memory: the recording runner masks nothing.
    const all = JSON.stringify([said.log, said.errors, said.warnings, said.outputs, said.summaries])
    const told = [...given.emulator.secrets(), others.secondUser.mobile].filter((secret) =>
      shapes(secret).some((form) => all.includes(form)),
    )
    expect(told).toEqual([])
  })
})

test('every call whose response holds a secret is tried', () => {
  const tried = CALLS.map(([operation]) => operation.replace(/V[12]$/, ''))
  const missing = (Object.keys(OPERATIONS) as OperationName[]).filter(
    (name) => answersSecret(name) && !tried.includes(name),
  )
  expect(missing.map((name) => `${name}: add it to CALLS above`)).toEqual([])
})

/** A secret as text, JSON, URLs and HTML write it, and its first half: a cut secret is one all the same. */
function shapes(secret: string): string[] {
  return [secret, secret.slice(0, secret.length / 2)].flatMap((part) => [
    part,
    encodeURIComponent(part),
    part.replace(/[+/=]/g, (character) => `&#${character.charCodeAt(0)};`),
  ])
}
