import { expect, test } from '@jest/globals'
import { childrenTime } from '../../bench/child.ts'

test('reads the CPU time of a shell’s children', () => {
  expect(childrenTime('output\n0m0.00s 0m0.01s\n0m0.25s 1m2.50s\n')).toBeCloseTo(62.75)
  expect(childrenTime('0m0.000s 0m0.010s\n1m0.125s 0m0.500s')).toBeCloseTo(60.625)
})

test("reports no CPU time that it can't read", () => {
  expect(() => childrenTime('curl: (7) failed')).toThrow('no times')
})
