// Runs every workflow of the documentation unchanged in act, against the emulators, and tests how act differs from GitHub.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { Act, installAct, WITHOUT_ACT } from './act.ts'
import { otherNode } from './nodes.ts'
import { isOurs, recipes, type Step, type Workflow } from './recipes.ts'

const ROOT = dirname(import.meta.dirname)

if (WITHOUT_ACT) console.warn(`No workflow runs: ${WITHOUT_ACT}.`)
const onAct = WITHOUT_ACT ? describe.skip : describe

/** ms */
const BUILDING_ACT = 600_000

onAct('act', () => {
  let act: Act
  beforeAll(installAct, BUILDING_ACT)
  beforeEach(async () => {
    act = await Act.start()
  })
  afterEach(() => act.close())

  /** Text that no log may contain. */
  const expectClean = (log: string) => {
    // Stack traces and broken links.
    expect(log.match(/^.*(?:\bat .+:\d+:\d+\)?$|\]\(\)).*/gm)).toBeNull()
    expect(act.emulator.secrets().filter((secret) => log.includes(secret))).toEqual([])
  }

  test.each(recipes())('runs $name unchanged', async ({ text }) => {
    const workflow = parse(text) as Workflow
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)
    const ours = steps.filter(isOurs)
    const earlier = new Set(act.emulator.files().map(({ id }) => id))
    const built = steps.flatMap((step) => filesFor(linesOf(step.with?.['path'])))
    const buildFails = ours.some((step) => step.if?.includes('failure()'))
    const { exitCode, log } = await act.run(text, eventOf(workflow), { built, buildFails })

    expectClean(log)
    expect(log.match(/^.*::(error|warning).*/gm)).toBeNull()
    if (exitCode !== (buildFails ? 1 : 0)) throw new Error(`act ended with ${exitCode}:\n${log}`)
    expect(ours).not.toHaveLength(0)
    for (const step of ours) expectEffects(step, act, earlier)
  })

  const MESSAGE = readFileSync(join(ROOT, 'examples/message.yml'), 'utf8')
  const PUSH = ['push', { ref: 'refs/heads/main' }] as const
  const built = ['build/app-1']

  const withNode = (major: 12 | 20 | 22) => (otherNode(major) ? test : test.skip)
  withNode(20)('with Node 20 shows one message with the fix', async () => {
    const { exitCode, log } = await act.run(MESSAGE, PUSH, { built, node: otherNode(20) })
    expect(exitCode).toBe(1)
    expectClean(log)
    expect(log.match(/^.*(?:::error::|Node\.js).*$/gm)).toEqual([
      expect.stringMatching(/::error::.*22\.19.*20\.20\.2.*actions\/setup-node/),
      expect.stringMatching(/22\.19.*[一-鿿].*20\.20\.2.*actions\/setup-node/),
    ])
    expect(act.emulator.requests).toEqual([])
  })

  withNode(22)('with Node 22.19 does the same as with Node 24', async () => {
    const { exitCode, log } = await act.run(MESSAGE, PUSH, { built, node: otherNode(22) })
    expect(exitCode).toBe(0)
    expectClean(log)
    expect(act.emulator.messages.map(({ kind }) => kind)).toEqual(['file', 'markdown'])
  })

  test('has no pages for links in messages', async () => {
    await act.run(MESSAGE, PUSH, { built })
    const { text } = act.emulator.messages.find(({ kind }) => kind === 'markdown')!
    expect(text).toContain('Message 1')
    expect(text).not.toContain('github.com')
  })

  test('uploads again in a re-run, and explains why keep-last deletes nothing, because every run has the same ID', async () => {
    const keeping = MESSAGE.replace(/^( +)path: .*\n/m, '$&$1keep-last: 1\n')
    for (const GITHUB_RUN_ATTEMPT of ['1', '2']) {
      const { exitCode, log } = await act.run(keeping, PUSH, { built, env: { GITHUB_RUN_ATTEMPT } })
      expect(exitCode).toBe(0)
      expect(log).toMatch(/::warning::.*GITHUB_RUN_ID/)
    }
    expect(act.emulator.files().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['app-1', 'app-1(1)']),
    )
    expect(act.emulator.deleted()).toEqual([])
  })

  test('has no token for a release unless it is set', async () => {
    const release = readFileSync(join(ROOT, 'examples/release-assets.yml'), 'utf8')
    const event = ['release', { release: { tag_name: 'v1.2.0' } }] as const
    const { exitCode, log } = await act.run(release, event, { token: '' })
    expect(exitCode).toBe(1)
    expectClean(log)
    expect(log).toMatch(/github-token.*\bGITHUB_TOKEN\b/)
  })

  test('runs the self-test of this repository, and leaves no emulator behind', async () => {
    const selfTest = readFileSync(join(ROOT, '.github/workflows/self-test.yml'), 'utf8')
    const { exitCode, log } = await act.run(selfTest, PUSH, { project: ROOT })
    if (exitCode !== 0) throw new Error(`act ended with ${exitCode}:\n${log}`)
    expectClean(log)
    const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    expect(left.split('\n').filter((line) => /\/act-\w+\/.*emulator\/main\.ts/.test(line))).toEqual([])
  })
})

