// What robots meet in time: on a simulated clock.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import * as plays from '../../emulator/faults/plays.ts'
import { postByWebhook } from '../../src/dingtalk/custom-robot.ts'
import { Http } from '../../src/dingtalk/transport/http.ts'
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

test('the 21st message of a minute waits until the robot may speak again', async () => {
  for (let n = 0; n < 20; n++) await step.run(byWebhook())
  const result = await step.run(byWebhook())
  expect(result.ok).toBe(true)
  expect(step.emulator.messages).toHaveLength(21)
  expect(step.clock.slept.filter((ms) => ms >= 15_000)).toHaveLength(4)
})

test('a robot that stays shut is explained', async () => {
  const body = { errcode: 130101, errmsg: 'send too fast' }
  step.emulator.faults.add({
    operation: 'robotWebhook',
    play: { kind: 'answer', status: 200, body },
    times: 9,
  })
  const result = await step.run(byWebhook())
  expect(result.errors).toEqual([expect.stringMatching(/ 20 .* 20 .*130101/s)])
  expect(step.count('robotWebhook')).toBe(6)
})

test('each call is signed anew', async () => {
  step.emulator.faults.add({ operation: 'robotWebhook', play: { kind: 'cut-before' } })
  expect((await step.run(byWebhook())).ok).toBe(false) // it may have been posted: once only
  expect(step.count('robotWebhook')).toBe(1)
  step.clock.advance(7_200_000)
  expect((await step.run(byWebhook())).ok).toBe(true)
})

test('with no file in DingTalk there is nothing to tell', async () => {
  step.emulator.scopes.withdraw('Storage.File.Write')
  await step.run(byWebhook())
  expect(step.count('robotWebhook')).toBe(0)
})

test('secrets are registered before anything can fail', async () => {
  const { webhook, secret } = step.emulator.others.customRobot
  const { secrets } = await step.run({ ...byWebhook(), 'app-key': '' })
  const token = new URL(webhook).searchParams.get('access_token')
  expect(secrets).toEqual(expect.arrayContaining([webhook, token, secret]))
})

test('a ban that its webhook meets halts every other call: it is of the address', async () => {
  const { emulator, clock } = step
  const http = new Http(clock, 1000, 1)
  const retryOptions = { clock, random: () => 1, retries: 5, log: () => undefined, halting: http.halting }
  emulator.faults.add({ operation: 'robotWebhook', play: plays.ipBan })
  const banned = { kind: 'banned' }
  try {
    const message = { title: '构建', text: '构建' }
    const post = () => postByWebhook(emulator.others.customRobot, message, http, retryOptions)
    await expect(post()).rejects.toMatchObject(banned)
    await expect(post()).rejects.toMatchObject(banned)
    const url = new URL(emulator.values.apiBaseUrl)
    const call = { operation: 'list', method: 'GET', url, headers: {} } as const
    await expect(http.send(call)).rejects.toMatchObject(banned)
    expect(emulator.requests).toHaveLength(1)
  } finally {
    await http.close()
  }
})
