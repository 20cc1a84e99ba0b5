import { expect, test } from '@jest/globals'
import type { SignatureInfo } from '../../src/dingtalk/schema.ts'
import { hintFor } from '../../src/report/hints.ts'
import { partSignatures } from '../../src/upload/multipart.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** The upload infos of `count` parts, and which parts were requested together. */
function signaturesOf(count: number) {
  const asked: number[][] = []
  const signatures = partSignatures(
    count,
    () => 8,
    simulatedClock(0),
    (numbers) => {
      asked.push(numbers)
      const info = (number: number): SignatureInfo => ({
        resourceUrls: [`https://oss/${asked.length}/${number}`],
        headers: {},
        expirationSeconds: 900,
        region: undefined,
      })
      return Promise.resolve(new Map(numbers.map((number) => [number, info(number)])))
    },
  )
  return { asked, signatures }
}

test('requests upload info for thirty parts at a time', async () => {
  const { asked, signatures } = signaturesOf(61)
  for (const part of upTo(61)) {
    await signatures.of(part)
    signatures.done(part)
  }
  expect(asked).toEqual([upTo(30), upTo(60).slice(30), [61]])
})

test('makes one call for parts that expire together', async () => {
  const { asked, signatures } = signaturesOf(60)
  const expired = await Promise.all(upTo(8).map((part) => signatures.of(part)))
  const renewed = await Promise.all(
    [8, 3, 7, 1, 2, 6, 5, 4].map((part) => signatures.of(part, expired[part - 1])),
  )
  expect(asked).toEqual([upTo(30), upTo(30)])
  expect(renewed.map(({ resourceUrls }) => resourceUrls[0])).toEqual(
    [8, 3, 7, 1, 2, 6, 5, 4].map((part) => `https://oss/2/${part}`),
  )
})

test('requests a missing part again, and explains it in both languages', async () => {
  const info: SignatureInfo = { resourceUrls: [], headers: {}, expirationSeconds: 900, region: undefined }
  const asked: number[][] = []
  const signatures = partSignatures(
    2,
    () => 8,
    simulatedClock(0),
    (numbers) => {
      asked.push(numbers)
      return Promise.resolve(new Map(asked.length === 1 ? [] : numbers.map((number) => [number, info])))
    },
  )
  const error = await signatures.of(2).catch((error: unknown) => error)
  expect(error).toMatchObject({
    name: 'DingTalkError',
    operation: 'partInfo',
    remedy: 'repeat',
    isQuoted: false,
  })
  expect(hintFor(error)?.cause?.zh).toMatch(/\p{Script=Han}/u)
  expect(await signatures.of(2)).toBe(info)
  expect(asked).toEqual([[2], [2]])
})
