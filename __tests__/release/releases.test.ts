// Releases are made against a stand-in for GitHub's API, with a real bare repository behind it.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { prepareDraft, publish, type Plan } from '../../scripts/release/releases.ts'
import { moveMajorTag } from '../../scripts/release/tags.ts'
import { startReleaseRepository, type ReleaseRepository } from '../../test-support/release-repository.ts'

const FILES = {
  'upload-to-dingtalk-0.1.0.tgz': 'package',
  'upload-to-dingtalk-0.1.0.sigstore.json': 'signature',
  SHA256SUMS: 'sums',
}
const files = (of: Record<string, string> = FILES) =>
  new Map(Object.entries(of).map(([name, text]) => [name, Buffer.from(text)]))

let repository: ReleaseRepository
let plan: Plan
beforeEach(async () => {
  repository = await startReleaseRepository()
  plan = { tag: 'v0.1.0', commit: repository.commitWithTag('v0.1.0'), files: files() }
})
afterEach(() => {
  repository.close()
})

const draft = (changes: Partial<Plan> = {}) =>
  prepareDraft(repository.github, 'notes', { ...plan, ...changes })
const release = async (tag: string, commit = repository.commitWithTag(tag)) => {
  await draft({ tag, commit })
  return publish(repository.github, { tag, commit, files: files() })
}
const writes = () => repository.api.calls.filter((call) => !call.startsWith('GET'))

