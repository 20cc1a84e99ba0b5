// Runs the committed bundle with runners that differ from GitHub's.
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { fromBufferPromise } from 'yauzl'
import { annotationsOf, bundleJob, errorsOf, type BundleJob } from '../../test-support/bundle-job.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let job: BundleJob

beforeEach(async () => {
  job = await bundleJob()
})
afterEach(() => job.end())

describe.each([
  ['is not set', () => undefined, /GITHUB_OUTPUT .*2\.327\.1/],
  ['names a file that is not there', () => join(job.directory, 'no/output'), /Missing file at path/],
  ['names a directory', () => job.directory, /(EISDIR|EPERM|EBADF)/],
])('GITHUB_OUTPUT %s', (_, file, why) => {
  test('uploads the file, and warns once about missing outputs', async () => {
    const bytes = job.file('out/b.txt')
    const result = await job.run({ path: 'out/*' }, { env: { GITHUB_OUTPUT: file() } })
    expect(result.exitCode).toBe(0)
    expect(job.emulator.contents(job.files('b.txt')[0]!.id)).toEqual(bytes)
    expect(job.emulator.messages).toHaveLength(1)
    const warnings = annotationsOf(result, 'warning')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]!.en).toMatch(why)
    const [reason] = /GITHUB_OUTPUT|(?<=\().*(?=\)\.)/.exec(warnings[0]!.en)!
    expectWhole(warnings[0]!, reason)
    // Only a runner that is too old doesn't set it.
    expect(warnings[0]!.zh.includes('2.327.1')).toBe(why.source.includes('327'))
    expect(result.summary).toContain('✅')
    expect(result.stdout + result.stderr).not.toMatch(/\n\s+at /)
    expect(result.stderr).toBe('')
  })

  test('reports a failure as usual', async () => {
    job.file('out/b.txt')
    const result = await job.run(
      { path: 'out/*', 'app-secret': 'wrong-secret' },
      { env: { GITHUB_OUTPUT: file(), GITHUB_STEP_SUMMARY: join(job.directory, 'no/summary') } },
    )
    expect(result.exitCode).toBe(1)
    expect(errorsOf(result)).toContain('app-secret')
    expect(annotationsOf(result, 'warning')).toHaveLength(2)
    expect(result.stdout + result.stderr).not.toMatch(/\n\s+at /)
    expect(result.stderr).toBe('')
  })
})

describe.each([
  ['from the beginning', ''],
  ['from its first file on', 'a.txt'],
])('no process reads the log %s', (_, logGoneAfter) => {
  test('finishes the job, and writes its outputs and summary', async () => {
    job.file('out/a.txt')
    job.file('out/b.txt')
    const result = await job.run({ path: 'out/*' }, { logGoneAfter })
    expect(result.exitCode).toBe(0)
    expect(result.outputs['uploaded-count']).toBe('2')
    expect(result.summary).toContain('b.txt'.replace('.', '&#46;'))
    expect(job.emulator.messages).toHaveLength(2)
  })

  test('exits with a status after a failure', async () => {
    job.file('out/a.txt')
    job.emulator.scopes.withdraw('Storage.File.Write')
    const result = await job.run({ path: 'out/*' }, { logGoneAfter })
    expect(result.exitCode).toBe(1)
    expect(result.outputs['uploaded-count']).toBe('0')
  })
})

test('shows a run without a branch or tag in the summary and the message', async () => {
  job.file('out/b.txt')
  const { robotCode } = job.emulator.others
  const result = await job.run(
    { path: 'out/*', message: 'by {actor}{ref}', 'robot-code': robotCode },
    { env: { GITHUB_REF: undefined } },
  )
  expect(errorsOf(result)).toBe('')
  expect(result.summary).toContain('](https://github.com/octo/app/actions/runs/42)')
  expect(job.emulator.messages.at(-1)).toMatchObject({ text: 'by octocat' })
})

describe('the bundle, the working directory and RUNNER_TEMP have blanks and more than ASCII in their paths', () => {
  const PLACE = '构建 目录/ü x'
  /** The last is large enough for parts, whose digests a worker of the bundle makes. */
  const FILES = ['发布 说明.txt', 'sub dir/ö ü.txt', 'sub dir/🚀 [1].apk']
  let place: string
  let written: Map<string, Buffer>

  beforeEach(() => {
    place = join(job.directory, PLACE)
    cpSync(join(dirname(dirname(import.meta.dirname)), 'dist'), join(place, 'dist ß'), { recursive: true })
    mkdirSync(join(place, 'temp 临时'))
    written = new Map(
      FILES.map((name, n) => [
        name,
        job.file(`${PLACE}/out put/${name}`, Buffer.alloc(n === 1 ? 9 * 1024 ** 2 : n * 1_000_000 + 1, name)),
      ]),
    )
  })
  const run = (given: Record<string, string>) =>
    job.run(
      { path: 'out put/**', ...given },
      {
        main: join(place, 'dist ß/start.cjs'),
        cwd: place,
        env: { RUNNER_TEMP: join(place, 'temp 临时') },
      },
    )

  test('every file arrives unchanged', async () => {
    const result = await run({})
    expect(errorsOf(result)).toBe('')
    expect(result.exitCode).toBe(0)
    const reported = JSON.parse(result.outputs['files']!) as { path: string; dentryId: string }[]
    expect(reported.map(({ path }) => path)).toEqual(FILES.map((name) => `out put/${name}`).sort())
    for (const { path, dentryId } of reported) {
      expect(job.emulator.contents(dentryId).equals(written.get(path.slice('out put/'.length))!)).toBe(true)
    }
    expect(job.count('putPart')).toBeGreaterThan(1)
  })

  test('also in an archive, which leaves no file on disk', async () => {
    const result = await run({ archive: 'true', name: '构建 产物.zip' })
    expect(errorsOf(result)).toBe('')
    expect(result.exitCode).toBe(0)
    const zip = await fromBufferPromise(job.emulator.contents(job.files('构建 产物.zip')[0]!.id))
    const members: string[] = []
    for await (const entry of zip.eachEntry()) {
      members.push(entry.fileName)
      const content = await buffer(await zip.openReadStreamPromise(entry))
      expect(content.equals(written.get(entry.fileName)!)).toBe(true)
    }
    expect(members).toEqual([...FILES].sort())
    expect(readdirSync(join(place, 'temp 临时'))).toEqual([])
  })
})
