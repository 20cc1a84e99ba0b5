// What is uploaded.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, truncateSync, watch } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openPromise } from 'yauzl'
import { annotationsOf, errorsOf } from '../../test-support/bundle-job.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { sourceJob, type SourceJob } from '../../test-support/source-job.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let job: SourceJob

beforeEach(async () => {
  job = await sourceJob()
})
afterEach(() => job.end())

const paths = (files: string | undefined) =>
  (JSON.parse(files ?? '[]') as { path: string }[]).map(({ path }) => path)

describe('path', () => {
  test('selects files by directories, patterns, and exclusions; each once, sorted', async () => {
    for (const path of [
      'out/b.apk',
      'out/a [1].apk',
      'out/sub/c.txt',
      'out/sub/中文 🚀.txt',
      'd.txt',
      '.env',
    ])
      job.file(path)
    const { exitCode, outputs } = await job.run({
      path: 'out\n# a comment\n**/*.apk\n*.txt\n!**/c.*',
    })
    expect(exitCode).toBe(0)
    expect(paths(outputs['files'])).toEqual(['d.txt', 'out/a [1].apk', 'out/b.apk', 'out/sub/中文 🚀.txt'])
  })

  test.each([
    ['false', ['out/a.txt']],
    ['true', ['out/.hidden/b.txt', 'out/a.txt']],
  ])('include-hidden-files: %s', async (hidden, expected) => {
    job.file('out/a.txt')
    job.file('out/.hidden/b.txt')
    const { outputs } = await job.run({ path: 'out', 'include-hidden-files': hidden })
    expect(paths(outputs['files'])).toEqual(expected)
  })

  test('warns about names that collide, and renames them in order', async () => {
    job.file('a/app.apk', 'from a')
    job.file('b/app.apk', 'from b')
    const { exitCode, stdout } = await job.run({ path: '.' })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^::warning::path: .*a\/app\.apk, b\/app\.apk/m)
    expect(job.emulator.contents(job.files('app.apk')[0]!.id).toString()).toBe('from a')
    expect(job.emulator.contents(job.files('app(1).apk')[0]!.id).toString()).toBe('from b')
  })

  onPosix('skips with a warning what is neither a file nor a directory', async () => {
    job.file('out/a.txt')
    execFileSync('mkfifo', [join(job.directory, 'out/pipe')])
    const result = await job.run({ path: 'out' })
    expect(result.exitCode).toBe(0)
    expect(paths(result.outputs['files'])).toEqual(['out/a.txt'])
    const warnings = annotationsOf(result, 'warning')
    expect(warnings).toHaveLength(1)
    expectWhole(warnings[0]!, 'out/pipe')
  })

  test('ignores directories without files', async () => {
    job.file('out/.keep')
    const result = await job.run({ path: 'out' })
    expect(result.exitCode).toBe(1)
    expect(errorsOf(result)).toMatch(/path: .*"out".*include-hidden-files: true/)
    expect(job.emulator.requests).toEqual([])
  })
})

describe('name', () => {
  test('sets the name in DingTalk', async () => {
    const bytes = job.file('out/a;b')
    const { exitCode, outputs, stdout } = await job.run({ path: 'out', name: ' 应用 v1.2.apk ' })
    expect(exitCode).toBe(0)
    expect(job.emulator.contents(job.files('应用 v1.2.apk')[0]!.id).equals(bytes)).toBe(true)
    expect(JSON.parse(outputs['files']!)).toMatchObject([{ path: 'out/a;b', name: '应用 v1.2.apk' }])
    expect(stdout).toContain('✓ out/a;b (')
  })

  test.each([
    ['b.txt', /name: .*"b\.txt".*1\.txt, 2\.txt.*archive: true/],
    ['a/b.txt', /name: .*"a\/b\.txt".*folder-path/],
  ])('rejects %s', async (name, said) => {
    job.file('1.txt')
    job.file('2.txt')
    const result = await job.run({ name })
    expect(result.exitCode).toBe(1)
    expect(errorsOf(result)).toMatch(said)
    expect(job.emulator.requests).toEqual([])
  })
})

describe('archive', () => {
  const temp = () => {
    const path = join(job.directory, '.temp')
    mkdirSync(path, { recursive: true })
    return { path, env: { RUNNER_TEMP: path } }
  }

  test('packs everything into one zip, and leaves no temporary file', async () => {
    job.file('out/site/index.html', '<html>')
    job.file('out/site/图/a.png')
    job.file('out/app.apk')
    const { path, env } = temp()
    const given = { path: 'out', archive: 'true', name: '站点 v1.zip' }
    const first = await job.run(given, { env })
    expect(errorsOf(first)).toBe('')
    await job.run(given, { env })
    const [one, two] = job.emulator.files().filter(({ name }) => name.startsWith('站点'))
    expect(job.emulator.contents(one!.id).equals(job.emulator.contents(two!.id))).toBe(true)
    const zip = await openPromise(job.emulator.contentsPath(one!.id))
    const names = []
    for await (const entry of zip.eachEntry()) names.push(entry.fileName)
    expect(names).toEqual(['app.apk', 'site/index.html', 'site/图/a.png'])
    expect(JSON.parse(first.outputs['files']!)).toMatchObject([
      { path: '站点 v1.zip', name: '站点 v1.zip', status: 'uploaded' },
    ])
    expect([first.stdout, first.outputs['files'], first.summary].join()).not.toContain(path)
    expect(readdirSync(path)).toEqual([])
  })

  test('fails over the quota of the space, and leaves no temporary file', async () => {
    job.file('big.bin', randomBytes(2 * 1024 ** 2))
    const { path, env } = temp()
    const result = await job.run(
      {
        archive: 'true',
        'chat-id': '',
        'space-id': job.emulator.others.smallSpace.spaceId,
        'parent-id': '0',
      },
      { env },
    )
    expect(result.exitCode).toBe(1)
    expect(errorsOf(result)).toMatch(/artifact\.zip.*spaceQuotaInsufficient/s)
    expect(JSON.parse(result.outputs['files']!)).toMatchObject([{ status: 'failed' }])
    expect(readdirSync(path)).toEqual([])
  })

  onPosix(
    'ends immediately if canceled while packing, uploads nothing, and leaves no file on disk',
    async () => {
      job.file('big.bin')
      truncateSync(join(job.directory, 'big.bin'), 5 * 1024 ** 3) // takes far longer to pack than this test may
      const temp = join(job.directory, '.temp')
      mkdirSync(temp)
      const changes = watch(temp, { recursive: true })
      try {
        const result = await job.run(
          { archive: 'true' },
          {
            env: { RUNNER_TEMP: temp },
            onStart: (kill) => {
              changes.on('change', (_, name) => {
                if (!String(name).endsWith('archive.zip')) return
                changes.close()
                kill('SIGINT')
              })
            },
          },
        )
        expect(result.exitCode).toBe(1)
        expect(annotationsOf(result, 'error')).toHaveLength(1)
        expectWhole(annotationsOf(result, 'error')[0]!)
        expect(job.emulator.requests).toEqual([])
        expect(readdirSync(temp)).toEqual([])
      } finally {
        changes.close()
      }
    },
  )

  test('creates no archive without files', async () => {
    const result = await job.run({ path: '*.apk', archive: 'true' })
    expect(errorsOf(result)).toMatch(/path: .*"\*\.apk"/)
    expect(job.emulator.requests).toEqual([])
  })
})
