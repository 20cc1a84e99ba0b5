// The report of a job that ends early, or fails late.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Fault } from '../../emulator/emulator.ts'
import { NOTHING_UPLOADED } from '../../src/domain.ts'
import { TemporaryDirectory } from '../../src/files/temporary-directory.ts'
import { Http } from '../../src/http/http.ts'
import { job, type Job } from '../../test-support/job.ts'

const as = (run: number) => ({ source: { workflow: '0123456789abcdef', run: String(run) }, attempt: 1 })

let step: Job

beforeEach(async () => {
  step = await job()
  for (const name of ['a', 'b']) writeFileSync(name, name)
})
afterEach(async () => {
  jest.restoreAllMocks()
  await step.end()
})

const posting = () => ({ message: 'x', 'robot-code': step.emulator.others.robotCode })
const alone = () => ({
  ...posting(),
  path: '',
  'user-id': '',
  'union-id': '',
  'space-id': '',
  'parent-id': '',
})

/** Cancels the job while the nth call of an operation is under way. */
function cancelDuring(operation: Fault['operation'], nth = 1): void {
  step.emulator.faults.add({ operation, nth, play: { kind: 'delay', ms: 1 } })
  step.emulator.onFault(({ play }) => {
    if (play.kind === 'delay') step.cancel()
  })
}

/** The numbers in a line. */
const numbersIn = (line = '') => (line.replace(/\(.*/, '').match(/\d+/g) ?? []).map(Number)

describe('canceled during', () => {
  test.each<[string, Fault['operation'], number, () => Record<string, string>, number, readonly number[]]>([
    ['the token', 'accessToken', 1, () => ({}), 0, []],
    ['the lookup of the operator', 'unionId', 1, () => ({}), 0, []],
    ['the lookup of a group', 'openConversationId', 1, () => ({}), 0, []],
    ['the lookup of the folder', 'subfolder', 2, () => ({ 'folder-path': 'x/y' }), 0, []],
    ['the search for existing files', 'list', 1, () => ({ 'conflict-strategy': 'if-changed' }), 0, []],
    // Of 2 files.
    ['the upload of the first file', 'put', 1, () => ({}), 0, [0, 2]],
    ['the upload of the second file', 'put', 2, () => ({ 'chat-id': '' }), 1, [1, 2]],
    // Of 2 files, 1 not confirmed.
    ['the save of the first file', 'commitV1', 1, () => ({ 'chat-id': '' }), 0, [0, 2, 1]],
    // 2 files, 1 message not confirmed.
    ['the send of the last file', 'send', 2, () => ({}), 2, [2, 1]],
    ['the message', 'post', 1, posting, 2, [2, 1]],
    // 2 files, sent to 1 group.
    ['the list of keep-last', 'list', 1, () => ({ 'keep-last': '1' }), 2, [2, 1]],
    ['the deletion of keep-last', 'batchRemove', 1, () => ({ 'keep-last': '1' }), 2, [2, 1]],
    ['a message alone', 'post', 1, alone, 0, [1]],
    ['the lookup for a message alone', 'openConversationId', 1, alone, 0, [1]],
  ])('%s', async (_, operation, nth, given, uploaded, numbers) => {
    const inputs = given()
    if (inputs['keep-last']) await step.run({ 'chat-id': '' }, as(1))
    step.emulator.faults.clear()
    cancelDuring(operation, nth)
    const { ok, errors, warnings, outputs, log, summaries } = await step.run(
      { language: 'en', concurrency: '1', ...inputs },
      as(2),
    )
    expect([ok, errors.length > 0, warnings]).toEqual([false, true, []])
    // The cause, once.
    for (const error of errors) expect(error.match(/canceled/g)).toHaveLength(1)
    expect(Number(outputs['uploaded-count'])).toBe(uploaded)
    const saysNothing = errors.some((error) => error.includes(NOTHING_UPLOADED.en))
    expect(saysNothing).toBe(numbers.length === 0)
    const total = log.find((line) => line.startsWith('✗ ') && !/^✗ [ab]:/.test(line))
    expect(numbersIn(total)).toEqual(numbers)
    expect(numbersIn(summaries[0]!.split('\n')[0]!.replace(/&#\d+;/g, ''))).toEqual(numbers)
    const files = JSON.parse(outputs['files']!) as { status: string; error?: string }[]
    // What is said of a file agrees with the totals.
    expect(files.filter(({ status }) => status === 'uploaded')).toHaveLength(uploaded)
    for (const { status, error } of files) if (status === 'failed') expect(error).toBeTruthy()
  })
})

test.each<[string, object, string]>([
  ['the connections', Http.prototype, 'close'],
  ['the temporary directory', TemporaryDirectory.prototype, 'remove'],
])('closes and reports everything else, with a warning, if closing %s fails', async (_, owner, name) => {
  const methods = owner as Record<string, () => Promise<void>>
  const close = methods[name]!
  jest.spyOn(methods, name).mockImplementation(async function (this: unknown) {
    await close.call(this)
    throw new Error('EBUSY')
  })
  const removed = jest.spyOn(TemporaryDirectory.prototype, 'remove')
  const { ok, warnings, errors, outputs, summaries } = await step.run({ archive: 'true', name: 'x.zip' })
  expect([ok, errors, outputs['uploaded-count'], summaries.length]).toEqual([true, [], '1', 1])
  expect(warnings).toEqual([expect.stringContaining('EBUSY')])
  expect(removed).toHaveBeenCalledTimes(1)
})
