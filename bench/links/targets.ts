import { median, short, type Figures } from '../figures.ts'
import type { Target } from '../targets.ts'
import { casesOf } from './section.ts'
import { bestFixed } from './verdict.ts'

/** Default settings may take so many times as long as the fastest fixed setting. */
const MAX_RATIO = 1.3
/** And so many more calls of the quota. */
const MAX_MORE_CALLS = 2

/** Default settings against the fastest fixed setting, on each link. */
export function linkTargets(figures: Figures): Target[] {
  return casesOf(figures).map((one) => {
    const best = bestFixed(one, figures)
    const of = (quantity: string) => median(figures[`${one.name} default ${quantity}`])
    const ratio = of('process s') / best.seconds
    const moreCalls = of('quota calls') - best.quotaCalls
    return {
      title: `Link ${one.name}, default settings against the best fixed setting: time, quota calls`,
      target: `≤ ${MAX_RATIO} ×, ≤ ${MAX_MORE_CALLS} more`,
      measured: `${short(ratio)} ×, ${moreCalls < 0 ? `${-moreCalls} fewer` : `${moreCalls} more`}`,
      met: ratio <= MAX_RATIO && moreCalls <= MAX_MORE_CALLS,
    }
  })
}
