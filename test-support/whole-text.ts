import { expect } from '@jest/globals'
import type { Text } from '../src/http/text.ts'

const CHINESE = /[\u4e00-\u9fff]/
/** Several English words in a row that are neither quoted nor a link: at least part of a sentence. */
const ENGLISH_SENTENCE = /\b[a-z]{2,}(?: [a-z]{2,}){3,}\b/

/**
 * Fails unless a text is complete in both languages: each half exists, has all given values, and has nothing in the other
 * language.
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
