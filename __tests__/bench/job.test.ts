import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Plan } from '../../bench/figures.ts'
import { measureJob } from '../../bench/job.ts'

let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bench-'))
})

afterAll(() => {
  rmSync(directory, { recursive: true })
})

function plan(name: string): Plan {
  return { runs: 1, quick: true, directory: join(directory, name), log: () => undefined }
}

test('the bare script makes the same requests as the action', async () => {
  const figures = await measureJob(plan('same'))
  expect(Object.keys(figures)).toEqual(['ours ms', 'ours CPU ms', 'bare ms', 'bare CPU ms'])
})

test('rejects a script that makes other requests', async () => {
  const idle = join(directory, 'idle.cjs')
  writeFileSync(idle, '')
  await expect(measureJob(plan('other'), idle)).rejects.toThrow(/^bare made other requests/)
})