/** The first event that starts a workflow, with a payload as act needs it. */
function eventOf({ on }: Workflow): [string, object] {
  const [[name, filter] = ['']] = typeof on === 'string' ? [[on, {}]] : Object.entries(on)
  const isTag = typeof filter === 'object' && filter !== null && 'tags' in filter
  const ref = isTag || name === 'release' ? 'refs/tags/v1.2.0' : 'refs/heads/main'
  return [name, { ref, ...(name === 'release' && { release: { tag_name: 'v1.2.0' } }) }]
}

const linesOf = (value: string | boolean | undefined) =>
  String(value ?? '')
    .split('\n')
    .filter(Boolean)

/** Files that paths and patterns select. */
function filesFor(lines: readonly string[]): string[] {
  return lines
    .filter((line) => !/^!|\$\{\{/.test(line))
    .map((line) => {
      const file = line.replaceAll('**/', '').replaceAll('*', 'app-$$$$')
      return /\.\w+$|\*[^/]*$/.test(line) ? file : join(file, 'linux/app')
    })
}

/** Expects exactly what the inputs of a step ask for. */
function expectEffects(
  { with: inputs = {} }: Step,
  { emulator, settings }: Act,
  earlier: ReadonlySet<string>,
): void {
  const filled = (name: string) => linesOf(inputs[name]).map((line) => filledIn(line, settings))
  Object.keys(inputs).forEach(filled)
  const files = emulator.files().filter(({ id }) => !earlier.has(id))
  const uploads = inputs['mode'] !== 'check' && ('path' in inputs || 'release-tag' in inputs)
  expect(files.length > 0).toBe(uploads)
  for (const { path } of files) expect(path).toMatch(/^\/构建产物\//)

  const { chatId, openConversationId } = emulator.values
  const groups = filled('chat-id').map((id) => (id === chatId ? openConversationId : id))
  for (const group of groups) {
    const sent = emulator.messages.filter(({ to, dentryId }) => to === group && dentryId !== undefined)
    expect(sent).toHaveLength(files.length)
  }

  const posted = emulator.messages.filter(({ text }) => text !== undefined)
  const robots = 'robot-code' in inputs ? groups : filled('robot-webhook')
  expect(posted).toHaveLength('message' in inputs ? robots.length : 0)
  // A run of act has no page.
  const buttons = linesOf(inputs['buttons']).filter((line) => !line.includes('({run})'))
  for (const message of posted) {
    expect(message.text).not.toMatch(/\{\w+\}|undefined|NaN|\$\{\{/)
    expect(message.buttons ?? []).toHaveLength(buttons.length)
  }
}

function filledIn(text: string, { vars, secrets }: Act['settings']): string {
  return text.replace(/\$\{\{ (?:vars|secrets)\.(\w+) \}\}/g, (expression, name: string) => {
    const value = vars[name] ?? secrets[name]
    if (value === undefined) throw new Error(`nothing stands for ${expression}`)
    return value
  })
}
