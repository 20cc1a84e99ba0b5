import { measureCapped } from './capped.ts'
import { measureCurve } from './curve.ts'
import type { Figures, Plan } from './figures.ts'
import { measureJob } from './job.ts'
import { measureLoopback } from './loopback.ts'
import { measureMemory } from './memory.ts'
import { measureSmall } from './small.ts'

/** Everything that can be measured, in order. */
export const PIECES = {
  job: measureJob,
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
