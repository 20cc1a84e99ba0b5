import { median, type Figures } from '../figures.ts'
import type { Case } from './cases.ts'
import { settingsOf, tunings, type Setting } from './settings.ts'

/** The fastest of several contestants. */
export interface Best {
  name: string
  /** Whole process; NaN if none of them succeeded. */
  seconds: number
  quotaCalls: number
}

/** The fastest fixed setting of a case. @param concurrency only with this one */
export function bestFixed(one: Case, figures: Figures, concurrency?: number): Best {
  const settings = concurrency === undefined ? settingsOf() : settingsOf([concurrency])
  return fastest(one, settings, figures)
}

/** The fastest of the fixed settings that cost the fewest calls of the quota. */
export function bestOfCheapest(one: Case, figures: Figures): Best {
  const calls = ({ name }: Setting) => median(figures[`${one.name} ${name} quota calls`])
  const settings = settingsOf().filter((setting) => !Number.isNaN(calls(setting)))
  const fewest = Math.min(...settings.map(calls))
  return fastest(
    one,
    settings.filter((setting) => calls(setting) === fewest),
    figures,
  )
}

/** The fastest tuning of ali-oss. */
export function bestTuning(one: Case, figures: Figures): Best {
  return fastest(one, tunings(one), figures)
}

function fastest(one: Case, contestants: readonly { name: string }[], figures: Figures): Best {
  const [best] = contestants
    .map(({ name }) => ({
      name,
      seconds: median(figures[`${one.name} ${name} process s`]),
      quotaCalls: median(figures[`${one.name} ${name} quota calls`]),
    }))
    .filter(({ seconds }) => !Number.isNaN(seconds))
    .toSorted((first, second) => first.seconds - second.seconds)
  return best ?? { name: 'none', seconds: NaN, quotaCalls: NaN }
}
