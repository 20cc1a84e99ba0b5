import { createHash, randomBytes } from 'node:crypto'
import { Contest, type Timed, type TransferredByStep } from './contest.ts'
import { interleaved, type Figures, type Plan } from './figures.ts'
import { MIB, randomFile } from './sample-file.ts'

/** One large file over loopback. */
export async function measureLoopback(plan: Plan): Promise<Figures> {
  using file = randomFile(plan.directory, (plan.quick ? 64 : 1024) * MIB)
  const contest = await Contest.start(plan.directory)
  const gibibytes = file.size / 1024 ** 3
  const speed = ({ transfer, process, cpu, senderCpu }: Timed) => ({
    'transfer MB/s': file.size / 1e6 / transfer,
    'process MB/s': file.size / 1e6 / process,
    'CPU s per GiB': senderCpu / gibibytes,
    'sink CPU s per GiB': cpu / gibibytes,
  })
  const stepSpeed = (step: TransferredByStep) => ({
    ...speed(step),
    puts: step.puts,
  })
  try {
    return await interleaved(plan, [
      { name: 'ours', run: async () => stepSpeed(await contest.ours(file)) },
      { name: 'curl', run: async () => speed(await contest.curl(file)) },
      { name: 'parts', run: async () => stepSpeed(await contest.ours(file, { concurrency: '16' })) },
      // The action hashes what it sends and curl does not. The speed of one core shows what that takes.
      { name: 'md5', run: () => Promise.resolve({ 'MB/s': md5Speed(plan.quick ? 4 : 32) }) },
    ])
  } finally {
    contest.stop()
  }
}

/** MB/s of MD5 in one thread, nothing read or sent. */
function md5Speed(blocks: number): number {
  const block = randomBytes(8 * MIB)
  const hash = createHash('md5')
  const started = performance.now()
  for (let count = 0; count < blocks; count++) hash.update(block)
  return (blocks * block.length) / 1000 / (performance.now() - started)
}
