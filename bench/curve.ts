import { OCEAN, PARALLEL } from './capped.ts'
import { Contest } from './contest.ts'
import { interleaved, type Figures, type Plan } from './figures.ts'
import { MIB, randomFile } from './sample-file.ts'

/** MiB */
const SIZES = [1, 4, 16, 64, 256, 1024]

/** Throughput of the whole process by file size, over loopback and the capped link. Names: `<link> <MiB> <contestant> MB/s`. */
export async function measureCurve(plan: Plan): Promise<Figures> {
  const figures: Figures = {}
  const loopback = await Contest.start(plan.directory)
  const ocean = await Contest.start(plan.directory, OCEAN)
  try {
    for (const size of plan.quick ? [1, 4, 40] : SIZES) {
      using file = randomFile(plan.directory, size * MIB)
      const speed = ({ process }: { process: number }) => ({ 'MB/s': file.size / 1e6 / process })
      const fast = await interleaved(plan, [
        { name: `loopback ${size} ours`, run: async () => speed(await loopback.ours(file)) },
        { name: `loopback ${size} curl`, run: async () => speed(await loopback.curl(file)) },
      ])
      const far = await interleaved(plan, [
        {
          name: `capped ${size} ours`,
          run: async () => speed(await ocean.ours(file, { concurrency: String(PARALLEL) })),
        },
      ])
      // At the same time, because one after the other would take half an hour. They do not slow each other down: the cap
      // applies per connection and is far below what the machine can carry.
      const rivals = await ocean.curls(file, plan.runs)
      const curl = rivals.map((transferred) => speed(transferred)['MB/s'])
      plan.log(`  capped ${size} curl: ${curl.map((value) => value.toFixed(2)).join(', ')}`)
      Object.assign(figures, fast, far, { [`capped ${size} curl MB/s`]: curl })
    }
    return figures
  } finally {
    loopback.stop()
    ocean.stop()
  }
}
