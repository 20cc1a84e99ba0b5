import { Contest, type Transferred } from '../contest.ts'
import { interleaved, median, short, type Contestant, type Figures, type Plan } from '../figures.ts'
import { MIB, randomFile, sparseFiles, type SampleFile } from '../sample-file.ts'
import { CASES, isSmall, type Case } from './cases.ts'
import { MAX_CONNECTIONS, physicalLimit } from './limit.ts'
import { runPacked, type Task } from './packing.ts'
import {
  AS_IT_COMES,
  CONCURRENCIES,
  EVERY_CONCURRENCY,
  settingsOf,
  tunings,
  type Setting,
  type Tuning,
} from './settings.ts'
import { bestFixed, bestOfCheapest } from './verdict.ts'

/** Bytes/s that this machine carries at once without slowing a contestant down. */
const CAPACITY = 48 * MIB
/** The maximum number of contestants at the same time, because starting them takes processor time. */
const AT_ONCE = 8

const QUICK_CONCURRENCY = 8

/** How many of the fastest fixed settings take turns with the defaults; of small files, the best of the cheapest too. */
const FINALISTS = 2

/** A transfer that takes less (s) is measured at least this often, because its times vary more. */
const SHORT = 2
const SHORT_RUNS = 9

/**
 * Simulated links: the defaults of the action against every fixed setting, `curl -T` and ali-oss.
 *
 * Every fixed setting and every rival runs once, many of them at the same time: they mostly wait. Then the fastest fixed
 * settings take turns with the defaults, alone on the machine. A short transfer takes more turns. Names: `<case> <contestant> <quantity>`.
 *
 * @param plan `cases`: which; `everyConcurrency`: from 1 to 32, not only powers of two
 */
export async function measureLinks(plan: Plan): Promise<Figures> {
  const cases = CASES.filter(({ name }) => plan.cases?.includes(name) ?? true).map((one) =>
    plan.quick ? smaller(one) : one,
  )
  const fields = cases.map((one) => ({ case: one, file: filesOf(one, plan.directory) }))
  const figures: Figures = {}
  for (const field of fields) Object.assign(figures, await measureLink(field.case, plan))
  const surveys = fields.flatMap((field) => surveyOf(field, plan, figures))
  plan.log(`  ${surveys.length} settings, once each`)
  await runPacked(surveys, CAPACITY)
  for (const field of fields) Object.assign(figures, await finals(field, plan, figures))
  return figures
}

interface Field {
  case: Case
  file: SampleFile
}

/** Measured once per size; the directory's owner removes them. */
function filesOf({ size, files }: Case, directory: string): SampleFile {
  return files > 1 ? sparseFiles(directory, files, size) : randomFile(directory, size)
}

function concurrenciesOf({ quick, everyConcurrency = false }: Plan): readonly number[] {
  if (quick) return [QUICK_CONCURRENCY]
  return everyConcurrency ? EVERY_CONCURRENCY : CONCURRENCIES
}

function smaller(one: Case): Case {
  return { ...one, size: Math.min(one.size, 4 * MIB), files: Math.min(one.files, 8) }
}

/** The link itself, to show that it is what it simulates. */
async function measureLink({ name, title, network }: Case, { directory, log }: Plan): Promise<Figures> {
  const contest = await Contest.start(directory, network)
  try {
    const { rate, roundTrip, total } = await contest.probe()
    const shared = total === undefined ? '' : `, ${short(total / MIB)} MiB/s in all`
    log(`  ${name} (${title})`)
    log(`    link: measured ${short(rate / MIB)} MiB/s${shared}, ${short(roundTrip)} ms`)
    return {
      [`${name} link MiB/s`]: [rounded(rate / MIB)],
      [`${name} link round trip ms`]: [rounded(roundTrip)],
      ...(total === undefined ? {} : { [`${name} link total MiB/s`]: [rounded(total / MIB)] }),
    }
  } finally {
    contest.stop()
  }
}

