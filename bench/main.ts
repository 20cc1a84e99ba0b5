// The benchmarks on the command line.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { prefer, stopChildren } from './child.ts'
import type { Plan } from './figures.ts'
import { CASES } from './links/cases.ts'
import { machine } from './machine.ts'
import { isPiece, MOST_RUNS, PIECES, type PieceName } from './pieces.ts'
import { publish } from './publication.ts'
import { readResults, type Results } from './results.ts'
import { installRivals } from './rivals.ts'
import { targets } from './targets.ts'

const USAGE = `Usage: npm run bench -- [options]

  --only PIECES  some of ${Object.keys(PIECES).join(',')} (default: all); writes nothing without --write
  --runs N       runs of each contestant (default: 5, with --quick 1)
  --case CASES   some of the links, such as A,B; never written
  --every        the links with every concurrency from 1 to 32, not only powers of two; never written
  --quick        small sizes, to check that the benchmarks work; never written
  --write        write docs/benchmarks.md and its chart; pieces that were not measured keep their figures
  --render       write them again from the figures in bench/results.json
  --help`

/** The minimum number of runs for publishing medians. */
const MIN_RUNS = 5

class UsageError extends Error {}

interface Options {
  pieces: readonly PieceName[]
  runs: number
  quick: boolean
  write: boolean
  cases: readonly string[] | undefined
  every: boolean
}

function parse(args: string[]): Options | 'help' | 'render' {
  const flag = { type: 'boolean' } as const
  let given
  try {
    given = parseArgs({
      args,
      options: {
        only: { type: 'string' },
        runs: { type: 'string' },
        case: { type: 'string' },
        every: flag,
        quick: flag,
        write: flag,
        render: flag,
        help: flag,
      },
    }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
  if (given.help) return 'help'
  if (given.render) return 'render'
  const quick = given.quick ?? false
  const runs = Number(given.runs ?? (quick ? 1 : MIN_RUNS))
  if (!Number.isInteger(runs) || runs < 1 || runs > 100) throw new UsageError('--runs: expected 1 to 100')
  const pieces = (given.only ?? Object.keys(PIECES).join(',')).split(',').map((name) => {
    if (!isPiece(name)) throw new UsageError(`--only: unknown piece "${name}"`)
    return name
  })
  const cases = given.case?.toUpperCase().split(',')
  const unknown = cases?.find((name) => !CASES.some((one) => one.name === name))
  if (unknown !== undefined) throw new UsageError(`--case: unknown case "${unknown}"`)
  const every = given.every ?? false
  const publishable = !quick && runs >= MIN_RUNS && !cases && !every
  if (given.write && !publishable) {
    throw new UsageError(`--write: publishing needs all cases, full sizes and at least ${MIN_RUNS} runs`)
  }
  return {
    pieces,
    runs,
    quick,
    write: given.write ?? (publishable && given.only === undefined),
    cases,
    every,
  }
}

async function measure({ pieces, runs, quick, write, cases, every }: Options): Promise<void> {
  const log = (line: string) => {
    console.error(line)
  }
  installRivals()
  // This process plays the gateways.
  prefer(process.pid)
  const directory = mkdtempSync(join(tmpdir(), 'bench-'))
  const clean = () => {
    stopChildren()
    rmSync(directory, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      clean()
      process.exit(1)
    })
  }
  const plan: Plan = { runs, quick, directory, log, everyConcurrency: every, ...(cases && { cases }) }
  const results: Results = {}
  try {
    for (const name of pieces) {
      const started = performance.now()
      log(`${name}:`)
      const runsOfPiece = Math.min(runs, MOST_RUNS[name] ?? runs)
      const figures = await PIECES[name]({ ...plan, runs: runsOfPiece })
      const date = new Date().toISOString().slice(0, 10)
      results[name] = { date, runs: runsOfPiece, machine: machine(), figures }
      log(`  took ${((performance.now() - started) / 1000).toFixed(0)} s`)
    }
  } finally {
    clean()
  }
  for (const { title, target, measured, met } of targets(results)) {
    console.log(`${met ? 'met    ' : 'NOT met'}  ${title}: ${measured} (target: ${target})`)
  }
  if (quick) console.log('(small sizes: these figures only show that the benchmarks work)')
  if (write) await publish({ ...readResults(), ...results })
}

try {
  const options = parse(process.argv.slice(2))
  if (options === 'help') console.log(USAGE)
  else if (options === 'render') await publish(readResults())
  else await measure(options)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  if (error instanceof UsageError) console.error(`\n${USAGE}`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
