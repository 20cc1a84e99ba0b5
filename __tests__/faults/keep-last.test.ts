// With any fault, keep-last deletes only our files, and reports what it has deleted.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Play } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { markProperties, newNonce } from '../../src/dingtalk/mark.ts'
import { Caller } from '../../test-support/emulator-caller.ts'
import { job, type Job } from '../../test-support/job.ts'

const WORKFLOW = '0123456789abcdef'

let step: Job
beforeEach(async () => {
  step = await job()
  writeFileSync('new.apk', 'new')
})
afterEach(() => step.end())

const PLAYS: Play[] = [
  { kind: 'cut-before' },
  { kind: 'cut-after' },
  { kind: 'cut-in-body' },
  { kind: 'hang-after' },
  { kind: 'broken', how: 'truncated' },
  { kind: 'broken', how: 'in-html' },
  plays.paramError400,
  plays.paramError200,
  plays.throttledQps,
  plays.systemError500,
  { ...plays.badGateway, kind: 'answer-after' },
  plays.wrongJson,
  plays.empty200,
  plays.ipBan,
]

describe.each(['batchRemove', 'list', 'groupSpace'] as const)('%s', (operation) => {
  describe.each([1, Infinity])('%d times', (times) => {
    test.each(PLAYS)('%j', async (play) => {
      const caller = new Caller(step.emulator)
      await caller.upload('new(1).apk', 'theirs')
      const mark = { nonce: newNonce(), source: `${WORKFLOW}.1`, md5: 'a'.repeat(32) }
      await caller.upload('old', 'old', { appProperties: markProperties(mark) })
      // Only after a lost send is the group's own space looked up.
      if (operation === 'groupSpace')
        step.emulator.faults.add({ operation: 'send', play: { kind: 'cut-after' } })
      step.emulator.faults.add({ operation, times, play })
      const as = { source: { workflow: WORKFLOW, run: '9' }, attempt: 1 }
      const { ok, outputs, errors, warnings } = await step.run({ 'keep-last': '1' }, as)
      const left = step.emulator.files().map(({ name }) => name)
      expect(left).toContain('new(1).apk')
      expect(left).toContain('new.apk')
      const deleted = JSON.parse(outputs['deleted']!) as { name: string; inDoubt?: true }[]
      for (const { name, inDoubt } of deleted)
        expect([name, inDoubt === true || !left.includes(name)]).toEqual(['old', true])
      // What is gone is reported as deleted, perhaps in doubt. What is not certainly gone is a warning.
      expect(left.includes('old') || deleted.length === 1).toBe(true)
      // After a failed send, keep-last deletes nothing.
      if (ok) expect(warnings.length > 0).toBe(deleted[0]?.inDoubt === true || deleted.length === 0)
      expect(ok).toBe(errors.length === 0)
      expect(step.emulator.messages).toHaveLength(1)
    })
  })
})
