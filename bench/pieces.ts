import { measureCapped } from './capped.ts'
import { measureCurve } from './curve.ts'
import type { Figures, Plan } from './figures.ts'
import { measureJob } from './job.ts'
import { measureLinks } from './links/measure.ts'
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
  links: measureLinks,
} as const satisfies Record<string, (plan: Plan) => Promise<Figures>>

export type PieceName = keyof typeof PIECES

/** The most runs of a piece that is too slow for more. */
export const MOST_RUNS: Partial<Record<PieceName, number>> = { links: 3 }

export function isPiece(name: string): name is PieceName {
  return Object.hasOwn(PIECES, name)
}
