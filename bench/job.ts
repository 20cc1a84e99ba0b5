import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { startEmulator, type RecordedRequest } from '../emulator/emulator.ts'
import { inputsFor } from '../scripts/act.ts'
import { interleaved, median, short, type Figures, type Plan } from './figures.ts'
import { RIVALS } from './rivals.ts'
import { STEP, runStep } from './step.ts'

/** A short job is noisy: it runs this many times as often as the other pieces. */
export const REPEATED = 4
/** bytes */
const SIZE = 50_000

/**
 * One small file, uploaded and sent to one chat: the whole process of the action and of a bare Node script.
 *
 * @param bare the script
 * @throws Error if the two do not make the same requests
 */
export async function measureJob(plan: Plan, bare = RIVALS.bareJob): Promise<Figures> {
  const directory = join(plan.directory, 'job')
  mkdirSync(directory, { recursive: true })
  const path = join(directory, 'small.bin')
  writeFileSync(path, randomBytes(SIZE))
  const emulator = await startEmulator()
  const inputs = { ...inputsFor(emulator.values), path }
  let expected: string[] | undefined
  const contestant = (name: string, script: string) => ({
    name,
    run: async () => {
      emulator.requests.length = 0
      const { process, cpu } = await runStep(inputs, directory, script)
      const made = comparable(emulator.requests)
      expected ??= made
      if (!isDeepStrictEqual(made, expected)) throw new Error(difference(name, made, expected))
      return { ms: process * 1000, 'CPU ms': cpu * 1000 }
    },
  })
  const contestants = [contestant('ours', STEP), contestant('bare', bare)]
  try {
    // An unmeasured run first, because it reads the files from the disk.
    await interleaved({ runs: 1, log: () => undefined }, contestants)
    const runs = plan.quick ? plan.runs : plan.runs * REPEATED
    const figures = await interleaved({ ...plan, runs }, contestants)
    const ratio = (quantity: string) =>
      short(median(figures[`ours ${quantity}`]) / median(figures[`bare ${quantity}`]))
    plan.log(`  ratio of medians: ms ${ratio('ms')}, CPU ms ${ratio('CPU ms')}`)
    return figures
  } finally {
    await emulator.close()
  }
}

/**
 * Method, path and status of each request, sorted: the user and the chat are looked up at the same time, so the order
 * in which these two arrive varies. Every other request needs the response to the one before it.
 */
function comparable(requests: readonly RecordedRequest[]): string[] {
  return requests
    .map(({ server, method, path, status }) => {
      const { pathname } = new URL(path, 'http://127.0.0.1')
      // The object gets a new name in every upload.
      const stable = server === 'oss' ? pathname.replace(/[^/]+$/, '*') : pathname
      return `${method} ${server} ${stable} ${status ?? 'no response'}`
    })
    .sort()
}

function difference(name: string, made: readonly string[], expected: readonly string[]): string {
  const list = (requests: readonly string[]) => requests.map((request) => `\n  ${request}`).join('')
  return `${name} made other requests:${list(made)}\nexpected:${list(expected)}`
}
