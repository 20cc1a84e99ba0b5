import { expect } from '@jest/globals'
import type { Text } from '../src/http/text.ts'

const CHINESE = /[\u4e00-\u9fff]/
/** Several English words in a row, neither quoted nor a link: a sentence, or the half of one. */
const ENGLISH_SENTENCE = /\b[a-z]{2,}(?: [a-z]{2,}){3,}\b/

/**
 * Fails unless a text can be read in either language alone: each half is there and has every value that was given, and
 * neither has a part of the other.
 *
 * @param values that both halves must contain; they may be in any language themselves
 */
export function expectWhole({ en, zh }: Text, ...values: readonly string[]): void {
  for (const value of values) {
    expect(en).toContain(value)
    expect(zh).toContain(value)
  }
  const without = (half: string) => values.reduce((rest, value) => rest.replaceAll(value, ''), half)
  expect(without(en)).toMatch(/[a-z]/i)
  expect(without(en)).not.toMatch(/[，。、；：（）「」]/)
  expect(without(zh)).toMatch(CHINESE)
  expect(without(zh)).not.toMatch(ENGLISH_SENTENCE)
  expect(en + zh).not.toContain(' / ')
}
