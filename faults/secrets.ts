// No secret that DingTalk issued is shown, whatever becomes of the response that brings it or the request that takes it.
import { mkdirSync, writeFileSync } from 'node:fs'
import type { Operation, Play } from '../emulator/emulator.ts'
import { BREAKAGES, type Breakage } from '../emulator/faults/broken.ts'
import * as plays from '../emulator/faults/plays.ts'
import { markdownText } from '../src/text/plain-text.ts'
import { doubts } from '../test-support/doubt.ts'
import { job, type Job } from '../test-support/job.ts'
import type { Case, Result } from './campaign.ts'

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
  ['sendLink', 'by space', 'webhook'],
  ['sendToUser', 'by space', 'webhook'],
  ['post', 'by space', 'app robot'],
  ['postToUsers', 'by space', 'app robot'],
  ['uploadMedia', 'by space', 'app robot'],
  ['postByWebhook', 'by space', 'webhook'],
]

/** What only a file that goes up in parts takes. */
const IN_PARTS: readonly Operation[] = ['multipartInit', 'partInfo', 'putPart', 'space']
const LARGE = Buffer.alloc(9 * 1024 ** 2, 'large')

/** Every call × everything that can be wrong with a response and repeats what was sent, or is not read to its end. */
export function secretCases(): Case[] {
  return CALLS.flatMap(([operation, folder, robot], row) =>
    TROUBLES.map(([trouble, play], column) => {
      const name = ['secrets', operation, trouble].join(' · ')
      const run = async (): Promise<Result> => {
        const given = await job()
        try {
          return { name, ...(await leaksOf(given, operation, play, { folder, robot })) }
        } finally {
          await given.end()
        }
      }
      // Two of each call, so that each trouble comes up with several calls.
      const isInSample = (column + row) % Math.ceil(TROUBLES.length / 2) === 0
      const setting = { options: {}, faults: [{ operation, play }] }
      return { name, operation, setting, isInSample, run }
    }),
  )
}

async function leaksOf(
  given: Job,
  operation: Operation,
  play: Play,
  { folder, robot }: { folder: 'by space' | 'by uuid'; robot: 'webhook' | 'app robot' },
): Promise<Omit<Result, 'name'>> {
  mkdirSync('files')
  writeFileSync('files/small.bin', 'the bytes of a small file')
  if (IN_PARTS.includes(operation)) writeFileSync('files/large.bin', LARGE)
  const { values, others } = given.emulator
  given.emulator.faults.add({ operation, play, times: Infinity })
  const started = given.clock.now()
  const said = await given.run({
    path: 'files/*',
    'union-id': '',
    'user-id': values.userId,
    'chat-id': values.chatId,
    'to-user-ids': others.secondUser.userId,
    ...(folder === 'by uuid' ? given.byUuid : {}),
    ...(operation === 'subfolder' ? { 'folder-path': 'builds' } : {}),
    ...(operation === 'sendLink' ? { 'send-as': 'link' } : {}),
    retries: '1',
    message: 'a build',
    buttons: '[Log]({run})',
    ...(robot === 'webhook'
      ? {
          'robot-webhook': `${others.customRobot.webhook}\n${others.secondRobot.webhook}`,
          'robot-secret': `${others.customRobot.secret}\n${others.secondRobot.secret}`,
          mention: others.secondUser.mobile,
        }
      : { 'robot-code': others.robotCode, images: 'qr:{run}' }),
  })
  // As they are in memory: the recording runner masks nothing.
  const all = JSON.stringify([said.log, said.errors, said.warnings, said.outputs, said.summaries])
  const shown = [...given.emulator.secrets(), others.secondUser.mobile].filter((secret) =>
    formsOf(secret).some((form) => all.includes(form)),
  )
  return {
    survived: said.ok,
    inDoubt: doubts(said.errors) > 0,
    elapsed: given.clock.now() - started,
    violations: [
      ...shown.map((secret) => ({ breach: 'leak' as const, what: `${secret.slice(0, 4)}… was shown` })),
      ...(given.emulator.faults.played.length > 0
        ? []
        : [{ breach: 'policy' as const, what: 'the fault was not met' }]),
    ],
  }
}

/**
 * A secret as text, JSON, URLs, and HTML write it, and its first half, because half a secret is one, too. Half a phone number
 * is not looked for: it can be part of any ID.
 */
function formsOf(secret: string): string[] {
  const json = (text: string) => JSON.stringify(text).slice(1, -1)
  return [secret, ...(secret.length < 16 ? [] : [secret.slice(0, secret.length / 2)])]
    .flatMap((part) => [part, json(part), encodeURIComponent(part), markdownText(part)])
    .flatMap((form) => [form, json(form)])
}
