// A file that one run did not send is sent once by the next run that finds it.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { EmulatorOptions, Operation, Play } from '../../emulator/emulator.ts'
import { refusal } from '../../emulator/faults/refusals.ts'
import { MODES } from '../../emulator/modes.ts'
import type { Job as RunnerJob } from '../../src/domain.ts'
import { Caller } from '../../test-support/emulator-caller.ts'
import { job, type Job } from '../../test-support/job.ts'
import { sourceJob } from '../../test-support/source-job.ts'

const ofRun = (run: string, attempt = 1): RunnerJob => ({
  source: { workflow: '0123456789abcdef', run, job: 'a'.repeat(16) },
  attempt,
})
const COMMAND: RunnerJob = { source: undefined, attempt: 1 }
/** How a job finds the file that another has uploaded. */
const AGAIN: [string, string, RunnerJob, RunnerJob][] = [
  ['a new run with if-changed', 'if-changed', ofRun('7'), ofRun('8')],
  ['a new run with return-existing', 'return-existing', ofRun('7'), ofRun('8')],
  ['a re-run', 'auto-rename', ofRun('7'), ofRun('7', 2)],
  ['the command, once more', 'if-changed', COMMAND, COMMAND],
]
const REJECTED = refusal('send', 'permissionDenied')
const LOST: Play = { kind: 'cut-before' }

let step: Job

beforeEach(async () => {
  step = await job()
  writeFileSync('a.apk', 'a')
})
afterEach(() => step.end())

const fail = (operation: Operation, play: Play, more: { times?: number; nth?: number } = {}) => {
  step.emulator.faults.add({ operation, play, ...more })
}
const groups = () => {
  const { values, others } = step.emulator
  return [values.openConversationId, others.secondGroup.openConversationId]
}
const received = () => step.emulator.messages.map(({ to }) => to)
const sentTo = (outputs: Readonly<Record<string, string>>) =>
  (JSON.parse(outputs['files']!) as { sentTo: string[] }[]).map((file) => file.sentTo)