describe('a draft', () => {
  test('has the notes and all assets before it is published', async () => {
    await draft()
    expect(repository.api.releases).toMatchObject([
      { tag_name: 'v0.1.0', body: 'notes', draft: true, prerelease: false },
    ])
    expect(repository.api.releases[0]?.assets.map(({ name }) => name)).toEqual(Object.keys(FILES))
  })

  test.each(Object.keys(FILES))('is completed by the next attempt if uploading %s fails', async (name) => {
    repository.api.failing.add(name)
    await expect(draft()).rejects.toThrow('502')
    expect(repository.api.releases).toMatchObject([{ draft: true }])

    await draft()
    expect(repository.api.releases).toHaveLength(1)
    expect(repository.api.releases[0]?.assets.map((asset) => [asset.name, asset.state])).toEqual(
      expect.arrayContaining(Object.keys(FILES).map((other) => [other, 'uploaded'])),
    )
  })

  test('gets only a new signature in the next attempt if it is complete', async () => {
    await draft()
    repository.api.calls.length = 0
    await draft({ files: files({ ...FILES, 'upload-to-dingtalk-0.1.0.sigstore.json': 'another' }) })
    expect(writes()).toEqual([
      'PATCH releases/1',
      expect.stringMatching(/^DELETE releases\/assets\//),
      'POST asset upload-to-dingtalk-0.1.0.sigstore.json',
    ])
  })

  test('is rejected if it has an unknown asset', async () => {
    await draft()
    repository.api.calls.length = 0
    const fewer = files({ SHA256SUMS: 'other', 'upload-to-dingtalk-0.1.0.sigstore.json': 'signature' })
    await expect(draft({ files: fewer })).rejects.toThrow(/0\.1\.0\.tgz/)
    expect(writes()).toEqual(['PATCH releases/1'])
  })

  test('is rejected if there are two for the tag', async () => {
    await draft()
    repository.api.releases.push({ ...repository.api.releases[0]!, id: 99 })
    await expect(draft()).rejects.toThrow('2 releases')
    await expect(publish(repository.github, plan)).rejects.toThrow('2 releases')
  })

  test('is rejected if the tag has moved, or is gone', async () => {
    const elsewhere = repository.commitWithTag('other')
    repository.git('tag', '-f', 'v0.1.0', elsewhere)
    await expect(draft()).rejects.toThrow(elsewhere)
    repository.git('tag', '-d', 'v0.1.0')
    await expect(draft()).rejects.toThrow('no commit')
    expect(writes()).toEqual([])
  })

  test('can have an annotated tag', async () => {
    await expect(
      release('v0.1.1', repository.commitWithTag('v0.1.1', { annotated: true })),
    ).resolves.toMatchObject({
      draft: false,
    })
  })
})

describe('a release', () => {
  test('is published by the second of two calls, with no other change', async () => {
    await draft()
    repository.api.calls.length = 0
    await publish(repository.github, { ...plan, files: withoutSignature() })
    expect(writes()).toEqual(['PATCH releases/1'])
    expect(repository.api.releases).toMatchObject([{ draft: false, prerelease: false, make_latest: 'true' }])
  })

  test('is never changed after it is published', async () => {
    await release('v0.1.0', plan.commit)
    repository.api.calls.length = 0
    await draft({ files: files({ ...FILES, 'upload-to-dingtalk-0.1.0.sigstore.json': 'another' }) })
    await publish(repository.github, plan)
    expect(writes()).toEqual([])
  })

  test('is rejected if it is published with other bytes', async () => {
    await release('v0.1.0', plan.commit)
    const other = files({ ...FILES, SHA256SUMS: 'other' })
    await expect(draft({ files: other })).rejects.toThrow('SHA256SUMS')
    await expect(publish(repository.github, { ...plan, files: other })).rejects.toThrow('SHA256SUMS')
  })

  test('is not published without a draft, a signature, or its tag', async () => {
    await expect(publish(repository.github, plan)).rejects.toThrow('no draft')
    await draft()
    const [stored] = repository.api.releases
    const { assets } = stored!
    stored!.assets = assets.filter(({ name }) => !name.endsWith('.sigstore.json'))
    await expect(publish(repository.github, { ...plan, files: withoutSignature() })).rejects.toThrow(
      'signature',
    )
    stored!.assets = assets
    repository.git('tag', '-d', 'v0.1.0')
    await expect(publish(repository.github, plan)).rejects.toThrow('no commit')
    expect(stored).toMatchObject({ draft: true })
  })

  test.each([
    ['v1.0.0-rc.1', { prerelease: true, make_latest: 'false' }],
    ['v0.1.1', { prerelease: false, make_latest: 'true' }],
    ['v0.0.9', { prerelease: false, make_latest: 'false' }],
  ])('shows %s correctly', async (tag, expected) => {
    await release('v0.1.0', plan.commit)
    await release(tag)
    expect(repository.api.releases.at(-1)).toMatchObject({ tag_name: tag, ...expected })
  })
})

describe('the tag of the major version', () => {
  const move = () => moveMajorTag(repository.github, 0)

  test('is created with the first release, and moved forward with the next', async () => {
    await release('v0.1.0', plan.commit)
    expect(await move()).toEqual({ name: 'v0', release: 'v0.1.0', outcome: 'created' })
    expect(repository.at('v0')).toBe(plan.commit)

    await release('v0.2.0')
    expect(await move()).toEqual({ name: 'v0', release: 'v0.2.0', outcome: 'moved' })
    expect(repository.at('v0')).toBe(repository.at('v0.2.0'))
  })

  test('stays if an older version gets a release, or nothing is new', async () => {
    await release('v0.10.0')
    await move()
    await release('v0.9.1')
    expect(await move()).toEqual({ name: 'v0', release: 'v0.10.0', outcome: 'unchanged' })
    expect(repository.at('v0')).toBe(repository.at('v0.10.0'))
  })

  test('points only to published full releases of its version', async () => {
    await release('v0.1.0', plan.commit)
    await release('v0.2.0-rc.1')
    await release('v1.0.0')
    await release('v0.3.0')
    repository.api.releases.at(-1)!.prerelease = true
    await draft({ tag: 'v0.4.0', commit: repository.commitWithTag('v0.4.0') })
    await move()
    expect(repository.at('v0')).toBe(plan.commit)
  })

  test('ignores drafts and prereleases, as does the latest release', async () => {
    await draft({ tag: 'v0.4.0', commit: repository.commitWithTag('v0.4.0') })
    await release('v0.3.0')
    repository.api.releases.at(-1)!.prerelease = true
    await release('v0.2.0')
    expect(repository.api.releases.at(-1)).toMatchObject({ tag_name: 'v0.2.0', make_latest: 'true' })
  })

  test('stays if nothing is published', async () => {
    expect(await move()).toMatchObject({ outcome: 'kept' })
    expect(writes()).toEqual([])
  })

  test('never moves back to an older release', async () => {
    await release('v0.1.0', plan.commit)
    const newer = repository.commitWithTag('v0.2.0', { annotated: true })
    repository.git('tag', 'v0', newer)
    expect(await move()).toEqual({ name: 'v0', release: 'v0.2.0', outcome: 'kept' })
    expect(repository.at('v0')).toBe(newer)
  })

  test('is found among many releases', async () => {
    await release('v0.1.0', plan.commit)
    const [first] = repository.api.releases
    for (let number = 1; number <= 120; number++) {
      repository.api.releases.push({ ...first!, id: 1000 + number, tag_name: `v0.0.${number}` })
    }
    repository.commitWithTag('v0.2.0')
    repository.api.releases.push({ ...first!, id: 2000, tag_name: 'v0.2.0' })
    expect(await move()).toMatchObject({ release: 'v0.2.0' })
  })
})

function withoutSignature(): Map<string, Buffer> {
  return new Map([...files()].filter(([name]) => !name.endsWith('.sigstore.json')))
}
