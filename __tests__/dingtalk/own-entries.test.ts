// Files of one run with the same name and size, and without marks: a lost commit never claims the entry of another file.
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import type { Play } from '../../emulator/emulator.ts'
import { job, type Job } from '../../test-support/job.ts'

let given: Job

afterEach(() => given.end())

test.each<[string, Play, string[]]>([
  ['auto-rename', { kind: 'cut-before' }, ['app.bin: one', 'app(1).bin: two']],
  ['auto-rename', { kind: 'cut-after' }, ['app.bin: one', 'app(1).bin: two']],
  ['overwrite', { kind: 'cut-before' }, ['app.bin: two']],
  ['overwrite', { kind: 'cut-after' }, ['app.bin: two']],
])('%s, the second commit %j', async (strategy, play, expected) => {
  given = await job({ appProperties: 'dropped', usedUploadKey: 'refuse' })
  for (const [directory, content] of Object.entries({ a: 'one', b: 'two' })) {
    mkdirSync(directory)
    writeFileSync(`${directory}/app.bin`, content)
  }
  given.emulator.faults.add({ operation: 'commitV1', nth: 2, play })
  const { errors, outputs } = await given.run({
    path: 'a/app.bin\nb/app.bin',
    'conflict-strategy': strategy,
    'chat-id': '',
  })
  expect(errors).toEqual([])
  const stored = given.emulator.files().filter(({ name }) => name.startsWith('app'))
  expect(stored.map(({ id, name }) => `${name}: ${given.emulator.contents(id).toString()}`)).toEqual(expected)
  expect(new Set(outputs['dentry-ids']!.split('\n')).size).toBe(expected.length)
})
