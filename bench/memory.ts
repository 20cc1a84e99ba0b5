import { Contest } from './contest.ts'
import { interleaved, type Figures, type Plan } from './figures.ts'
import { MIB, sparseFile } from './sample-file.ts'

/** The most memory that the action ever holds, for a large file and a sixteen times larger one. */
export async function measureMemory(plan: Plan): Promise<Figures> {
  using large = sparseFile(plan.directory, (plan.quick ? 64 : 256) * MIB)
  using larger = sparseFile(plan.directory, (plan.quick ? 512 : 4096) * MIB)
  const contest = await Contest.start(plan.directory)
  const peak = async (file: typeof large) => ({ 'peak MiB': (await contest.ours(file)).maxRss / MIB })
  try {
    return await interleaved(plan, [
      { name: 'large', run: () => peak(large) },
      { name: 'larger', run: () => peak(larger) },
    ])
  } finally {
    contest.stop()
  }
}
