import { Contest, type Distance, type Transferred } from './contest.ts'
import { interleaved, type Figures, type Plan } from './figures.ts'
import { MIB, randomFile } from './sample-file.ts'

/** A hosted runner's way to OSS, an ocean away. */
export const OCEAN: Distance = { rate: 4e6, roundTrip: 150 }

export const PARALLEL = 8

/** Of the action as it was before it knew parts: what ali-oss is given if the action sends the file whole. */
const PART_OF_OLD = 8 * MIB

/** One large file over links that are narrow each. */
export async function measureCapped(plan: Plan): Promise<Figures> {
  using file = randomFile(plan.directory, (plan.quick ? 40 : 200) * MIB)
  const contest = await Contest.start(plan.directory, OCEAN)
  let partSize = PART_OF_OLD
  const times = ({ process, transfer, connections, puts }: Transferred) => ({
    'process s': process,
    'transfer s': transfer,
    connections,
    puts,
  })
  try {
    return await interleaved(plan, [
      {
        name: 'ours',
        run: async () => {
          const step = await contest.ours(file, { concurrency: String(PARALLEL) })
          if (step.puts > 1) partSize = step.largestPut
          return { ...times(step), 'part MiB': step.largestPut / MIB, 'quota calls': step.quotaCalls }
        },
      },
      { name: 'curl', run: async () => times(await contest.curl(file)) },
      { name: 'ali-oss', run: async () => times(await contest.aliOss(file, PARALLEL, partSize)) },
      { name: 'ali-oss-default', run: async () => times(await contest.aliOss(file, PARALLEL)) },
    ])
  } finally {
    contest.stop()
  }
}
