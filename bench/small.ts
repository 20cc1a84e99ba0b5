import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmulator } from '../emulator/emulator.ts'
import { interleaved, type Figures, type Plan } from './figures.ts'
import { runStep } from './step.ts'

/** ms before each response of the gateways */
const LATENCY = 100
const CONCURRENCY = 4
/** bytes */
const SIZE = 50_000

/** Many small files: what counts is the number of round trips. */
export async function measureSmall(plan: Plan): Promise<Figures> {
  const count = plan.quick ? 12 : 100
  const directory = join(plan.directory, 'small')
  mkdirSync(directory)
  for (let file = 0; file < count; file++)
    writeFileSync(join(directory, `file-${file}.bin`), randomBytes(SIZE))
  try {
    const alone = await interleaved(plan, [{ name: 'ours', run: () => upload(count, directory, plan) }])
    const toChat = { name: 'to-chat', run: () => upload(count, directory, plan, true) }
    return { ...alone, ...(await interleaved({ ...plan, runs: 1 }, [toChat])) }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function upload(
  count: number,
  path: string,
  plan: Plan,
  toChat = false,
): Promise<Record<string, number>> {
  const emulator = await startEmulator({ latency: LATENCY })
  // The emulator records no times, so this polls its list of requests.
  let first: number | undefined
  const watch = setInterval(() => {
    if (emulator.requests.length > 0) first ??= performance.now()
  }, 2)
  try {
    const { appKey, appSecret, userId, spaceId, parentId, apiBaseUrl, oapiBaseUrl } = emulator.values
    const inputs = {
      'app-key': appKey,
      'app-secret': appSecret,
      'user-id': userId,
      'space-id': spaceId,
      'parent-id': parentId,
      path,
      concurrency: String(CONCURRENCY),
      'api-base-url': apiBaseUrl,
      'oapi-base-url': oapiBaseUrl,
      // An open conversation ID needs no lookup.
      ...(toChat ? { 'chat-id': emulator.values.openConversationId } : {}),
    }
    const step = await runStep(inputs, plan.directory)
    const ended = performance.now()
    const calls = emulator.requests.filter(({ server }) => server !== 'oss').length
    const onQuota = emulator.requests.filter((request) => request.onQuota).length
    const ideal = (calls * LATENCY) / CONCURRENCY / 1000
    const transfer = (ended - (first ?? ended)) / 1000
    return {
      'transfer s': transfer,
      'process s': step.process,
      'ideal s': ideal,
      'transfer ÷ ideal': transfer / ideal,
      'process ÷ ideal': step.process / ideal,
      'quota calls per file': onQuota / count,
    }
  } finally {
    clearInterval(watch)
    await emulator.close()
  }
}
