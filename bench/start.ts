import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { environment, start } from './child.ts'
import { interleaved, type Figures, type Plan } from './figures.ts'
import { RIVALS } from './rivals.ts'
import { BUNDLE, stepEnvironment, stepInputs } from './step.ts'

/** A start is short and noisy: it is repeated more often than the rest. */
const REPEATED = 4

/** How long it takes from the start of a process until its first request has arrived, in ms. */
export async function measureStart(plan: Plan): Promise<Figures> {
  const directory = join(plan.directory, 'start')
  mkdirSync(directory)
  const path = join(directory, 'small.txt')
  writeFileSync(path, 'small\n')
  const listener = await listen()
  const contestant = (name: string, args: readonly string[], env: Readonly<Record<string, string>>) => ({
    name,
    run: async () => ({ ms: await listener.firstRequest(args, env) }),
  })
  const contestants = [
    contestant('ours', [BUNDLE], stepEnvironment(stepInputs(listener.origin, path), directory)),
    contestant('bare', [RIVALS.bare, listener.origin], environment()),
    contestant('dispatcher', [RIVALS.dispatcher, listener.origin], environment()),
    contestant('artifact', [RIVALS.artifact], {
      ...stepEnvironment({ path }, directory),
      GITHUB_WORKSPACE: directory,
      ACTIONS_RESULTS_URL: listener.origin,
      ACTIONS_RUNTIME_TOKEN: runtimeToken(),
    }),
    contestant('cypress', [RIVALS.cypress], {
      ...stepEnvironment({}, directory),
      INPUT_INSTALL: 'false',
      INPUT_RUNTESTS: 'false',
      'INPUT_WAIT-ON': listener.origin,
    }),
  ]
  try {
    // Once unmeasured: the first run of each reads its files from the disk.
    await interleaved({ runs: 1, log: () => undefined }, contestants)
    return await interleaved({ ...plan, runs: plan.quick ? plan.runs : plan.runs * REPEATED }, contestants)
  } finally {
    listener.stop()
  }
}

async function listen() {
  let onRequest: () => void = () => undefined
  const server = createServer(() => {
    onRequest()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Starts a Node process, and ends it as soon as it has asked for something. */
    firstRequest: async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> => {
      const arrived = Promise.withResolvers<number>()
      const started = performance.now()
      onRequest = () => {
        arrived.resolve(performance.now() - started)
      }
      const child = start(process.execPath, args, env)
      const exited = new Promise<void>((resolve) => {
        child.once('exit', (code) => {
          arrived.reject(new Error(`${args[0] ?? ''} exited with ${code ?? 'a signal'}, without a request`))
          resolve()
        })
      })
      const timeout = setTimeout(() => child.kill('SIGKILL'), 30_000)
      try {
        return await arrived.promise
      } finally {
        clearTimeout(timeout)
        child.kill('SIGKILL')
        await exited
        server.closeAllConnections()
      }
    },
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** A token of the form that `@actions/artifact` takes apart: it names the run, and nobody here checks it. */
function runtimeToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return [part({ alg: 'none' }), part({ scp: 'Actions.Results:run:job' }), ''].join('.')
}
