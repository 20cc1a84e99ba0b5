// Existing files: compared, reported with a warning if they differ, and not sent again.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import * as plays from '../../emulator/faults/plays.ts'
import { Caller } from '../../test-support/emulator-caller.ts'
import { job, type Job } from '../../test-support/job.ts'

let step: Job

beforeEach(async () => {
  step = await job()
})
afterEach(() => step.end())

const md5 = (bytes: string) => createHash('md5').update(bytes).digest('hex')
const files = (outputs: Record<string, string>) =>
  JSON.parse(outputs['files']!) as { status: string; md5?: string; size: number }[]
const ifChanged = () => step.run({ 'conflict-strategy': 'if-changed' })
const returnExisting = () => step.run({ 'conflict-strategy': 'return-existing' })

describe('if-changed', () => {
  test('neither uploads nor sends the same content again', async () => {
    writeFileSync('a.txt', 'same')
    const first = await ifChanged()
    expect(files(first.outputs)).toMatchObject([{ status: 'uploaded' }])
    const second = await ifChanged()
    expect(second.ok).toBe(true)
    expect(files(second.outputs)).toMatchObject([{ status: 'existing', md5: md5('same'), size: 4 }])
    expect(second.outputs).toMatchObject({
      'dentry-id': first.outputs['dentry-id'],
      'uploaded-count': '0',
      'existing-count': '1',
    })
    expect([...first.warnings, ...second.warnings]).toEqual([])
    expect(step.count('put')).toBe(1)
    expect(step.files('a.txt')).toMatchObject([{ version: 1 }])
    expect(step.emulator.messages).toHaveLength(1)
  })

  test.each([
    ['of the same size', 'emas'],
    ['of another size', 'another'],
  ])('uploads other content %s as a new version, and sends it', async (_, bytes) => {
    writeFileSync('a.txt', 'same')
    await ifChanged()
    writeFileSync('a.txt', bytes)
    const { outputs, warnings } = await ifChanged()
    expect(files(outputs)).toMatchObject([{ status: 'uploaded', md5: md5(bytes) }])
    expect(warnings).toEqual([])
    expect(step.files('a.txt')).toMatchObject([{ version: 2, md5: md5(bytes) }])
    expect(step.emulator.messages).toHaveLength(2)
    expect(files((await ifChanged()).outputs)).toMatchObject([{ status: 'existing' }])
  })

  test.each([
    ['dropped', 1],
    ['unlisted', 1],
    ['list', 0],
  ] as const)('works if marks are %s', async (appProperties, warned) => {
    await step.restart({ appProperties })
    writeFileSync('a.txt', 'same')
    await ifChanged()
    const { outputs, warnings } = await ifChanged()
    expect(files(outputs)).toMatchObject([{ status: warned ? 'uploaded' : 'existing' }])
    expect(warnings).toHaveLength(warned)
    expect(step.files('a.txt')).toMatchObject([{ version: 1 + warned }])
  })

  test('recognizes a mark that a new version kept', async () => {
    await step.restart({ appProperties: 'first-kept' })
    for (const bytes of ['one', 'two']) {
      writeFileSync('a.txt', bytes)
      await ifChanged()
    }
    expect(files((await ifChanged()).outputs)).toMatchObject([{ status: 'uploaded', md5: md5('two') }])
  })

  test('warns about a folder that may not be listed', async () => {
    step.emulator.scopes.withdraw('Storage.File.Read')
    writeFileSync('a.txt', 'same')
    await ifChanged()
    const { ok, warnings } = await ifChanged()
    expect(ok).toBe(true)
    expect(warnings).toEqual([expect.stringContaining('Storage.File.Read')])
    expect(step.files('a.txt')).toMatchObject([{ version: 2 }])
  })

  test.each([
    ['the same content', 'x', ['uploaded', 'existing'], 1],
    ['other content', 'y', ['uploaded', 'uploaded'], 2],
  ])('handles two files of the same name with %s', async (_, second, statuses, version) => {
    for (const [folder, bytes] of Object.entries({ x: 'x', y: second })) {
      mkdirSync(folder)
      writeFileSync(`${folder}/a.txt`, bytes)
    }
    const { outputs } = await step.run({ 'conflict-strategy': 'if-changed', path: '.' })
    expect(files(outputs).map(({ status }) => status)).toEqual(statuses)
    expect(step.files('a.txt')).toMatchObject([{ version }])
    expect(step.emulator.messages).toHaveLength(version)
  })

  test('finds a lost commit of a new version', async () => {
    writeFileSync('a.txt', 'one')
    await ifChanged()
    writeFileSync('a.txt', 'two')
    step.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-after' } })
    expect((await ifChanged()).errors).toEqual([])
    expect(step.files('a.txt')).toMatchObject([{ version: 2 }])
  })

  test('reports the permission to list in the check', async () => {
    step.emulator.scopes.withdraw('Storage.File.Read')
    const { ok, summaries } = await step.run({ 'conflict-strategy': 'if-changed', mode: 'check' })
    expect([ok, summaries]).toEqual([true, [expect.stringContaining('%23Storage.File.Read>')]])
  })
})

describe('return-existing', () => {
  test.each([
    ['of the same content', 'same', 'same', 0],
    ['of another size', 'same', 'longer', 1],
    ['of the same size', 'same', 'emas', 1],
  ])('does not send a file %s', async (_, there, local, warned) => {
    writeFileSync('a.txt', there)
    await returnExisting()
    writeFileSync('a.txt', local)
    const { ok, outputs, warnings } = await returnExisting()
    expect(ok).toBe(true)
    expect(files(outputs)).toMatchObject([{ status: 'existing', md5: md5(there), size: there.length }])
    expect(warnings).toHaveLength(warned)
    expect(step.emulator.messages).toHaveLength(1)
  })

  test.each([
    ['same', 0],
    ['longer', 1],
  ])('compares only the size of a file without a mark (%s)', async (local, warned) => {
    await new Caller(step.emulator).upload('a.txt', 'emas')
    writeFileSync('a.txt', local)
    const { outputs, warnings } = await returnExisting()
    expect(files(outputs)).toMatchObject([{ status: 'existing', size: 4 }])
    expect(files(outputs)[0]).not.toHaveProperty('md5')
    expect(warnings).toHaveLength(warned)
    expect(step.emulator.messages).toEqual([])
  })

  test('compares a file that the platform returns as existing', async () => {
    writeFileSync('a.txt', 'same')
    await returnExisting()
    writeFileSync('a.txt', 'emas')
    step.emulator.faults.add({
      operation: 'list',
      // The second one is made with a new token.
      times: 2,
      play: plays.accessTokenPermissionDenied('Storage.File.Read'),
    })
    const { outputs, warnings } = await returnExisting()
    expect(files(outputs)).toMatchObject([{ status: 'existing', md5: md5('same') }])
    expect(warnings).toHaveLength(2)
    expect(step.emulator.messages).toHaveLength(1)
  })

  test('sends a new file that may be its own', async () => {
    await step.restart({ appProperties: 'dropped', usedUploadKey: 'second-file' })
    writeFileSync('a.txt', 'same')
    step.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-after' } })
    const { outputs } = await returnExisting()
    expect(files(outputs)).toMatchObject([{ status: 'existing' }])
    expect(step.emulator.messages).toHaveLength(1)
  })
})
