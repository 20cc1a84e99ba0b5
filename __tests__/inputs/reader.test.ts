import { expect, test } from '@jest/globals'
import { InputError } from '../../src/errors.ts'
import { InputReader } from '../../src/inputs/reader.ts'

type Reader = InputReader<'fruit'>

const reader = (value: string, fallback = ''): Reader =>
  new InputReader((name: 'fruit') => ({ fruit: value })[name], { fruit: fallback })

function problemsOf(reader: InputReader<never>): readonly string[] {
  try {
    reader.throwProblems()
    return []
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems
  }
}

/** One use of each method. */
const USES = {
  given: (fruit: Reader) => fruit.given('fruit'),
  text: (fruit: Reader) => fruit.text('fruit', (value) => (value === 'bad' ? 'is bad' : undefined)),
  required: (fruit: Reader) => fruit.required('fruit', 'eat one'),
  choice: (fruit: Reader) => fruit.choice('fruit', { apple: 1, fig: 2 }, { pomme: 1 }),
  boolean: (fruit: Reader) => fruit.boolean('fruit'),
  integer: (fruit: Reader) => fruit.integer('fruit', 2, 10),
  size: (fruit: Reader) => fruit.size('fruit', 1000, 2048),
  digits: (fruit: Reader) => fruit.digits('fruit'),
  list: (fruit: Reader) => fruit.list('fruit', (item) => (item === 'bad' ? 'has a bad one' : undefined)),
}

test.each<[keyof typeof USES, string, unknown]>([
  ['given', ' fig\n', 'fig'],
  ['text', ' a fig\n', 'a fig'],
  ['required', 'fig', 'fig'],
  ['choice', 'fig', 2],
  ['choice', 'APPLE', 1],
  ['choice', 'Pomme', 1],
  ['boolean', 'True', true],
  ['boolean', 'false', false],
  ['integer', '2', 2],
  ['integer', '010', 10],
  ['size', '1kB', 1000],
  ['size', '2 KiB', 2048],
  ['digits', '0123456789012345678901234567890', '0123456789012345678901234567890'],
  ['digits', '', ''],
  ['list', 'a\n b,c\t,a\r\n', ['a', 'b', 'c']],
  ['list', ' , ', []],
])('%s of %j is %j', (method, value, expected) => {
  const fruit = reader(value)
  expect(USES[method](fruit)).toEqual(expected)
  expect(problemsOf(fruit)).toEqual([])
})

test.each<[keyof typeof USES, string, string]>([
  ['text', 'bad', 'is bad'],
  ['required', ' ', 'is required / 必填：eat one'],
  ['choice', 'plum', '"plum" is none of apple, fig /'],
  ['choice', 'constructor', '"constructor" is none of apple, fig /'],
  ['choice', '', '"" is none of apple, fig /'],
  ['boolean', 'yes', '"yes" is none of true, false /'],
  ['integer', '1', '"1" is not a whole number from 2 to 10'],
  ['integer', '11', '"11" is not a whole number from 2 to 10'],
  ['integer', '2.5', '"2.5" is not'],
  ['integer', '+3', '"+3" is not'],
  ['integer', '0x3', '"0x3" is not'],
  ['integer', '', '"" is not'],
  ['size', '999', '"999" is not a size such as 16MiB, from 1000 B to 2.0 KiB'],
  ['size', '2049', '"2049" is not'],
  ['size', 'big', '"big" is not'],
  ['digits', '12x', '"12x" is not an id'],
  ['list', 'a bad b', 'has a bad one'],
])('%s of %j has a problem', (method, value, problem) => {
  const fruit = reader(value)
  USES[method](fruit)
  expect(problemsOf(fruit)).toEqual([expect.stringContaining(`fruit: ${problem}`)])
})

test('an input that is empty gets its default', () => {
  expect(reader('\n', 'fig').text('fruit')).toBe('fig')
  expect(reader('plum', 'fig').text('fruit')).toBe('plum')
  expect(reader('\n', 'fig').given('fruit')).toBe('')
})

test('every problem is reported, in the order in which it was found', () => {
  const values = { apple: 'x', fig: '', plum: 'y' }
  const reader = new InputReader((name: keyof typeof values) => values[name], {
    apple: '',
    fig: '',
    plum: '',
  })
  reader.boolean('plum')
  reader.required('fig', 'eat one')
  reader.problem('apple', 'is sour')
  expect(problemsOf(reader).map((problem) => problem.split(':')[0])).toEqual(['plum', 'fig', 'apple'])
})
