import { Contest, type Network } from './contest.ts'
import { interleaved, type Figures, type Plan } from './figures.ts'
import { MIB, sparseFile, sparseFiles, type SampleFile } from './sample-file.ts'

/** A link that benefits from many connections. */
const FAR: Network = { rate: 4 * MIB, roundTrip: 50, slowStart: true }

/**
 * Peak memory of the action: for a large file and for one sixteen times larger over the same number of connections,
 * for the larger one with default settings over a link that benefits from many connections, and for many files at once.
 */
export async function measureMemory(plan: Plan): Promise<Figures> {
  using large = sparseFile(plan.directory, (plan.quick ? 64 : 256) * MIB)
  using larger = sparseFile(plan.directory, (plan.quick ? 512 : 4096) * MIB)
  const count = plan.quick ? 8 : 32
  using many = sparseFiles(plan.directory, count, 34 * MIB)
  const contest = await Contest.start(plan.directory)
  const far = await Contest.start(plan.directory, FAR)
  const peak = async (sample: SampleFile, inputs: Readonly<Record<string, string>> = {}, over = contest) => {
    const { maxRss, puts, connections } = await over.ours(sample, inputs)
    return { 'peak MiB': maxRss / MIB, puts, connections }
  }
  try {
    return await interleaved(plan, [
      { name: 'large over 16', run: () => peak(large, { concurrency: '16' }) },
      { name: 'larger over 16', run: () => peak(larger, { concurrency: '16' }) },
      { name: 'larger', run: () => peak(larger) },
      { name: 'most', run: () => peak(larger, {}, far) },
      { name: 'many', run: () => peak(many, { concurrency: String(count) }) },
    ])
  } finally {
    contest.stop()
    far.stop()
  }
}
