import { measureCapped } from './capped.ts'
import { measureCurve } from './curve.ts'
import type { Figures, Plan } from './figures.ts'
import { measureLoopback } from './loopback.ts'
import { measureMemory } from './memory.ts'
import { measureSmall } from './small.ts'
import { measureStart } from './start.ts'

/** Everything that can be measured, in the order in which it is. */
export const PIECES = {
  start: measureStart,
  loopback: measureLoopback,
  capped: measureCapped,
  small: measureSmall,
  memory: measureMemory,
  curve: measureCurve,
} as const satisfies Record<string, (plan: Plan) => Promise<Figures>>

export type PieceName = keyof typeof PIECES

export function isPiece(name: string): name is PieceName {
  return Object.hasOwn(PIECES, name)
}
