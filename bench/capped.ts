import { Contest, type Network, type Transferred } from './contest.ts'
import { interleaved, type Figures, type Plan } from './figures.ts'
import { MIB, randomFile } from './sample-file.ts'

/** A hosted runner that uploads to OSS across an ocean. */
export const OCEAN: Network = { rate: 4e6, roundTrip: 150 }

export const PARALLEL = 8

/** ali-oss's part size in bytes, if the action sends the file in a single request. */
const FALLBACK_PART_SIZE = 8 * MIB

/** One large file over a link that caps the speed of each connection. */
export async function measureCapped(plan: Plan): Promise<Figures> {
  using file = randomFile(plan.directory, (plan.quick ? 40 : 200) * MIB)
  const contest = await Contest.start(plan.directory, OCEAN)
  let partSize = FALLBACK_PART_SIZE
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
      { name: 'default', run: async () => times(await contest.ours(file)) },
      { name: 'curl', run: async () => times(await contest.curl(file)) },
      { name: 'ali-oss', run: async () => times(await contest.aliOss(file, PARALLEL, partSize)) },
      { name: 'ali-oss-default', run: async () => times(await contest.aliOss(file, PARALLEL)) },
    ])
  } finally {
    contest.stop()
  }
}
