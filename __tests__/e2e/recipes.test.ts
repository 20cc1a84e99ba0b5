// Every recipe of examples/ci/, run as far as it can be without its CI: its own script, with the variables of that CI, where npx
// starts the committed command.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { startEmulator, type Emulator } from '../../emulator/emulator.ts'
import { FLOW, GITLAB, JENKINS } from '../../test-support/ci-variables.ts'
import { PACKAGE, plainEnvironment, start, variablesFor, writeNpx } from '../../test-support/command.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const read = (name: string) => readFileSync(join(ROOT, 'examples/ci', name), 'utf8')

interface Recipe {
  readonly script: string
  /** What the recipe itself sets. */
  readonly variables: Readonly<Record<string, string>>
}

const gitlab = (): Recipe => {
  const { dingtalk } = parse(read('gitlab-ci.yml')) as {
    dingtalk: { script: string[]; variables: Record<string, string> }
  }
  return { script: dingtalk.script.join('\n'), variables: dingtalk.variables }
}

const jenkins = (): Recipe => {
  const file = read('Jenkinsfile')
  const [, script = ''] = /sh '''([^]*?)'''/.exec(file) ?? []
  const variables = Object.fromEntries(
    [...file.matchAll(/^ {4}(\w+) = '(.*)'$/gm)].map(([, name, value]) => [name, value]),
  )
  return { script, variables }
}

const flow = (): Recipe => {
  const file = parse(read('flow.yml')) as {
    stages: {
      dingtalk_stage: { jobs: { dingtalk_job: { steps: { upload_step: { with: { run: string } } } } } }
    }
  }
  return { script: file.stages.dingtalk_stage.jobs.dingtalk_job.steps.upload_step.with.run, variables: {} }
}

let emulator: Emulator
let directory: string
let bytes: Buffer
beforeEach(async () => {
  emulator = await startEmulator()
  directory = mkdtempSync(join(tmpdir(), 'recipe-'))
  mkdirSync(join(directory, 'work/app/build/outputs/apk'), { recursive: true })
  mkdirSync(join(directory, 'bin'))
  bytes = Buffer.alloc(50_000, 'apk')
  writeFileSync(join(directory, 'work/app/build/outputs/apk/app-debug.apk'), bytes)
  writeNpx(join(directory, 'bin'))
})
afterEach(async () => {
  await emulator.close()
  rmSync(directory, { recursive: true })
})

/** The folder as a link, as the recipes have it. */
function variables(): Record<string, string | undefined> {
  const { spaceId, parentId } = emulator.values
  return {
    ...variablesFor(emulator.values),
    DINGTALK_SPACE_ID: undefined,
    DINGTALK_PARENT_ID: undefined,
    DINGTALK_FOLDER_URL: `https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=${spaceId}&fileId=${parentId}&type=folder`,
    PATH: [join(directory, 'bin'), plainEnvironment()['PATH']].join(delimiter),
  }
}

// The scripts are those of a POSIX shell.
const onPosix = process.platform === 'win32' ? test.skip : test

onPosix.each<[string, () => Recipe, Record<string, string>]>([
  ['GitLab CI', gitlab, GITLAB],
  ['Jenkins', jenkins, JENKINS],
  ['云效 Flow', flow, FLOW],
])('%s', async (_, recipe, ci) => {
  const given = recipe()
  const { exitCode, stdout } = await start('/bin/sh', ['-e', '-c', given.script], {
    cwd: join(directory, 'work'),
    env: { ...given.variables, ...ci, ...variables() },
  })
  expect(exitCode).toBe(0)
  expect(stdout).toContain('✓')
  const [stored] = emulator.files().filter(({ name }) => name === 'app-7.apk')
  expect(emulator.contents(stored!.id).equals(bytes)).toBe(true)
  expect(emulator.messages).toMatchObject([{ name: 'app-7.apk', kind: 'file' }])
})

onPosix('any shell, with the outputs in a file', async () => {
  const { exitCode, stderr } = await start(join(ROOT, 'examples/ci/upload.sh'), [], {
    cwd: join(directory, 'work'),
    env: variables(),
  })
  expect(exitCode).toBe(0)
  expect(stderr).toContain('✓')
  const outputs = JSON.parse(readFileSync(join(directory, 'work/outputs.json'), 'utf8')) as {
    'dentry-id': string
  }
  expect(emulator.contents(outputs['dentry-id']).equals(bytes)).toBe(true)
})

onPosix.each([
  ['the checksum of the release', '', 0],
  ['another checksum', 'changed', 1],
])('without npm, with %s', async (_, added, expected) => {
  // The real npx, and no registry.
  rmSync(join(directory, 'bin/npx'))
  execFileSync('npm', ['pack', '--pack-destination', directory], { cwd: ROOT, stdio: 'ignore' })
  const [tgz = ''] = globSync('*.tgz', { cwd: directory })
  const packed = readFileSync(join(directory, tgz))
  const server = createServer((_, response) => response.end(Buffer.concat([packed, Buffer.from(added)])))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { exitCode } = await start(join(ROOT, 'examples/ci/without-npm.sh'), [], {
      cwd: join(directory, 'work'),
      env: {
        ...variables(),
        HOME: directory,
        npm_config_registry: 'http://127.0.0.1:9/',
        UPLOAD_TO_DINGTALK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        UPLOAD_TO_DINGTALK_SHA256: createHash('sha256').update(packed).digest('hex'),
      },
    })
    expect(exitCode).toBe(expected)
    expect(emulator.messages).toHaveLength(expected === 0 ? 1 : 0)
  } finally {
    server.close()
  }
})

test('tests every recipe here or in act', () => {
  expect(readdirSync(join(ROOT, 'examples/ci')).sort()).toEqual([
    'Jenkinsfile',
    'flow.yml',
    'forgejo.yml',
    'gitea.yml',
    'gitlab-ci.yml',
    'upload.sh',
    'without-npm.sh',
  ])
})

test.each(['gitlab-ci.yml', 'Jenkinsfile', 'flow.yml', 'upload.sh', 'without-npm.sh'])(
  'docs/ci.md shows the contents of %s',
  (name) => {
    const page = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8')
    const [, shown = ''] =
      new RegExp(`\\(\\.\\./examples/ci/${name}\\)[^]*?\`\`\`\\w+\\n([^]*?)\`\`\``).exec(page) ?? []
    const lines = (text: string) =>
      text.split('\n').filter((line) => line.trim() && !/^\s*(#|\/\/)/.test(line))
    expect(lines(shown)).toEqual(lines(read(name)))
  },
)

const PAGES = globSync(['*.md', 'docs/*.md'], { cwd: ROOT })
const COMMANDS = /(?:npx (?:--yes )?|npm (?:i|install|exec) (?:-\S+ )*)([^\s`]+)/g

test('pages and examples run only the package of this version', () => {
  const files = [...PAGES, ...globSync('examples/**/*.*', { cwd: ROOT })]
  const named = files.flatMap((name) =>
    [...readFileSync(join(ROOT, name), 'utf8').matchAll(COMMANDS)].map(([, what]) => what),
  )
  expect(new Set(named)).toEqual(new Set(['./upload-to-dingtalk.tgz', PACKAGE]))
})

test.each(PAGES.filter((name) => readFileSync(join(ROOT, name), 'utf8').includes('npx ')))(
  "%s has a place for the note that the package isn't published yet",
  (page) => {
    expect(readFileSync(join(ROOT, page), 'utf8')).toContain('<!-- owner: ')
  },
)
