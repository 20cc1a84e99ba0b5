import { expect, test } from '@jest/globals'
import { InputError, type Problem } from '../../src/errors.ts'
import type { Text } from '../../src/http/text.ts'
import { InputReader } from '../../src/inputs/reader.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

type Reader = InputReader<'fruit'>

const reader = (value: string, fallback = ''): Reader =>
  new InputReader({ input: (name: 'fruit') => ({ fruit: value })[name] }, () => fallback)

function problemsOf(reader: InputReader<never>): readonly Problem[] {
  try {
    reader.throwProblems()
    return []
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems
  }
}

const refusalOfItem = (item: string): Text | undefined =>
  /^[a-z0-9]+$/.test(item) ? undefined : { en: `"${item}" is bad.`, zh: `「${item}」不对。` }
const BAD = { en: 'It is bad.', zh: '这个值不对。' }

/** One use of each method. */
const USES = {
  given: (fruit: Reader) => fruit.given('fruit'),
  text: (fruit: Reader) => fruit.text('fruit', (value) => (value === 'bad' ? BAD : undefined)),
  choice: (fruit: Reader) => fruit.choice('fruit', { apple: 1, fig: 2 }, { pomme: 1 }),
  boolean: (fruit: Reader) => fruit.boolean('fruit'),
  integer: (fruit: Reader) => fruit.integer('fruit', 2, 10),
  digits: (fruit: Reader) => fruit.digits('fruit'),
  list: (fruit: Reader) => fruit.list('fruit', refusalOfItem),
}

test.each<[keyof typeof USES, string, unknown]>([
  ['given', ' fig\n', 'fig'],
  ['text', ' a fig\n', 'a fig'],
  ['choice', 'fig', 2],
  ['choice', 'APPLE', 1],
  ['choice', 'Pomme', 1],
  ['boolean', 'True', true],
  ['boolean', 'false', false],
  ['integer', '2', 2],
  ['integer', '010', 10],
  ['digits', '0123456789012345678901234567890', '0123456789012345678901234567890'],
  ['digits', '', ''],
  ['list', 'a\n b,c\t,a\r\n', ['a', 'b', 'c']],
  ['list', ' , ', []],
  ['list', 'a，b、c；d;e', ['a', 'b', 'c', 'd', 'e']],
  ['list', '- a\n  - b\r\n-\tc', ['a', 'b', 'c']],
])('%s: reads %j as %j', (method, value, expected) => {
  const fruit = reader(value)
  expect(USES[method](fruit)).toEqual(expected)
  expect(problemsOf(fruit)).toEqual([])
})

test.each<[keyof typeof USES, string, string[]]>([
  ['text', 'bad', []],
  ['choice', 'plum', ['plum', 'apple', 'fig']],
  ['choice', 'constructor', ['constructor', 'apple']],
  ['boolean', 'yes', ['yes', 'true', 'false']],
  ['integer', '1', ['1', '2', '10']],
  ['integer', '11', ['11', '2', '10']],
  ['integer', '2.5', ['2.5']],
  ['integer', '+3', ['+3']],
  ['integer', '0x3', ['0x3']],
  ['digits', '12x', ['12x']],
  ['list', 'a\nb*d\nc', ['b*d']],
  ['list', 'a B c', ['a B c']],
  ['list', '-a', ['-a']],
])('%s: reports %j, naming %j', (method, value, named) => {
  const fruit = reader(value)
  USES[method](fruit)
  const problems = problemsOf(fruit)
  expect(problems).toEqual([{ input: 'fruit', text: expect.anything() }])
  expectWhole(problems[0]!.text, ...named)
})

test.each(['choice', 'integer'] as const)('%s: reports an empty value', (method) => {
  const fruit = reader('')
  USES[method](fruit)
  expect(problemsOf(fruit)).toHaveLength(1)
})

test('reports a rejected item once', () => {
  const fruit = reader('B\nB, B')
  fruit.list('fruit', refusalOfItem)
  expect(problemsOf(fruit)).toHaveLength(1)
})

test('uses the default of an empty input', () => {
  expect(reader('\n', 'fig').text('fruit')).toBe('fig')
  expect(reader('plum', 'fig').text('fruit')).toBe('plum')
  expect(reader('\n', 'fig').given('fruit')).toBe('')
})

test('reports all problems in order', () => {
  const values = { apple: 'x', fig: '', plum: 'y' }
  const reader = new InputReader({ input: (name: keyof typeof values) => values[name] }, () => '')
  reader.boolean('plum')
  reader.missing('fig', BAD)
  reader.problem('apple', BAD)
  expect(problemsOf(reader).map((problem) => problem.input)).toEqual(['plum', 'fig', 'apple'])
})
