import { describe, expect, test } from '@jest/globals'
import { CASES, type Case } from '../../../bench/links/cases.ts'
import { physicalLimit } from '../../../bench/links/limit.ts'
import { processorLines } from '../../../bench/links/section.ts'
import { CONCURRENCIES, settingsOf, type Setting } from '../../../bench/links/settings.ts'
import { linkTargets } from '../../../bench/links/targets.ts'
import { bestFixed, bestTuning } from '../../../bench/links/verdict.ts'
import { MIB } from '../../../bench/sample-file.ts'

function named(name: string): Case {
  return CASES.find((one) => one.name === name)!
}

const LINK = { rate: MIB, roundTrip: 100 }

test('gives each case its own name', () => {
  expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length)
})

describe('the physical limit', () => {
  const limit = (one: Partial<Case>) =>
    physicalLimit({ name: '', title: '', network: LINK, size: MIB, files: 1, ...one })

  test('is nine round trips, and the bytes over 32 connections for one more round trip', () => {
    expect(limit({ size: 64 * MIB })).toBeCloseTo(1 + 2)
  })

  test('is the bytes over one connection if that takes less than a round trip', () => {
    expect(limit({ size: 0.05 * MIB })).toBeCloseTo(0.9 + 0.05)
  })

  test('follows a shared rate that changes', () => {
    const total = [
      { from: 0, rate: 2 * MIB },
      { from: 4000, rate: 16 * MIB },
    ]
    expect(limit({ size: 64 * MIB, network: { ...LINK, total: 8 * MIB } })).toBeCloseTo(1 + 8)
    expect(limit({ size: 40 * MIB, network: { ...LINK, total } })).toBeCloseTo(1 + 6)
  })

  test('depends on the number of parallel PUTs that the storage accepts', () => {
    expect(limit({ size: 64 * MIB, network: { ...LINK, maxPuts: 8 } })).toBeCloseTo(1 + 8)
  })

  test('of many files depends on the calls per second', () => {
    // The last of 100 upload infos comes after 4 s.
    expect(limit({ size: MIB / 2, files: 100 })).toBeCloseTo(0.9 + 4 + 0.5)
    expect(limit({ size: 3.2 * MIB, files: 100 })).toBeCloseTo(0.9 + 10)
  })

  test('without a rate is the time of the round trips', () => {
    expect(limit({ size: 256 * MIB, network: { roundTrip: 100 } })).toBeCloseTo(0.9)
  })
})

describe('the fixed settings', () => {
  test('have every concurrency, or the requested ones', () => {
    const concurrencies = (settings: Setting[]) => settings.map(({ concurrency }) => concurrency)
    expect(concurrencies(settingsOf(CONCURRENCIES))).toEqual(CONCURRENCIES)
    expect(concurrencies(settingsOf())).toEqual(Array.from({ length: 32 }, (_, index) => index + 1))
  })
})

describe('the verdict', () => {
  const figures = {
    'A link MiB/s': [2],
    'A default process s': [4, 5, 30],
    'A default quota calls': [6, 6, 6],
    'A concurrency 16 process s': [3.9, 4.1, 4],
    'A concurrency 16 quota calls': [4, 4, 4],
    'A concurrency 32 process s': [4.2],
    'A concurrency 32 quota calls': [3],
    'A ali-oss 16, 1 MiB parts process s': [6],
    'A ali-oss 32, 32 parts process s': [5],
  }

  test('is about the fastest median', () => {
    expect(bestFixed(named('A'), figures)).toEqual({ name: 'concurrency 16', seconds: 4, quotaCalls: 4 })
    expect(bestFixed(named('A'), figures, 32).name).toBe('concurrency 32')
    expect(bestTuning(named('A'), figures).seconds).toBe(5)
  })

  test('is missing if all have failed', () => {
    expect(bestFixed(named('A'), figures, 1).seconds).toBeNaN()
  })

  test('is met up to 1.3 times the time and two more calls', () => {
    const met = (more: Record<string, number[]>) =>
      linkTargets({ ...figures, ...more }).map((target) => target.met)
    expect(met({})).toEqual([true])
    expect(met({ 'A default process s': [5.3] })).toEqual([false])
    expect(met({ 'A default quota calls': [7] })).toEqual([false])
  })

  describe('of small files', () => {
    const small = (seconds: number, calls = 2) =>
      linkTargets({
        'L link MiB/s': [2],
        'L default process s': [seconds],
        'L default quota calls': [calls],
        'L concurrency 1 process s': [3.2],
        'L concurrency 1 quota calls': [2],
        'L concurrency 2 process s': [3],
        'L concurrency 2 quota calls': [2],
        'L concurrency 4 process s': [2],
        'L concurrency 4 quota calls': [3],
      })[0]

    test('is met up to half a second behind the best that costs no extra call', () => {
      expect(small(3.5)?.met).toBe(true)
      expect(small(3.6)?.met).toBe(false)
    })

    test('is not met with an extra call', () => {
      expect(small(2, 3)?.met).toBe(false)
    })
  })

  test('is met if all fixed settings have failed', () => {
    expect(linkTargets({ 'A link MiB/s': [2], 'A default process s': [9] })[0]?.met).toBe(true)
  })

  test('is not met if the defaults have failed', () => {
    const [target] = linkTargets({ 'A link MiB/s': [2], 'A concurrency 1 process s': [9] })
    expect(target).toMatchObject({ met: false, measured: 'failed' })
  })
})

test('shows the processor time only for a link without a rate', () => {
  const measured = ['A', 'E'].flatMap((link) => [
    [`${link} link MiB/s`, [2]],
    [`${link} concurrency 1 process s`, [1]],
    [`${link} concurrency 1 CPU s`, [1.25]],
    [`${link} default CPU s`, [1.75]],
  ])
  const [line, ...others] = processorLines(Object.fromEntries(measured) as Record<string, number[]>)
  expect(line).toMatch(/^Link E .* 1\.75 CPU s .* 1\.25 .*concurrency 1/)
  expect(others).toEqual([])
})
