import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { job, type Job } from '../../test-support/job.ts'

let given: Job

beforeEach(async () => {
  given = await job()
})

afterEach(() => given.end())

test("measures the job's duration although the clock is set back", async () => {
  given.emulator.onFault(() => {
    given.clock.advance(2000)
    given.clock.step(-3_600_000)
  })
  given.emulator.faults.add({ operation: 'put', play: { kind: 'delay', ms: 0 } })
  writeFileSync('a.bin', 'content')
  const { ok, log } = await given.run()
  expect(ok).toBe(true)
  expect(log.at(-1)).toContain('(7 B, 2.0 s)')
})
