// Every workflow of the documentation, as it is printed, in act, against the emulators.
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { Act, installAct, WITHOUT_ACT } from './act.ts'
import { isOurs, recipes, type Step, type Workflow } from './recipes.ts'

if (WITHOUT_ACT) console.warn(`No workflow runs: ${WITHOUT_ACT}.`)
const onAct = WITHOUT_ACT ? test.skip : test

/** ms */
const BUILDING_ACT = 600_000

beforeAll(() => {
  if (!WITHOUT_ACT) installAct()
}, BUILDING_ACT)

const RUNNING: Act[] = []
async function startAct(): Promise<Act> {
  const act = await Act.start()
  RUNNING.push(act)
  return act
}
afterEach(async () => {
  for (const act of RUNNING.splice(0)) await act.close()
})

/** Payloads of events, as act needs them. */
const EVENTS: Readonly<Record<string, object>> = {
  push: { ref: 'refs/heads/main' },
  tag: { ref: 'refs/tags/v1.2.0' },
  release: { ref: 'refs/tags/v1.2.0', release: { tag_name: 'v1.2.0', name: 'v1.2.0' } },
}

/** The first event that starts a workflow. */
function eventOf({ on }: Workflow): [string, object] {
  const [[name, filter] = ['']] = typeof on === 'string' ? [[on, {}]] : Object.entries(on)
  const isTag = typeof filter === 'object' && filter !== null && 'tags' in filter
  return [name, EVENTS[isTag ? 'tag' : name] ?? {}]
}

/** Files that paths and patterns select, one for each line. */
function filesFor(lines: string): string[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !/^!|^qr:|\$\{\{/.test(line))
    .map((line) => {
      const file = line.replaceAll('**/', '').replaceAll('*', 'app-$$$$')
      return /[^/]\.\w+$|\*[^/]*$/.test(line) ? file : `${file.replace(/\/$/, '')}/linux/app`
    })
}

const listOf = (value: unknown) => String(value ?? '').split('\n').filter(Boolean)

describe.each(recipes())('$name', ({ text }) => {
  const workflow = parse(text) as Workflow
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)
  const ours = steps.filter(isOurs)

  onAct('does what it says, without warnings, secrets, and stack traces', async () => {
    const act = await startAct()
    const before = new Set(act.emulator.files().map(({ id }) => id))
    const built = steps.flatMap((step) => filesFor(listOf(step.with?.['path']).join('\n')))
    const buildFails = ours.some((step) => step.if?.includes('failure()'))
    const { exitCode, log } = await act.run(text, eventOf(workflow), { built, buildFails })

    expect(log.match(/^.*(?:::(?:error|warning)|\bat .+:\d+:\d+\)?$).*/gm)).toBeNull()
    expect(act.emulator.secrets().filter((secret) => log.includes(secret))).toEqual([])
    if (exitCode !== (buildFails ? 1 : 0)) throw new Error(`act ended with ${exitCode}:\n${log}`)
    expect(ours).not.toHaveLength(0)
    for (const step of ours) expectEffects(step, act, before)
  })
})

/** What the inputs of a step ask for has happened, and nothing else. */
function expectEffects({ with: inputs = {} }: Step, act: Act, before: ReadonlySet<string>): void {
  const { emulator } = act
  const { openConversationId, chatId } = emulator.values
  const isCheck = inputs['mode'] === 'check'
  const files = emulator.files().filter(({ id }) => !before.has(id))
  const hasFiles = !isCheck && (inputs['path'] !== undefined || inputs['release-tag'] !== undefined)
  if (hasFiles) expect(files).not.toHaveLength(0)
  else expect(files).toEqual([])
  for (const { path } of files) expect(path).toMatch(/^\/构建产物\//)

  const filled = (name: string) =>
    listOf(inputs[name]).map((line) => {
      return line.replace(/\$\{\{ (vars|secrets)\.(\w+) \}\}/g, (_, kind: 'vars' | 'secrets', name: string) => {
        return act.settings[kind][name] ?? ''
      })
    })
  const groups = filled('chat-id').map((id) => (id === chatId ? openConversationId : id))
  const sentTo = (to: string) => emulator.messages.filter((message) => message.dentryId && message.to === to)
  for (const group of groups) expect(sentTo(group)).toHaveLength(files.length)

  const posted = emulator.messages.filter(({ text }) => text !== undefined)
  const robots = inputs['robot-code'] === undefined ? filled('robot-webhook') : groups
  expect(posted).toHaveLength(inputs['message'] === undefined ? 0 : robots.length)
  for (const { text, buttons = [] } of posted) {
    expect(text).not.toMatch(/\{\w+\}|undefined|NaN|\$\{\{/)
    expect(buttons).toHaveLength(listOf(inputs['buttons']).length)
  }
}
