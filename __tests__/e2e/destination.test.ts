// Where files go: the committed bundle against the emulator.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { annotationsOf, bundleJob, errorsOf, type BundleJob } from '../../test-support/bundle-job.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let job: BundleJob

beforeEach(async () => {
  job = await bundleJob()
})
afterEach(() => job.end())

describe('folder-url', () => {
  const drive = 'qr.dingtalk.com/page/yunpan?route=previewDentry'

  test.each<[string, (spaceId: string, parentId: string, parentUuid: string) => string]>([
    ['web', (space, parent) => `https://${drive}&spaceId=${space}&fileId=${parent}&type=folder`],
    [
      'the client',
      (space, parent) =>
        `dingtalk://dingtalkclient/page/yunpan?spaceId=${space}&fileId=${parent}&type=folder&route=previewDentry`,
    ],
    [
      'DingTalk Docs',
      (_space, _parent, uuid) => `https://alidocs.dingtalk.com/i/nodes/${uuid}?utm_source=x#y`,
    ],
    [
      'more parameters',
      (space, parent) => `https://${drive}&spaceId=${space}&corpId=ding%3D1&fileId=${parent}&type=folder&x`,
    ],
    [
      'encoded ids',
      (space, parent) => `https://${drive}&spaceId=%20${space}&fileId=${parent}%20&type=folder`,
    ],
    [
      'encoded as a whole',
      (space, parent) => encodeURIComponent(`https://${drive}&spaceId=${space}&fileId=${parent}&type=folder`),
    ],
    [
      'encoded for HTML',
      (space, parent) => `https://${drive}&amp;spaceId=${space}&amp;fileId=${parent}&amp;type=folder`,
    ],
    [
      'blanks around',
      (space, parent) => `  https://${drive}&spaceId=${space}&fileId=${parent}&type=folder\n`,
    ],
  ])('%s', async (_, link) => {
    job.file('a.txt')
    const { spaceId, parentId, parentUuid } = job.emulator.values
    const result = await job.run({
      'space-id': '',
      'parent-id': '',
      'folder-url': link(spaceId, parentId, parentUuid),
    })
    expect(errorsOf(result)).toBe('')
    expect(job.files('a.txt')).toMatchObject([{ parentId }])
  })
})

describe('folder-path', () => {
  test('each level is made once, by two jobs at the same moment too', async () => {
    job.file('a/1.txt')
    job.file('a/2.txt')
    job.file('b/3.txt')
    const results = await Promise.all(
      ['a', 'b'].map((path) => job.run({ path, 'folder-path': '发布/v1.2.0', 'chat-id': '' })),
    )
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    expect(job.count('addFolder')).toBe(4)
    const [one, two, three] = ['1.txt', '2.txt', '3.txt'].map((name) => job.files(name)[0]!)
    expect(one!.path).toBe('/构建产物/发布/v1.2.0/1.txt')
    expect(new Set([one!.parentId, two!.parentId, three!.parentId]).size).toBe(1)
  })

  test.each([
    ['/a', '/a'],
    ['a/../b', 'a/../b'],
    ['a/b?/c<d', '"c<d"'],
  ])('%s is refused', async (path, named) => {
    job.file('a.txt')
    const result = await job.run({ 'folder-path': path })
    expect(result.exitCode).toBe(1)
    const errors = annotationsOf(result, 'error')
    expect(errors).toHaveLength(1)
    expectWhole(errors[0]!, 'folder-path', named)
    expect(job.emulator.requests).toEqual([])
  })

  test('where it may not be made, nothing is uploaded', async () => {
    job.file('a.txt')
    const result = await job.run({
      'folder-path': 'a',
      'parent-id': job.emulator.others.readOnlyFolder.parentId,
    })
    expect(result.exitCode).toBe(1)
    expect(errorsOf(result)).toMatch(/permissionDenied/)
    expect(job.count('put')).toBe(0)
  })
})

describe('conflict-strategy', () => {
  test.each([
    ['auto-rename', 0, 'uploaded', ['a.txt', 'a(1).txt'], 1],
    ['overwrite', 0, 'uploaded', ['a.txt'], 2],
    ['return-existing', 0, 'existing', ['a.txt'], 1],
    ['fail', 1, 'failed', ['a.txt'], 1],
  ])('%s', async (strategy, exitCode, status, names, version) => {
    job.file('a.txt', 'first')
    await job.run({ 'chat-id': '' })
    job.file('a.txt', 'second')
    const puts = job.count('put')
    const result = await job.run({ 'conflict-strategy': strategy })
    expect(result.exitCode).toBe(exitCode)
    expect(JSON.parse(result.outputs['files']!)).toMatchObject([{ status }])
    const there = job.emulator.files().filter(({ name }) => name.startsWith('a'))
    expect(there.map(({ name }) => name)).toEqual(names)
    expect(there[0]!.version).toBe(version)
    if (strategy === 'return-existing') expect(job.count('put')).toBe(puts)
    if (strategy === 'fail') expect(errorsOf(result)).toMatch(/conflict-strategy.*dentryNameConflict/)
  })
})
