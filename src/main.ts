import { Cancelled, run } from './action.ts'
import { systemClock } from './clock.ts'
import { githubRunner } from './runner.ts'

// The runner cancels a job with SIGINT, then SIGTERM, and kills it some seconds later.
const cancelling = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    cancelling.abort(new Cancelled('the job was cancelled'))
  })
}

const world = { clock: systemClock, random: Math.random, signal: cancelling.signal }
process.exitCode = (await run(githubRunner(), world)) ? 0 : 1
