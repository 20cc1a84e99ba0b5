// action.yml, the READMEs and the code are tellings of one contract.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ACTION } from '../../scripts/act.ts'
import { READMES, withTables } from '../../scripts/readme-tables.ts'
import { INPUTS } from '../../src/inputs/inputs.ts'
import { outputs } from '../../src/report/outputs.ts'

describe('inputs', () => {
  const declared = Object.entries(ACTION.inputs)

  test('action.yml and the parser name the same, in the same order, with the same defaults', () => {
    expect(declared.map(([name, input]) => [name, input.default ?? ''])).toEqual(Object.entries(INPUTS))
  })

  test.each(declared)('%s is described', (_, { description }) => {
    expect(description.length).toBeGreaterThan(20)
  })
})

describe('outputs', () => {
  test('action.yml and the code name the same, in the same order', () => {
    expect(Object.keys(outputs([], 'both'))).toEqual(Object.keys(ACTION.outputs))
  })
})

describe.each(READMES)('%s', (name, words) => {
  const readme = readFileSync(join(import.meta.dirname, '../..', name), 'utf8')

  test('has the tables of action.yml', async () => {
    expect(await withTables(readme, words)).toBe(readme)
    const tables = readme.match(/<!-- (inputs|outputs): [^]*?<!-- \/\1 -->/g)?.join('\n')
    expect(tables?.match(/^\| `[a-z-]+` +\|/gm)).toHaveLength(
      Object.keys(INPUTS).length + Object.keys(ACTION.outputs).length,
    )
  })

  test('an input that is not described there fails', async () => {
    const inputs = { ...words.inputs, mode: '' }
    await expect(withTables(readme, { ...words, inputs })).rejects.toThrow('mode is not described')
  })
})

test('both READMEs hold the same pictures, recipes and links, in the same order', () => {
  const links = READMES.map(([name]) => {
    const text = readFileSync(join(import.meta.dirname, '../..', name), 'utf8').replace(/^\|.*$/gm, '')
    const targets = [...text.matchAll(/\]\((?!README)([^)]+)\)/g)].map(([, target = '']) => target)
    return targets.map((target) => target.replace('.zh-CN', '').replace(/#.*/, ''))
  })
  const codes = READMES.map(([name]) => {
    const text = readFileSync(join(import.meta.dirname, '../..', name), 'utf8')
    return text.match(/^```[^]*?^```$/gm)
  })
  expect(links[0]).toEqual(links[1])
  expect(links[0]?.length).toBeGreaterThan(20)
  expect(codes[0]).toEqual(codes[1])
  expect(codes[0]?.length).toBeGreaterThan(8)
})

test('runs on Node 24, from the committed bundle', () => {
  expect(ACTION.runs).toEqual({ using: 'node24', main: 'dist/index.js' })
})

test('no description holds an expression: GitHub would try to evaluate it', () => {
  const described = [...Object.values(ACTION.inputs), ...Object.values(ACTION.outputs)]
  expect(described.filter(({ description }) => description.includes('${{'))).toEqual([])
})
