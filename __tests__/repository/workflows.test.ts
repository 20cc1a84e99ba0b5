// Workflows cannot be run here, so they are checked: by GitHub's own language service, by this action's reading of its inputs,
// and by security rules. zizmor has most of those rules, but is not on npm.
import { randomUUID } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { validate, type ActionsMetadataProvider } from '@actions/languageservice'
import { describe, expect, test } from '@jest/globals'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { parse } from 'yaml'
import { ACTION } from '../../scripts/act.ts'
import { repository } from '../../scripts/repository.ts'
import { readInputs } from '../../src/inputs/inputs.ts'
import {
  problemsOf,
  stepsOf,
  strictProblemsOf,
  writes,
  type Workflow,
} from '../../test-support/workflow-rules.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const OURS = repository()

/** What jobs may write, each with its file: whatever is not named here may be read only. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  'codeql.yml': ['analyze: security-events'],
  'release.yml': [
    'draft: attestations',
    'draft: contents',
    'draft: id-token',
    'publish: contents',
    'major-tag: contents',
  ],
  'scorecard.yml': ['analysis: id-token', 'analysis: security-events'],
}

/** What stands in a repository's settings, and what GitHub tells: for the inputs of the examples. */
const VALUES: Readonly<Record<string, string>> = {
  'vars.DINGTALK_APP_KEY': 'dingabc123',
  'secrets.DINGTALK_APP_SECRET': 'abc',
  'vars.DINGTALK_USER_ID': 'manager01',
  'vars.DINGTALK_FOLDER_URL':
    'https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=123&fileId=456&type=folder',
  'vars.DINGTALK_CHAT_ID': 'chat0a1b2c3d',
  'vars.DINGTALK_TESTERS_CHAT_ID': 'cidXyz==',
  'vars.DINGTALK_RELEASE_USER_IDS': 'manager02, manager03',
  'vars.DINGTALK_TESTER_IDS': 'manager02, manager03',
  'vars.DINGTALK_ROBOT_CODE': 'dingabc123',
  'secrets.DINGTALK_WEBHOOK': 'https://oapi.dingtalk.com/robot/send?access_token=abc',
  'secrets.DINGTALK_WEBHOOK_SECRET': 'SECabc',
  'job.status': 'failure',
  'github.ref_name': 'v1.2.0',
  'github.run_number': '7',
  'github.token': 'abc',
  'github.event.release.tag_name': 'v1.2.0',
  'steps.date.outputs.today': '2025-07-31',
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const found = (pattern: string) => globSync(pattern, { cwd: ROOT }).map((path) => path.replaceAll('\\', '/'))
const isOurs = (uses: string) => uses === './' || uses.startsWith(`${OURS}@`)

/** Everything that is wrong with a workflow. */
async function problems(text: string): Promise<string[]> {
  return [...(await diagnostics(text)), ...problemsOf(text, isOurs)]
}

async function diagnostics(text: string): Promise<string[]> {
  const ours: ActionsMetadataProvider = {
    // Of an action without inputs nothing is checked: the others' are not at hand.
    fetchActionMetadata: ({ owner, name }) =>
      Promise.resolve({
        name,
        description: name,
        ...(`${owner}/${name}` === OURS ? { inputs: ACTION.inputs } : {}),
      }),
  }
  // The service knows the inputs only of what has a name, and remembers what it has read by the file's.
  const named = text.replace(/(uses: *)\.\/$/gm, `$1${OURS}@checkout`)
  const document = TextDocument.create(`.github/workflows/${randomUUID()}.yml`, 'yaml', 0, named)
  const found = await validate(document, { actionsMetadataProvider: ours })
  return found.map(({ range, message }) => `line ${range.start.line + 1}: ${message as string}`)
}

/** Expressions filled in with what stands for them. */
function filled(text: string): string {
  return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const value = VALUES[expression]
    if (value === undefined) throw new Error(`nothing stands for ${expression}`)
    return value
  })
}

const examples = found('examples/*.yml')
const workflows = found('.github/workflows/*.yml')

describe.each([...examples, ...workflows])('%s', (path) => {
  const text = read(path)

  test('nothing is wrong with it', async () => {
    expect(await problems(text)).toEqual([])
  })

  test('writes what the table allows, and nothing else', () => {
    expect(writes(parse(text) as Workflow)).toEqual(WRITES[basename(path)] ?? [])
  })
})

test.each(workflows)('%s keeps to the rules of this repository', (path) => {
  expect(strictProblemsOf(read(path))).toEqual([])
})

describe.each(examples)('%s', (path) => {
  const text = read(path)
  const ours = stepsOf(parse(text) as Workflow).filter(({ uses = '' }) => isOurs(uses))

  test('begins with what it is for, in both languages', () => {
    expect(text).toMatch(/^# .*[a-z].*\n# .*\p{Script=Han}.*\nname: /u)
  })

  test('uses the action once, with inputs that it accepts', () => {
    expect(ours.map(({ uses }) => uses)).toEqual([`${OURS}@v0`])
    const given = ours[0]?.with ?? {}
    expect(() =>
      readInputs({ input: (name) => filled(String(given[name] ?? ACTION.inputs[name]?.default ?? '')) }),
    ).not.toThrow()
  })

  test('hides no more than what is secret: a masked client id would break the links of messages', () => {
    const { 'app-key': appKey, 'app-secret': appSecret } = ours[0]?.with ?? {}
    expect(['${{ vars.DINGTALK_APP_KEY }}', undefined]).toContain(appKey)
    expect(appSecret).toBe(appKey && '${{ secrets.DINGTALK_APP_SECRET }}')
  })
})

describe('each rule finds what is against it', () => {
  const SOUND = `on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: ${OURS}@v0
        with:
          app-key: dingabc123
          app-secret: abc
          path: app.apk
      - run: make
`
  const broken = (from: string, to: string) => {
    expect(SOUND).toContain(from)
    return SOUND.replace(from, to)
  }
  const unnamed = (text: string) => text.replace(`${OURS}@v0`, './')

  test('and nothing where nothing is wrong', async () => {
    expect(await problems(SOUND)).toEqual([])
    expect(await problems(unnamed(SOUND))).toEqual([])
  })

  test.each([
    ['an unknown input', broken('path:', 'paths:'), ["line 14: Invalid action input 'paths'"]],
    [
      'an unknown input of the checkout',
      unnamed(broken('path:', 'paths:')),
      ["line 14: Invalid action input 'paths'"],
    ],
    [
      'a tag instead of a commit',
      broken('3d3c42e5aac5ba805825da76410c181273ba90b1', 'v7'),
      ['actions/checkout@v7 # v7.0.1 is not pinned'],
    ],
    [
      'a commit without its version',
      broken(' # v7.0.1', ''),
      ['actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 is not pinned'],
    ],
    ['missing permissions', broken('permissions: {}\n', ''), ['permissions are missing']],
    [
      "a pull request's title in a script",
      broken('run: make', 'run: echo "${{ github.event.pull_request.title }}"'),
      ['an expression in a script: hand it in by env'],
    ],
    [
      'a checkout that leaves its token',
      broken('persist-credentials: false', 'persist-credentials: true'),
      ['checkout leaves its token to the steps that follow: persist-credentials: false'],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await problems(text)).toEqual(expect.arrayContaining(expected))
  })
})
