import { describe, expect, test } from '@jest/globals'
import {
  carries,
  carriesAnother,
  deliveryProperty,
  markOf,
  markProperties,
  modifierKey,
  newNonce,
  recipientKey,
  type Undelivered,
} from '../../src/dingtalk/mark.ts'
import { parseSource, sourceText } from '../../src/domain.ts'

const nonce = 'a'.repeat(32)
const md5 = '0123456789abcdef'.repeat(2)
const source = '0123456789abcdef.123.fedcba9876543210'
const properties = markProperties({ nonce, source, md5 })
const property = (name: string, value: unknown) => ({ name, value, visibility: 'PRIVATE' })

test('consists of three short ASCII properties that no other app can read', () => {
  expect(properties).toHaveLength(3)
  for (const { name, value, visibility } of properties) {
    expect(`${name}${value}`).toMatch(/^[\x21-\x7e]{1,100}$/)
    expect(visibility).toBe('PRIVATE')
  }
  expect(new Set(properties.map(({ name }) => name)).size).toBe(3)
})

test('has two without a source', () => {
  expect(markProperties({ nonce, md5 })).toHaveLength(2)
  expect(markOf({ appProperties: markProperties({ nonce, md5 }) })).toEqual({ nonces: [nonce], md5 })
})

test('has a different nonce each time', () => {
  expect(newNonce()).toMatch(/^[0-9a-f]{32}$/)
  expect(new Set(Array.from({ length: 100 }, newNonce)).size).toBe(100)
})

describe('the pending recipients', () => {
  const keys = (count: number) => Array.from({ length: count }, (_, n) => recipientKey('user', `${n}`))
  const [a = '', b = ''] = keys(2)
  const everyone: Undelivered = { unsent: [], inDoubt: ['*'] }

  test.each<[Undelivered, Undelivered?]>([
    [{ unsent: [a], inDoubt: [] }],
    [{ unsent: [], inDoubt: [b] }],
    [{ unsent: [a], inDoubt: [b] }],
    [{ unsent: ['*'], inDoubt: [] }],
    [{ unsent: keys(10), inDoubt: [] }],
    [{ unsent: keys(11), inDoubt: [] }, everyone],
    [{ unsent: keys(6), inDoubt: keys(5) }, everyone],
    [{ unsent: [], inDoubt: [] }],
  ])('%j', (given, read = given) => {
    for (const [version, modifier] of [[], [2], [2, modifierKey('operator', 'app')]] as const) {
      const property = deliveryProperty({ md5, version, modifier }, given)
      expect(property.value).toMatch(/^[\x21-\x7e]{1,150}$/)
      const isNothing = given.unsent.length + given.inDoubt.length === 0
      expect(markOf({ appProperties: [...properties.slice(0, 2), property] })).toEqual({
        nonces: [nonce],
        source,
        md5,
        ...(version && { version }),
        ...(modifier && { modifier }),
        ...(isNothing ? {} : { undelivered: read }),
      })
    }
  })

  test.each(['!', '?', `!${a},`, `!${a.slice(1)}`, `?${a}!${b}`, `!*,${a}`, `!${keys(11).join()}`])(
    'are unknown if they can’t be read: %s',
    (end) => {
      const property = { name: 'utd-md5', value: `${md5}@1${end}`, visibility: 'PRIVATE' }
      expect(markOf({ appProperties: [...properties.slice(0, 2), property] })).toEqual({
        nonces: [nonce],
        source,
      })
    },
  )

  test('distinguish a group and a user of the same ID', () => {
    expect(recipientKey('chat', 'x')).not.toBe(recipientKey('user', 'x'))
  })
})

describe('is read back', () => {
  test.each([
    ['from a list', properties],
    ['from lists by owner', { 4711: properties }],
    ['beside other apps’ properties', { 1: [property('build', '7')], 4711: properties, 5: [] }],
    ['beside other properties of the app', [property('build', '7'), ...properties]],
    ['in parts', { 1: properties.slice(0, 1), 2: properties.slice(1) }],
    ['though it was given twice', { 1: properties, 2: properties }],
  ])('%s', (_, appProperties) => {
    expect(markOf({ appProperties })).toEqual({ nonces: [nonce], source, md5 })
    expect(carries({ appProperties }, nonce)).toBe(true)
    expect(carriesAnother({ appProperties }, nonce)).toBe(false)
    expect(carriesAnother({ appProperties }, newNonce())).toBe(true)
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'utd-nonce'],
    ['a number', 7],
    ['an empty list', []],
    ['an empty object', {}],
    ['names without lists', { 'utd-nonce': nonce }],
    ['lists in lists', [[properties]]],
    ['objects in objects', { 1: { 2: properties } }],
    ['no objects', [null, 1, 'utd-nonce', [nonce]]],
    [
      'no strings',
      [property('utd-nonce', 7), property('utd-md5', { toString: null }), { name: 'utd-source' }],
    ],
    ['other values', [property('utd-nonce', 'A'.repeat(32)), property('utd-md5', `${md5}0`)]],
    ['a source with blanks', [property('utd-source', 'a b')]],
    ['a very long source', [property('utd-source', 'a'.repeat(101))]],
    ['JSON that sets the prototype', JSON.parse('{"__proto__":{"utd-nonce":[]},"constructor":null}')],
  ])('rejects %s', (_, appProperties) => {
    expect(markOf({ appProperties })).toBeUndefined()
    expect(carries({ appProperties }, nonce)).toBe(false)
    expect(carriesAnother({ appProperties }, nonce)).toBe(false)
  })
})

test('ignores contradicting properties of two apps', () => {
  const other = markProperties({ nonce: 'b'.repeat(32), source: `${source.slice(0, -1)}1`, md5: nonce })
  const appProperties = { 1: properties, 2: other }
  expect(markOf({ appProperties })).toEqual({ nonces: [nonce, 'b'.repeat(32)] })
  expect(carries({ appProperties }, nonce)).toBe(true)
  expect(carriesAnother({ appProperties }, nonce)).toBe(false)
})

test('reads a source, and nothing else as one', () => {
  const whole = { workflow: '0123456789abcdef', run: '123', job: 'fedcba9876543210' }
  expect(parseSource(sourceText(whole))).toEqual(whole)
  const jobless = { workflow: '0123456789abcdef', run: '98765432109876543210' }
  expect(parseSource(sourceText(jobless))).toEqual(jobless)
  for (const text of [undefined, '', 'a.1', `${source}.1`, ` ${source}`, `${source}\n`, source.toUpperCase()])
    expect(parseSource(text)).toBeUndefined()
})
