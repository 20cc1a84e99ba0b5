// The benchmarks on the command line.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stopChildren } from './child.ts'
import type { Plan } from './figures.ts'
import { machine } from './machine.ts'
import { PIECES, isPiece, type PieceName } from './pieces.ts'
import { publish } from './publication.ts'
import { readResults, type Results } from './results.ts'
import { installRivals } from './rivals.ts'
import { targets } from './targets.ts'

const USAGE = `Usage: npm run bench -- [options]

  --only PIECES  some of ${Object.keys(PIECES).join(',')} (default: all); nothing is written without --write
  --runs N       runs of each contestant (default: 5, with --quick 1)
  --quick        small sizes, to see whether it works; never written
  --write        write docs/benchmarks.md and its picture, the pieces left out as they were measured before
  --render       write them anew from what was measured before
  --help`

/** The fewest runs whose medians are published. */
const LEAST_RUNS = 5

class UsageError extends Error {}

interface Order {
  pieces: readonly PieceName[]
  runs: number
  quick: boolean
  write: boolean
}

function parse(args: string[]): Order | 'help' | 'render' {
  const flag = { type: 'boolean' } as const
  let given
  try {
    given = parseArgs({
      args,
      options: {
        only: { type: 'string' },
        runs: { type: 'string' },
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
  const runs = Number(given.runs ?? (quick ? 1 : LEAST_RUNS))
  if (!Number.isInteger(runs) || runs < 1 || runs > 100) throw new UsageError('--runs: 1 to 100')
  const pieces = (given.only ?? Object.keys(PIECES).join(',')).split(',').map((name) => {
    if (!isPiece(name)) throw new UsageError(`--only: there is no "${name}"`)
    return name
  })
  const publishable = !quick && runs >= LEAST_RUNS
  if (given.write && !publishable) {
    throw new UsageError(`--write: what is published is of full size and ${LEAST_RUNS} runs at least`)
  }
  return { pieces, runs, quick, write: given.write ?? (publishable && given.only === undefined) }
}

async function measure({ pieces, runs, quick, write }: Order): Promise<void> {
  const log = (line: string) => {
    console.error(line)
  }
  installRivals()
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
  const plan: Plan = { runs, quick, directory, log }
  const results: Results = {}
  try {
    for (const name of pieces) {
      const started = performance.now()
      log(`${name}:`)
      const figures = await PIECES[name](plan)
      results[name] = { date: new Date().toISOString().slice(0, 10), runs, machine: machine(), figures }
      log(`  took ${((performance.now() - started) / 1000).toFixed(0)} s`)
    }
  } finally {
    clean()
  }
  for (const { title, target, measured, met } of targets(results)) {
    console.log(`${met ? 'met    ' : 'NOT met'}  ${title}: ${measured} (target: ${target})`)
  }
  if (quick) console.log('(small sizes: these figures say only that the benchmarks work)')
  if (write) await publish({ ...readResults(), ...results })
}

try {
  const order = parse(process.argv.slice(2))
  if (order === 'help') console.log(USAGE)
  else if (order === 'render') await publish(readResults())
  else await measure(order)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  if (error instanceof UsageError) console.error(`\n${USAGE}`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
