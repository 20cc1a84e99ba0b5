/** The measurements of a piece: one value per run, in order. Names are `<contestant> <quantity>`. */
export type Figures = Record<string, number[]>

/** How to measure a piece. */
export interface Plan {
  runs: number
  /** Smaller sizes, to check that the benchmarks work. */
  quick: boolean
  /** For temporary files; the caller removes it. */
  directory: string
  /** The cases of `links` to measure; default: all. */
  cases?: readonly string[]
  /** Measure `links` with every concurrency from 1 to 32; otherwise only with powers of two. */
  everyConcurrency?: boolean
  log: (line: string) => void
}

export interface Contestant {
  name: string
  /** Runs once and returns its quantities. */
  run: () => Promise<Record<string, number>>
}

/** Runs contestants in turn (A B C A B C …): a slow moment of the machine affects all of them. */
export async function interleaved(
  { runs, log }: Pick<Plan, 'runs' | 'log'>,
  contestants: readonly Contestant[],
): Promise<Figures> {
  const figures: Figures = {}
  for (let round = 1; round <= runs; round++) {
    for (const { name, run } of contestants) {
      const quantities = await run()
      const shown = Object.entries(quantities).map(([quantity, value]) => `${quantity} ${short(value)}`)
      log(`  ${round}/${runs} ${name}: ${shown.join(', ') || 'failed'}`)
      for (const [quantity, value] of Object.entries(quantities)) {
        ;(figures[`${name} ${quantity}`] ??= []).push(value)
      }
    }
  }
  return figures
}

/** The middle value; NaN if there is none. */
export function median(values: readonly number[] = []): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return low === undefined || high === undefined ? NaN : (low + high) / 2
}

/** A number with three significant digits, or rounded to an integer from 1000. */
export function short(value: number): string {
  return value >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}

/** The median, with the minimum and the maximum. */
export function spread(values: readonly number[] = []): string {
  if (values.length === 0) return '—'
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const middle = short(median(values))
  return least === most ? middle : `${middle} (${short(least)}–${short(most)})`
}