/** What was recorded on files, without their MD5. */
const recorded = ({ emulator }: Pick<Job, 'emulator'> = step) =>
  emulator.requests
    .filter(({ operation }) => operation === 'appProperties')
    .map(({ body }) => /[0-9a-f]{32}([^"]*)"/.exec(body!)?.[1])

describe.each(AGAIN)('%s', (_, strategy, first, again) => {
  const given = { 'conflict-strategy': strategy }

  test('sends rejected files, and records it', async () => {
    fail('send', REJECTED)
    expect((await step.run(given, first)).ok).toBe(false)
    expect(received()).toEqual([])
    const second = await step.run(given, again)
    expect([second.ok, second.warnings]).toEqual([true, []])
    expect([sentTo(second.outputs), received()]).toEqual([[[groups()[0]]], [groups()[0]]])
    expect(recorded()).toEqual([expect.stringMatching(/^@1![0-9a-f]{8}$/), '@1'])
    expect(step.count('commitV1')).toBe(1)
  })

  test('sends it only to the group that rejected it', async () => {
    const both = { ...given, 'chat-id': groups().join('\n') }
    fail('send', REJECTED)
    await step.run(both, first)
    const rejecting = groups().filter((id) => !received().includes(id))
    const second = await step.run(both, again)
    expect([second.ok, sentTo(second.outputs)]).toEqual([true, [rejecting]])
    expect(received().toSorted()).toEqual(groups().toSorted())
  })

  test('does not repeat a send in doubt, and warns', async () => {
    fail('send', LOST)
    await step.run(given, first)
    const second = await step.run(given, again)
    expect([second.ok, second.warnings.length, sentTo(second.outputs)]).toEqual([true, 1, [[]]])
    expect([received(), step.count('send'), recorded().length]).toEqual([[], 1, 1])
    expect(second.log).toContainEqual(expect.stringMatching(/^! a\.apk/))
    expect(second.summaries[0]).toMatch(/^\| ⚠️ \[a/m)
  })

  test('finds a send in doubt in the group, and records it', async () => {
    await step.restart({ copiedProperties: 'kept' })
    step.emulator.scopes.withdraw('ConvFile.Space.Read')
    fail('send', { kind: 'cut-after' })
    await step.run(given, first)
    step.emulator.scopes.grant('ConvFile.Space.Read')
    const second = await step.run(given, again)
    expect([second.ok, second.warnings, sentTo(second.outputs)]).toEqual([true, [], [[groups()[0]]]])
    expect(recorded()).toEqual([expect.stringMatching(/^@1\?[0-9a-f]{8}$/), '@1'])
    expect(received()).toHaveLength(1)
  })

  test.each(['to-user-ids', 'send-as'])(
    'sends rejected files if nothing can be looked up: %s',
    async (input) => {
      const operation = input === 'send-as' ? 'sendLink' : 'sendToUser'
      const { userId } = step.emulator.others.secondUser
      const all = {
        ...given,
        ...(input === 'send-as' ? { 'send-as': 'link' } : { 'chat-id': '', 'to-user-ids': userId }),
      }
      fail(operation, refusal(operation, 'permissionDenied'))
      expect((await step.run(all, first)).ok).toBe(false)
      const second = await step.run(all, again)
      expect([second.ok, second.warnings, received().length]).toEqual([true, [], 1])
      // What was sent is not sent again by a later attempt, though nothing shows it.
      if (again.attempt > 1) expect((await step.run(all, ofRun('7', 3))).ok).toBe(true)
      expect(received()).toHaveLength(1)
    },
  )

  test('reports if it can’t be recorded', async () => {
    fail('send', REJECTED)
    fail('appProperties', refusal('appProperties', 'permissionDenied'), { times: 9 })
    const { ok, errors, warnings } = await step.run(given, first)
    expect([ok, errors.length, warnings.length]).toEqual([false, 1, 1])
    expect(warnings[0]).toMatch(/a\.apk.*permissionDenied/s)
  })

  test('sends to a recipient that was not found before', async () => {
    const { values, others } = step.emulator
    const both = { ...given, 'chat-id': `${values.chatId}\n${others.secondGroup.openConversationId}` }
    fail('openConversationId', refusal('openConversationId', 'invalideChatId'))
    expect((await step.run(both, first)).ok).toBe(false)
    const second = await step.run(both, again)
    expect([second.ok, sentTo(second.outputs)]).toEqual([true, [[values.openConversationId]]])
    expect(received().toSorted()).toEqual(groups().toSorted())
  })
})

test('keeps a file that fails again pending, also for recipients that this run does not name', async () => {
  const given = { 'conflict-strategy': 'if-changed' }
  const [a, b] = groups()
  fail('send', REJECTED, { times: 2 })
  await step.run({ ...given, 'chat-id': groups().join('\n') }, ofRun('7'))
  fail('send', REJECTED)
  expect((await step.run({ ...given, 'chat-id': a! }, ofRun('8'))).ok).toBe(false)
  await step.run({ ...given, 'chat-id': a! }, ofRun('9'))
  expect(received()).toEqual([a])
  await step.run({ ...given, 'chat-id': b! }, ofRun('10'))
  expect(received()).toEqual([a, b])
  expect(recorded().at(-1)).toBe('@1')
})

test.each(MODES.updatedProperties)(
  'deletes an unsent file of an earlier run with keep-last: %s',
  async (updatedProperties) => {
    await step.restart({ updatedProperties })
    fail('send', REJECTED)
    await step.run({}, ofRun('7'))
    writeFileSync('a.apk', 'b')
    await step.run({ 'keep-last': '1' }, ofRun('8'))
    expect(step.emulator.deleted().map(({ name }) => name)).toEqual(['a.apk'])
  },
)

test('does not accept a later copy, possibly of someone else, as proof of a lost send', async () => {
  const given = { 'conflict-strategy': 'if-changed' }
  fail('send', REJECTED)
  await step.run(given, ofRun('7'))
  step.clock.advance(60_000)
  const byHand = await sendByHand()
  expect([byHand, received().length]).toEqual([200, 1])
  fail('send', LOST)
  const { ok, outputs } = await step.run(given, ofRun('8'))
  expect([ok, sentTo(outputs)]).toEqual([false, [[]]])
})

/** Sends the file as its uploader would. */
async function sendByHand(): Promise<number> {
  const { apiBaseUrl, unionId, spaceId } = step.emulator.values
  const { headers } = step.emulator.requests.findLast(({ operation }) => operation === 'commitV1')!
  const [file] = step.files('a.apk')
  const response = await fetch(`${apiBaseUrl}/v1.0/convFile/conversations/files/send?unionId=${unionId}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-acs-dingtalk-access-token': String(headers['x-acs-dingtalk-access-token']),
    },
    body: JSON.stringify({ spaceId, dentryId: file!.id, openConversationId: groups()[0] }),
  })
  return response.status
}

test('records nothing if everything was sent, or nothing had to be', async () => {
  await step.run({}, ofRun('7'))
  await step.run({ 'chat-id': '' }, ofRun('8'))
  expect(recorded()).toEqual([])
})

test('warns about a sent message that is not recorded', async () => {
  const given = { 'conflict-strategy': 'if-changed' }
  fail('send', REJECTED)
  await step.run(given, ofRun('7'))
  fail('appProperties', refusal('appProperties', 'permissionDenied'), { times: 9 })
  const { ok, warnings } = await step.run(given, ofRun('8'))
  expect([ok, warnings.length, received().length]).toEqual([true, 1, 1])
})

test('records all recipients, or that they are uncertain, if there are too many', async () => {
  const { userId } = step.emulator.others.secondUser
  const unknown = Array.from({ length: 10 }, (_, n) => `nobody${n}`)
  const given = { 'conflict-strategy': 'if-changed', 'chat-id': '', 'to-user-ids': userId }
  const many = { ...given, 'to-user-ids': [...unknown, userId].join('\n') }
  fail('sendToUser', refusal('sendToUser', 'permissionDenied'))
  await step.run(many, ofRun('7'))
  expect((await step.run(given, ofRun('8'))).ok).toBe(true)
  expect([received().length, recorded()]).toEqual([1, ['@1!*', '@1']])

  writeFileSync('a.apk', 'b')
  const two = { ...many, 'chat-id': groups()[0]! }
  fail('sendToUser', refusal('sendToUser', 'permissionDenied'))
  await step.run(two, ofRun('9'))
  expect([received().length, recorded().at(-1)]).toEqual([2, '@2?*'])
  expect((await step.run(given, ofRun('10'))).warnings).toHaveLength(1)
  expect(received()).toHaveLength(2)
})

describe('platforms that change the file on recording', () => {
  const CHANGES = MODES.updatedProperties.slice(1).map((updatedProperties) => ({ updatedProperties }))
  test.each(CHANGES.flatMap((options) => AGAIN.map((again) => [options, ...again] as const)))(
    '%j: %s sends it once',
    async (options, _, strategy, first, again) => {
      await step.restart(options)
      const both = { 'conflict-strategy': strategy, 'chat-id': groups().join('\n') }
      fail('send', REJECTED)
      await step.run(both, first)
      const second = await step.run(both, again)
      expect([second.ok, second.warnings]).toEqual([true, []])
      // It is known whose content it is, also once everything was sent.
      await step.run(both, again.attempt > 1 ? ofRun('7', 3) : again)
      expect(received().toSorted()).toEqual(groups().toSorted())
      expect(step.count('commitV1')).toBe(1)
    },
  )

  test.each(
    CHANGES.flatMap((options) => ['1', 'auto'].map((concurrency) => [options, concurrency] as const)),
  )('%j: looks the effect of a record up once per job, concurrency %s', async (options, concurrency) => {
    await step.restart(options)
    for (const name of ['b', 'c', 'd', 'e']) writeFileSync(`${name}.apk`, name)
    fail('send', REJECTED)
    const given = { 'conflict-strategy': 'if-changed', concurrency }
    await step.run(given, ofRun('7'))
    expect([step.count('dentry'), received()]).toEqual([
      options.updatedProperties === 'new-version' ? 2 : 1,
      [],
    ])
    expect((await step.run(given, ofRun('8'))).ok).toBe(true)
    expect([received().length, step.count('commitV1')]).toEqual([5, 5])
  })

  test.each(
    CHANGES.flatMap((options) =>
      (['the operator', 'a colleague'] as const).flatMap((who) =>
        (['kept', 'first-kept'] as const).map((marks) => [options, who, marks] as const),
      ),
    ),
  )(
    '%j: a version of the same size by %s is not taken for the file, marks %s',
    async (options, who, marks) => {
      await step.restart({ ...options, appProperties: marks })
      fail('send', REJECTED)
      const given = { 'conflict-strategy': 'if-changed' }
      await step.run(given, ofRun('7'))
      const { values, others } = step.emulator
      const caller = new Caller(step.emulator)
      const by = who === 'the operator' ? values.unionId : others.secondUser.unionId
      for (const [n, content] of ['b', 'c'].entries()) {
        await caller.commit(await caller.stored(content), 'a.apk', { conflictStrategy: 'OVERWRITE' }, {}, by)
        await step.run(given, ofRun(String(8 + n)))
        expect(step.emulator.contents(step.files('a.apk')[0]!.id).toString()).toBe('a')
      }
    },
  )

  // What the operator uploads between a record and the look at it has the version that a record may have made.
  test('does not take another version of that moment for the file', async () => {
    await step.restart({ appProperties: 'first-kept' })
    const given = { 'conflict-strategy': 'if-changed' }
    const body = { dentry: { uuid: 'u', version: 2, modifierId: step.emulator.values.unionId } }
    fail('send', REJECTED)
    fail('dentry', { kind: 'answer', status: 200, body }, { times: 2 })
    await step.run(given, ofRun('7'))
    expect(recorded()).toEqual(['@1', '@3', '@1'].map((version) => expect.stringMatching(`^${version}!`)))
  })
})

test('ignores the record of another version', async () => {
  await step.restart({ appProperties: 'first-kept' })
  fail('send', REJECTED)
  await step.run({}, ofRun('7'))
  writeFileSync('a.apk', 'b')
  await step.run({ 'conflict-strategy': 'overwrite' }, ofRun('8'))
  expect(received()).toHaveLength(1)
  const { ok, warnings } = await step.run({ 'conflict-strategy': 'return-existing' }, ofRun('9'))
  expect([ok, warnings.length, received().length]).toEqual([true, 1, 1])
})

describe('platforms where a new version keeps the earlier mark', () => {
  const overwrite = { 'conflict-strategy': 'overwrite' }

  test('record for the new version', async () => {
    await step.restart({ appProperties: 'first-kept' })
    await step.run({}, ofRun('7'))
    writeFileSync('a.apk', 'b')
    fail('send', REJECTED)
    await step.run(overwrite, ofRun('8'))
    const { ok, warnings } = await step.run({ 'conflict-strategy': 'return-existing' }, ofRun('9'))
    expect([ok, warnings, received().length]).toEqual([true, [], 2])
  })

  test('do not make the old mark valid by a later record', async () => {
    await step.restart({ appProperties: 'first-kept' })
    fail('send', REJECTED)
    await step.run(overwrite, ofRun('7'))
    writeFileSync('a.apk', 'b')
    await step.run(overwrite, ofRun('8'))
    writeFileSync('a.apk', 'a')
    await step.run(overwrite, ofRun('7', 2))
    await step.run({ 'conflict-strategy': 'if-changed' }, ofRun('9'))
    expect(step.emulator.contents(step.files('a.apk')[0]!.id).toString()).toBe('a')
  })
})

test.each<[string, Partial<EmulatorOptions>, number]>([
  ['return-existing', { appProperties: 'dropped' }, 1],
  ['if-changed', { appProperties: 'dropped' }, 0],
])('%s, if files have no marks: %j', async (strategy, options, warnings) => {
  await step.restart(options)
  fail('send', REJECTED)
  const result = await step.run({ 'conflict-strategy': strategy }, ofRun('7'))
  expect([result.ok, result.warnings.length, recorded().length]).toEqual([false, warnings, 0])
})

test.each(['if-changed', 'return-existing'])(
  '%s: sends what a canceled run has uploaded',
  async (strategy) => {
    const here = await sourceJob()
    try {
      for (let n = 0; n < 8; n++) here.file(`${n}.bin`)
      const given = { 'conflict-strategy': strategy, path: '*.bin', concurrency: '2' }
      // The first file takes long, and those behind it wait to be sent.
      here.emulator.faults.add({ operation: 'put', nth: 1, play: { kind: 'delay', ms: 60_000 } })
      here.emulator.faults.add({ operation: 'uploadInfoV1', nth: 7, play: { kind: 'delay', ms: 0 } })
      let cancel = () => {}
      here.emulator.onFault((_, { operation }) => {
        if (operation === 'uploadInfoV1') cancel()
      })
      const { exitCode } = await here.run(given, {
        onStart: (kill) => (cancel = kill.bind(undefined, 'SIGINT')),
      })
      const unsent = here.emulator.requests.flatMap(
        ({ operation, path }) => (operation === 'appProperties' && /dentries\/(\d+)/.exec(path)?.[1]) || [],
      )
      expect([exitCode, here.emulator.messages]).toEqual([1, []])
      expect(unsent.length).toBeGreaterThan(0)
      expect((await here.run(given)).exitCode).toBe(0)
      const sent = here.emulator.messages.map(({ dentryId }) => dentryId)
      for (const id of unsent) expect(sent.filter((other) => other === id)).toHaveLength(1)
    } finally {
      await here.end()
    }
  },
)

test('reports that a file in doubt may not be sent', async () => {
  fail('commitV1', { kind: 'cut-after' })
  fail('list', refusal('list', 'permissionDenied'), { times: 9 })
  const said = async (chats: string) =>
    (await step.run({ 'chat-id': chats, 'conflict-strategy': 'overwrite' }, ofRun('7'))).errors[0]
  const withGroup = await said(groups()[0]!)
  step.emulator.faults.clear()
  fail('commitV1', { kind: 'cut-after' })
  fail('list', refusal('list', 'permissionDenied'), { times: 9 })
  expect(withGroup!.length).toBeGreaterThan((await said(''))!.length)
})
