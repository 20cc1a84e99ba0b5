// Limits and lost responses of robots, on a simulated clock.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Play } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { refusal } from '../../emulator/faults/refusals.ts'
import { DingTalkError } from '../../src/dingtalk/errors.ts'
import { postByWebhook } from '../../src/dingtalk/robots.ts'
import { Cancelled } from '../../src/errors.ts'
import { environmentOf } from '../../src/http/environment.ts'
import { Http } from '../../src/http/http.ts'
import { job, type Job } from '../../test-support/job.ts'

let step: Job

beforeEach(async () => {
  step = await job()
  writeFileSync('a.txt', 'a')
})
afterEach(() => step.end())

const byWebhook = () => {
  const { webhook, secret } = step.emulator.others.customRobot
  return { 'chat-id': '', message: '构建', 'robot-webhook': webhook, 'robot-secret': secret }
}

test('delays the 21st message of a minute until the robot accepts it', async () => {
  for (let n = 0; n < 20; n++) await step.run(byWebhook())
  const result = await step.run(byWebhook())
  expect(result.ok).toBe(true)
  expect(step.emulator.messages).toHaveLength(21)
  expect(step.clock.slept.filter((ms) => ms >= 15_000)).toHaveLength(4)
})

test('explains a robot that stays throttled', async () => {
  const body = { errcode: 130101, errmsg: 'send too fast' }
  step.emulator.faults.add({
    operation: 'postByWebhook',
    play: { kind: 'answer', status: 200, body },
    times: 9,
  })
  const result = await step.run(byWebhook())
  expect(result.errors).toEqual([expect.stringMatching(/ 20 .* 20 .*130101/s)])
  expect(step.count('postByWebhook')).toBe(6)
})

test('signs each call with the current time', async () => {
  expect((await step.run(byWebhook())).ok).toBe(true)
  step.clock.advance(7_200_000)
  expect((await step.run(byWebhook())).ok).toBe(true)
})

const msgUuids = () =>
  step.emulator.requests
    .filter(({ operation }) => operation === 'postByWebhook')
    .map(({ body }) => (JSON.parse(body ?? '') as { msgUuid: string }).msgUuid)

test.each<Play>([
  { kind: 'cut-before' },
  { kind: 'cut-after' },
  { kind: 'cut-in-body' },
  { kind: 'hang' },
  { kind: 'hang-after' },
  { ...plays.badGateway, kind: 'answer-after' },
  { kind: 'answer-after', status: 200, body: { errcode: -1, errmsg: 'busy' } },
  { kind: 'broken', how: 'truncated' },
])('repeats a post in doubt, which arrives once: %j', async (play) => {
  step.emulator.faults.add({ operation: 'postByWebhook', play })
  expect((await step.run(byWebhook())).ok).toBe(true)
  expect(step.emulator.messages).toHaveLength(1)
  const [first, second] = msgUuids()
  expect(msgUuids()).toHaveLength(2)
  expect(first).toMatch(/^[0-9a-f-]{36}$/)
  expect(second).toBe(first)
})

test('gives every post its own msgUuid', async () => {
  await step.run(byWebhook())
  await step.run(byWebhook())
  expect(new Set(msgUuids()).size).toBe(2)
  expect(step.emulator.messages).toHaveLength(2)
})

test.each<[Play, Play | undefined]>([
  [{ kind: 'cut-after' }, { kind: 'cut-before' }],
  // No server listens any more; or each further call would be wasted.
  [{ kind: 'cut-after' }, undefined],
  [{ kind: 'cut-after' }, plays.ipBan],
])('reports a post that stays in doubt: %j, then %j', async (first, then) => {
  const { emulator } = step
  emulator.faults.add({ operation: 'postByWebhook', nth: 1, play: first })
  if (then) emulator.faults.add({ operation: 'postByWebhook', nth: 2, times: Infinity, play: then })
  else
    emulator.onFault(() => {
      emulator.refuseConnections('oapi')
    })
  const { ok, errors } = await step.run({ ...byWebhook(), retries: '2' })
  expect(ok).toBe(false)
  expect(errors).toEqual([expect.stringMatching(/may or may not have been posted/)])
  expect(emulator.messages).toHaveLength(1)
})

test('reports a post that is canceled as in doubt, in one language, and does not repeat it', async () => {
  const { emulator } = step
  emulator.faults.add({ operation: 'postByWebhook', play: { kind: 'hang-after' } })
  emulator.onFault(() => {
    step.cancel()
  })
  const { errors, log } = await step.run({ ...byWebhook(), path: '', language: 'zh' })
  expect(errors).toEqual([expect.stringMatching(/\nCancelled$/)])
  expect(errors[0]!.replace(/Cancelled$/, '')).not.toMatch(/cancell?ed/i)
  expect(log.join('\n')).not.toMatch(/Cancelled/)
  expect(step.count('postByWebhook')).toBe(1)
})

test('reports a post that is canceled before its retry as in doubt, in each language', async () => {
  const { emulator, clock } = step
  const cancelling = new AbortController()
  const http = new Http(environmentOf({ clock, random: () => 1, signal: cancelling.signal }), 1000, 1)
  const log = () => {
    cancelling.abort(new Cancelled())
  }
  const secret = () => undefined
  emulator.faults.add({ operation: 'postByWebhook', play: { kind: 'cut-after' } })
  const message = { title: 'a', text: 'a' }
  const post = postByWebhook(emulator.others.customRobot, message, http, { retries: 5, log, secret })
  const error = await post.catch((reason: unknown) => reason)
  await http.close()
  expect(error).toBeInstanceOf(DingTalkError)
  const { isInDoubt, text } = error as DingTalkError
  expect(isInDoubt).toBe(true)
  expect(text.zh).not.toMatch(/cancel/i)
  expect(emulator.messages).toHaveLength(1)
})

test('reports a rejection after a lost response', async () => {
  const { emulator } = step
  emulator.faults.add({ operation: 'postByWebhook', nth: 1, play: { kind: 'cut-before' } })
  emulator.faults.add({ operation: 'postByWebhook', nth: 2, play: refusal('postByWebhook', '400102') })
  const { errors } = await step.run(byWebhook())
  expect(errors).toEqual([expect.stringMatching(/400102/)])
  expect(step.count('postByWebhook')).toBe(2)
})

test('posts nothing if no file was uploaded', async () => {
  step.emulator.scopes.withdraw('Storage.File.Write')
  await step.run(byWebhook())
  expect(step.count('postByWebhook')).toBe(0)
})

test('stops all calls if a webhook meets a ban', async () => {
  const { emulator, clock } = step
  const http = new Http(environmentOf({ clock, random: () => 1 }), 1000, 1)
  const retries = { retries: 5, log: () => undefined, secret: () => undefined }
  emulator.faults.add({ operation: 'postByWebhook', play: plays.ipBan })
  const banned = { kind: 'banned' }
  try {
    const message = { title: '构建', text: '构建' }
    const post = () => postByWebhook(emulator.others.customRobot, message, http, retries)
    await expect(post()).rejects.toMatchObject(banned)
    await expect(post()).rejects.toMatchObject(banned)
    const url = new URL(emulator.values.apiBaseUrl)
    const call = { method: 'GET', url, headers: {} } as const
    await expect(http.send(call)).rejects.toMatchObject(banned)
    expect(emulator.requests).toHaveLength(1)
  } finally {
    await http.close()
  }
})
