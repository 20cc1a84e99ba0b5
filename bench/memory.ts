import { Contest } from './contest.ts'
import { interleaved, type Figures, type Plan } from './figures.ts'
import { MIB, sparseFile, sparseFiles, type SampleFile } from './sample-file.ts'

/** Peak memory of the action: for a large file, for one sixteen times larger, and for many files at once. */
export async function measureMemory(plan: Plan): Promise<Figures> {
  using large = sparseFile(plan.directory, (plan.quick ? 64 : 256) * MIB)
  using larger = sparseFile(plan.directory, (plan.quick ? 512 : 4096) * MIB)
  const count = plan.quick ? 8 : 32
  // Just over the default `multipart-threshold` of 32 MiB, so each file goes up in parts.
  using many = sparseFiles(plan.directory, count, 34 * MIB)
  const contest = await Contest.start(plan.directory)
  const peak = async (sample: SampleFile, inputs: Readonly<Record<string, string>> = {}) => {
    const { maxRss, puts } = await contest.ours(sample, inputs)
    return { 'peak MiB': maxRss / MIB, puts }
  }
  try {
    return await interleaved(plan, [
      { name: 'large', run: () => peak(large) },
      { name: 'larger', run: () => peak(larger) },
      { name: 'many', run: () => peak(many, { concurrency: String(count) }) },
    ])
  } finally {
    contest.stop()
  }
}
