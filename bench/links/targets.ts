import { median, short, type Figures } from '../figures.ts'
import { MIB } from '../sample-file.ts'
import type { Target } from '../targets.ts'
import type { Case } from './cases.ts'
import { casesOf } from './section.ts'
import { bestFixed } from './verdict.ts'

/** Default settings may take so many times as long as the fastest fixed setting. */
const MAX_RATIO = 1.3
/** For files up to this size (bytes), they may also take only so many s longer. */
const SMALL = 4 * MIB
const MAX_BEHIND = 0.5
/** And they may cost so many more calls of the quota. */
const MAX_MORE_CALLS = 2

/** Default settings against the fastest fixed setting, on each link. */
export function linkTargets(figures: Figures): Target[] {
  return casesOf(figures).map((one) => {
    const maxBehind = one.size <= SMALL ? MAX_BEHIND : Infinity
    return {
      title: `Link ${one.name}, default settings against the best fixed setting`,
      target: [
        `≤ ${MAX_RATIO} ×`,
        ...(maxBehind === Infinity ? [] : [`≤ ${maxBehind} s longer`]),
        `≤ ${MAX_MORE_CALLS} more calls`,
      ].join(', '),
      ...compare(one, figures, maxBehind),
    }
  })
}

function compare(one: Case, figures: Figures, maxBehind: number): Pick<Target, 'measured' | 'met'> {
  const of = (quantity: string) => median(figures[`${one.name} default ${quantity}`])
  const best = bestFixed(one, figures)
  const seconds = of('process s')
  if (Number.isNaN(seconds)) return { measured: 'failed', met: false }
  if (Number.isNaN(best.seconds)) return { measured: 'every fixed setting failed', met: true }
  const ratio = seconds / best.seconds
  const behind = seconds - best.seconds
  const calls = of('quota calls') - best.quotaCalls
  return {
    measured: [
      `${short(ratio)} ×`,
      `${short(Math.abs(behind))} s ${behind < 0 ? 'shorter' : 'longer'}`,
      `${Math.abs(calls)} ${calls < 0 ? 'fewer' : 'more'} calls`,
    ].join(', '),
    met: ratio <= MAX_RATIO && behind <= maxBehind && calls <= MAX_MORE_CALLS,
  }
}
