// action.yml, the tables of inputs and outputs, and the code describe one contract.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ACTION } from '../../scripts/act.ts'
import { CHINESE, ENGLISH, INPUT_PAGES, withInputTables } from '../../scripts/input-tables.ts'
import { INPUT_NAMES, INPUTS } from '../../src/inputs/inputs.ts'
import { outputs } from '../../src/report/report.ts'

describe('inputs', () => {
  const declared = Object.entries(ACTION.inputs)

  test('action.yml and src/inputs/inputs.ts have the same, in the same order, with the same defaults', () => {
    expect(declared.map(([name, input]) => [name, input.default ?? ''])).toEqual(
      INPUT_NAMES.map((name) => [name, INPUTS[name].default ?? '']),
    )
  })

  test.each(declared)('describes %s', (_, { description }) => {
    expect(description.length).toBeGreaterThan(20)
  })
})

describe('outputs', () => {
  test('action.yml and src/report/report.ts have the same, in the same order', () => {
    expect(Object.keys(outputs([], 'both'))).toEqual(Object.keys(ACTION.outputs))
  })
})

test('docs/action.zh-CN.yml describes the inputs and outputs of action.yml, in the same order', () => {
  expect(Object.keys(CHINESE.inputs)).toEqual(Object.keys(ENGLISH.inputs))
  expect(Object.keys(CHINESE.outputs)).toEqual(Object.keys(ENGLISH.outputs))
})

describe.each(INPUT_PAGES)('%s', (name, words) => {
  const page = readFileSync(join(import.meta.dirname, '../..', name), 'utf8')

  test('has the inputs and outputs of action.yml', async () => {
    expect(await withInputTables(page, words)).toBe(page)
    const lists = page.match(/<!-- (inputs|outputs): [^]*?<!-- \/\1 -->/g)?.join('\n')
    expect(lists?.match(/^- \*\*`[a-z-]+`\*\*/gm)).toHaveLength(
      INPUT_NAMES.length + Object.keys(ACTION.outputs).length,
    )
  })

  test('rejects an input that is not described', async () => {
    const inputs = { ...words.inputs, mode: '' }
    await expect(withInputTables(page, { ...words, inputs })).rejects.toThrow('does not describe mode')
  })
})

test('runs on Node 24, from the committed bundle', () => {
  expect(ACTION.runs).toEqual({ using: 'node24', main: 'dist/start.cjs' })
})

test('no description contains an expression, which GitHub would evaluate', () => {
  const described = [...Object.values(ACTION.inputs), ...Object.values(ACTION.outputs)]
  expect(described.filter(({ description }) => description.includes('${{'))).toEqual([])
})
