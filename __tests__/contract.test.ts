// action.yml, the README and the code are three tellings of one contract.
import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACTION } from '../scripts/act.ts'
import { INPUTS } from '../src/inputs.ts'
import { outputs } from '../src/report.ts'

/** The rows of the README's table under a heading: first cell without its backquotes, second cell. */
function table(heading: string): [string, string][] {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| `([a-z-]+)` +\| ([^|]*)\|/gm)].map(([, name = '', cell = '']) => [
    name,
    cell.trim().replaceAll('`', ''),
  ])
}

describe('inputs', () => {
  const declared = Object.entries(ACTION.inputs)

  test('action.yml and the parser name the same, in the same order, with the same defaults', () => {
    expect(declared.map(([name, input]) => [name, input.default ?? ''])).toEqual(Object.entries(INPUTS))
  })

  test('the README too', () => {
    expect(table('Inputs')).toEqual(
      declared.map(([name, input]) => [name, input.required ? 'required' : (input.default ?? '')]),
    )
  })

  test.each(declared)('%s is described', (_, { description }) => {
    expect(description.length).toBeGreaterThan(20)
  })
})

describe('outputs', () => {
  test('action.yml, the code and the README name the same, in the same order', () => {
    const declared = Object.keys(ACTION.outputs)
    expect(Object.keys(outputs([]))).toEqual(declared)
    expect(table('Outputs').map(([name]) => name)).toEqual(declared)
  })
})

test('runs on Node 24, from the committed bundle', () => {
  expect(ACTION.runs).toEqual({ using: 'node24', main: 'dist/index.js' })
})

test('no description holds an expression: GitHub would try to evaluate it', () => {
  const described = [...Object.values(ACTION.inputs), ...Object.values(ACTION.outputs)]
  expect(described.filter(({ description }) => description.includes('${{'))).toEqual([])
})
