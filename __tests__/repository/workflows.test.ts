// The workflows and examples: what each job may write, the rules of this repository, and the inputs of the action. The linters
// (.ci/lint) check the rest.
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { ACTION } from '../../scripts/act.ts'
import { repository } from '../../scripts/repository.ts'
import { readInputs } from '../../src/inputs/inputs.ts'
import { problemsOf, stepsOf, writes, type Workflow } from '../../test-support/workflow-rules.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const OURS = repository()

/** The write permissions of each job, by file. All others are read-only. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  'codeql.yml': ['analyze: security-events'],
  'release.yml': [
    'pack: attestations',
    'pack: id-token',
    'draft: contents',
    'publish: contents',
    'major-tag: contents',
    'npm: id-token',
  ],
  'scorecard.yml': ['analysis: id-token', 'analysis: security-events'],
}

/** Values of a repository's settings and of GitHub for the inputs of the examples. */
const VALUES: Readonly<Record<string, string>> = {
  'vars.DINGTALK_APP_KEY': 'dingabc123',
  'secrets.DINGTALK_APP_SECRET': 'abcdefgh',
  'vars.DINGTALK_USER_ID': 'manager01',
  'vars.DINGTALK_FOLDER_URL':
    'https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=123&fileId=456&type=folder',
  'vars.DINGTALK_CHAT_ID': 'chat0a1b2c3d',
  'vars.DINGTALK_TESTERS_CHAT_ID': 'cidXyz==',
  'vars.DINGTALK_RELEASE_USER_IDS': 'manager02, manager03',
  'vars.DINGTALK_MEMBERS': 'octocat = manager01\nmona@example.com = manager02',
  'vars.DINGTALK_TESTER_IDS': 'manager02, manager03',
  'vars.DINGTALK_ROBOT_CODE': 'dingabc123',
  'secrets.DINGTALK_ROBOT_WEBHOOK': 'https://oapi.dingtalk.com/robot/send?access_token=abc',
  'secrets.DINGTALK_ROBOT_SECRET': 'SECabcdef',
  'job.status': 'failure',
  'needs.build.result': 'failure',
  'job.workflow_ref': 'octo/app/.github/workflows/x.yml@refs/heads/main',
  'toJSON(matrix)': '{}',
  'github.ref_name': 'v1.2.0',
  'github.run_number': '7',
  'github.token': 'abc',
  'github.event.release.tag_name': 'v1.2.0',
  'steps.date.outputs.today': '2025-07-31',
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const found = (pattern: string) => globSync(pattern, { cwd: ROOT }).map((path) => path.replaceAll('\\', '/'))
const isOurs = (uses: string) => uses === './' || uses.startsWith(`${OURS}@`)

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

  test('follows all rules', () => {
    expect(problemsOf(text)).toEqual([])
  })

  test('has only the write permissions of the table', () => {
    expect(writes(parse(text) as Workflow)).toEqual(WRITES[basename(path)] ?? [])
  })
})

describe.each(examples)('%s', (path) => {
  const text = read(path)
  const ours = stepsOf(parse(text) as Workflow).filter(({ uses = '' }) => isOurs(uses))

  test('starts with its purpose in both languages', () => {
    expect(text).toMatch(/^# .*[a-z].*\n# .*\p{Script=Han}.*\nname: /u)
  })

  test('uses the action once, with existing inputs', () => {
    expect(ours.map(({ uses }) => uses)).toEqual([`${OURS}@v0`])
    const given = ours[0]?.with ?? {}
    expect(() =>
      readInputs({ input: (name) => filled(String(given[name] ?? ACTION.inputs[name]?.default ?? '')) }),
    ).not.toThrow()
  })

  test('keeps only secrets as secrets, because a masked client ID breaks links', () => {
    const { 'app-key': appKey, 'app-secret': appSecret } = ours[0]?.with ?? {}
    expect(['${{ vars.DINGTALK_APP_KEY }}', undefined]).toContain(appKey)
    expect(appSecret).toBe(appKey && '${{ secrets.DINGTALK_APP_SECRET }}')
  })
})
