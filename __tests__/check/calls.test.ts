// The calls that the steps list for mode: check, compared with those that jobs make.
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import type { EmulatorOptions, Operation } from '../../emulator/emulator.ts'
import { inputsFor } from '../../scripts/act.ts'
import { callsOf } from '../../src/check/check.ts'
import { OPERATIONS } from '../../src/dingtalk/operations.ts'
import type { StepOperation } from '../../src/domain.ts'
import { readInputs } from '../../src/inputs/inputs.ts'
import { job, type Job } from '../../test-support/job.ts'

const MIB = 1024 ** 2

interface Choice {
  readonly given?: (job: Job) => Record<string, string>
  readonly emulator?: EmulatorOptions
  /** The first response to this call is lost. */
  readonly lost?: Operation
  /** In bytes, of one of the files. */
  readonly size?: number
}

/** The variants of a job: one choice of each row. */
const CHOICES: readonly (readonly Choice[])[] = [
  [
    {},
    { given: ({ byUuid }) => byUuid },
    { given: () => ({ 'parent-id': '0' }) },
    { emulator: { v1Commit: 'closed' } },
  ],
  [
    {},
    { given: ({ emulator }) => ({ 'chat-id': emulator.values.openConversationId }) },
    { given: ({ emulator }) => ({ 'chat-id': '', 'to-user-ids': emulator.others.secondUser.userId }) },
    { given: ({ emulator }) => ({ 'to-user-ids': emulator.others.secondUser.userId }) },
    { given: () => ({ 'send-as': 'link' }) },
    { given: () => ({ 'chat-id': '' }) },
  ],
  [{}, { given: ({ emulator }) => ({ 'user-id': '', 'union-id': emulator.values.unionId }) }],
  [
    {},
    { given: () => ({ 'conflict-strategy': 'return-existing' }) },
    { given: () => ({ 'conflict-strategy': 'if-changed' }) },
  ],
  [
    {},
    { given: () => ({ 'folder-path': 'a/b' }) },
    { given: () => ({ 'keep-directories': 'true' }) },
    { given: () => ({ 'keep-last': '1' }) },
  ],
  [
    {},
    {
      given: ({ emulator: { values, others } }) => ({
        'chat-id': values.chatId,
        'robot-code': others.robotCode,
        message: 'x',
      }),
    },
    {
      given: ({ emulator: { others } }) => ({
        'to-user-ids': others.secondUser.userId,
        'robot-code': others.robotCode,
        images: 'qr:{files}',
      }),
    },
    {
      given: ({ emulator: { others } }) => ({
        'robot-webhook': others.customRobot.webhook,
        'robot-secret': others.customRobot.secret,
        message: 'x',
      }),
    },
  ],
  [{}, { lost: 'send' }, { lost: 'commitV1' }, { lost: 'commitV2' }],
  [{}, { size: 8 * MIB + 1 }], // goes in parts
]

/** Of so many combinations, one is tried. A prime number, so that every choice comes up with many others. */
const STRIDE = 809

/** Every {@link STRIDE}th combination of one choice from each row. */
function combinations(): Choice[][] {
  const count = CHOICES.reduce((product, row) => product * row.length, 1)
  return Array.from({ length: Math.ceil(count / STRIDE) }, (_, index) => {
    let rest = index * STRIDE
    return CHOICES.map((row) => {
      const choice = row[rest % row.length]!
      rest = Math.floor(rest / row.length)
      return choice
    })
  })
}

/** The name of a call in `src/`, which has one for both versions of the API, and for files and parts. */
function stepOperation(operation: Operation): StepOperation {
  return operation.replace(/V[12]$/, '').replace('putPart', 'put') as StepOperation
}

/** Runs a job twice, as two runs of a workflow. @returns the calls that it made, and those that its steps list */
async function run(choices: readonly Choice[]) {
  const here = await job(Object.assign({}, ...choices.map(({ emulator }) => emulator)) as EmulatorOptions)
  try {
    mkdirSync('d')
    writeFileSync('d/small.txt', 'x')
    writeFileSync('a.bin', '')
    for (const { size } of choices) if (size !== undefined) truncateSync('a.bin', size)
    const given = Object.assign({}, ...choices.map(({ given }) => given?.(here))) as Record<string, string>
    for (const run of ['1', '2']) {
      for (const { lost } of choices)
        if (lost) here.emulator.faults.add({ operation: lost, play: { kind: 'cut-after' } })
      const source = { workflow: '0123456789abcdef', run, job: 'a'.repeat(16) }
      await here.run({ path: '*', ...given }, { source, attempt: 1 })
    }
    const all: Record<string, string> = { ...inputsFor(here.emulator.values), path: '*', ...given }
    const listed = callsOf(readInputs({ input: (name) => all[name] ?? '' }))
    const made = new Set(here.emulator.requests.map(({ operation }) => stepOperation(operation)))
    return { given, made, listed }
  } finally {
    await here.end()
  }
}

const everMade = new Set<string>()

test.each(combinations().map((choices, index) => [index + 1, choices] as const))(
  'makes only calls that the steps list in job %i',
  async (_, choices) => {
    const { given, made, listed } = await run(choices)
    const used = new Set(listed.map(({ operation }) => operation))
    expect({ given, notListed: [...made.difference(used)] }).toEqual({ given, notListed: [] })
    for (const operation of made) everMade.add(operation)
  },
)

test('makes every call in these jobs', () => {
  const steps = Object.keys(OPERATIONS).filter((operation) => operation !== 'probe')
  expect([...everMade].sort()).toEqual(steps.sort())
})
