import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { Redaction } from '../../src/text/redaction.ts'

function redacted(secrets: readonly string[], text: string): string {
  const redaction = new Redaction()
  for (const secret of secrets) redaction.add(secret)
  return redaction.redacted(text)
}

test.each<[string, string[], string, string]>([
  ['no secret', [], 'a=b', 'a=b'],
  ['a secret, wherever it is', ['hunter2'], 'hunter2 a hunter2', '*** a ***'],
  ['one as it is in a URL', ['a+b/c=='], '?sign=a%2Bb%2Fc%3D%3D&x', '?sign=***&x'],
  ['one that is the beginning of another, which came later', ['secret', 'secret-2026'], 'secret-2026', '***'],
  [
    'one that is the beginning of another, which came before',
    ['secret-2026', 'secret'],
    'secret-2026',
    '***',
  ],
  ['one within another', ['cret-2', 'secret-2026'], 'a secret-2026', 'a ***'],
  ['one that begins in another and ends behind it', ['abcdefghij', 'hijklmnop'], 'abcdefghijklmnop!', '***!'],
  ['two side by side', ['abc', 'def'], 'abcdef', '******'],
  ['a short one', ['x'], 'axb', 'a***b'],
  ['one with a lone surrogate', ['a\ud800b'], '"a\ud800b"', '"***"'],
])('%s', (_, secrets, text, expected) => {
  expect(redacted(secrets, text)).toBe(expected)
})

test('adds a secret once, and ignores an empty one', () => {
  const redaction = new Redaction()
  expect([redaction.add('a b'), redaction.add('a b'), redaction.add('a%20b'), redaction.add('')]).toEqual([
    true,
    false,
    false,
    false,
  ])
})

// Each secret compared with each line takes minutes, far beyond the time limit of a test.
test('takes the same time with any number of secrets', async () => {
  const redaction = new Redaction()
  const shown = new Set<string>()
  for (let upload = 0; upload < 20_000; upload++) {
    const secret = `signature ${upload * 7_654_321}`
    redaction.add(secret)
    shown.add(redaction.redacted(`PUT ${secret}`))
    if (upload % 500 === 0) await turn()
  }
  expect([...shown]).toEqual(['PUT ***'])
})
