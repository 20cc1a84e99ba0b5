import { median, short, type Figures } from '../figures.ts'
import type { Target } from '../targets.ts'
import { isSmall, type Case } from './cases.ts'
import { casesOf } from './section.ts'
import { bestFixed, bestOfCheapest } from './verdict.ts'

/** The maximum time of default settings, relative to the fastest fixed setting. */
const MAX_RATIO = 1.3
/** The maximum number of additional quota calls. */
const MAX_MORE_CALLS = 2
/** The maximum additional time in s for small files, which may use no more calls than the cheapest setting. */
const MAX_BEHIND_SMALL = 0.5

/** Default settings against the fastest fixed setting, on each link; of small files, against those without an extra call. */
export function linkTargets(figures: Figures): Target[] {
  return casesOf(figures).map((one) => ({
    title: `Link ${one.name}, default settings against the best fixed setting${isSmall(one) ? ' without an extra call' : ''}`,
    target: isSmall(one)
      ? `≤ ${MAX_RATIO} ×, ≤ ${MAX_BEHIND_SMALL} s longer, no more calls`
      : `≤ ${MAX_RATIO} ×, ≤ ${MAX_MORE_CALLS} more calls`,
    ...compare(one, figures),
  }))
}

function compare(one: Case, figures: Figures): Pick<Target, 'measured' | 'met'> {
  const of = (quantity: string) => median(figures[`${one.name} default ${quantity}`])
  const best = isSmall(one) ? bestOfCheapest(one, figures) : bestFixed(one, figures)
  const [maxBehind, maxMore] = isSmall(one) ? [MAX_BEHIND_SMALL, 0] : [Infinity, MAX_MORE_CALLS]
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
    met: ratio <= MAX_RATIO && behind <= maxBehind && calls <= maxMore,
  }
}