/** One run of each fixed setting and of each rival, written to `figures`. */
function surveyOf(field: Field, plan: Plan, figures: Figures): Task[] {
  const { name, network, files } = field.case
  const task = (connections: number, contestantOf: (contest: Contest) => Contestant): Task => ({
    load: Math.max(loadOf(field.case, connections), CAPACITY / AT_ONCE),
    run: async () => {
      const contest = await Contest.start(plan.directory, network)
      try {
        Object.assign(figures, await interleaved({ runs: 1, log: plan.log }, [contestantOf(contest)]))
      } finally {
        contest.stop()
      }
    },
  })
  const settings = settingsOf(concurrenciesOf(plan))
  // ali-oss has no call for many files.
  const rivals = files > 1 ? [] : [AS_IT_COMES, ...tunings(field.case).slice(0, plan.quick ? 1 : undefined)]
  return [
    task(1, (contest) => attempt(`${name} curl`, async () => secondsOf(await contest.curl(field.file)))),
    ...settings.map((setting) =>
      task(setting.concurrency, (contest) => ours(field, contest, setting.name, setting)),
    ),
    ...rivals.map((tuning) => task(tuning.parallel, (contest) => aliOss(field, contest, tuning))),
  ]
}

/** Bytes/s. */
function loadOf({ network }: Case, connections: number): number {
  const { rate = Infinity, total = Infinity } = network
  const together = typeof total === 'number' ? total : Math.max(...total.map((change) => change.rate))
  return Math.min(rate * Math.min(connections, network.maxPuts ?? MAX_CONNECTIONS), together)
}

/** The defaults and the fastest fixed settings, in turns. */
async function finals(field: Field, plan: Plan, surveyed: Figures): Promise<Figures> {
  const { name, network } = field.case
  const time = ({ name: setting }: Setting) => median(surveyed[`${name} ${setting} process s`])
  const cheapest = isSmall(field.case) ? bestOfCheapest(field.case, surveyed).name : undefined
  const finalists = settingsOf(concurrenciesOf(plan))
    .filter((setting) => !Number.isNaN(time(setting)))
    .toSorted((one, other) => time(one) - time(other))
    .filter((setting, rank) => rank < FINALISTS || setting.name === cheapest)
  const isShort = finalists.some((setting) => time(setting) < SHORT)
  const runs = isShort && !plan.quick ? Math.max(plan.runs, SHORT_RUNS) : plan.runs
  const contest = await Contest.start(plan.directory, network)
  try {
    const figures = await interleaved({ runs, log: plan.log }, [
      ours(field, contest, 'default'),
      ...finalists.map((setting) => ours(field, contest, setting.name, setting)),
    ])
    const best = bestFixed(field.case, { ...surveyed, ...figures })
    const byDefault = median(figures[`${name} default process s`])
    plan.log(
      `  ${name}: default ${short(byDefault)} s, best fixed ${short(best.seconds)} s (${best.name}): ` +
        `${short(byDefault / best.seconds)} ×; limit ${short(physicalLimit(field.case))} s`,
    )
    return figures
  } finally {
    contest.stop()
  }
}

function ours(
  { case: { name }, file }: Field,
  contest: Contest,
  title: string,
  setting?: Setting,
): Contestant {
  return attempt(`${name} ${title}`, async () => {
    const step = await contest.ours(file, setting?.inputs)
    return {
      ...secondsOf(step),
      'CPU s': rounded(step.senderCpu),
      'quota calls': step.quotaCalls,
      ...(setting
        ? {}
        : { connections: step.connections, puts: step.puts, 'peak MiB': rounded(step.maxRss / MIB) }),
    }
  })
}

function aliOss({ case: { name }, file }: Field, contest: Contest, tuning: Tuning): Contestant {
  return attempt(`${name} ${tuning.name}`, async () =>
    secondsOf(await contest.aliOss(file, tuning.parallel, tuning.partSize)),
  )
}

/** A contestant that fails has no figures, which is also a result. */
function attempt(name: string, run: () => Promise<Record<string, number>>): Contestant {
  return {
    name,
    run: async () => {
      try {
        return await run()
      } catch (error) {
        console.error(`    ${(error as Error).message.replaceAll('\n', '\n    ')}`)
        return {}
      }
    },
  }
}

function secondsOf({ process }: Transferred): Record<string, number> {
  return { 'process s': rounded(process) }
}

/** To a thousandth. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
