import { actionsRunner } from './github/actions-runner.ts'
import { ignoreLostReaders, runProcess } from './process.ts'

/** The step in this process: what `@github/local-action` calls, and `index.ts` where the bundle is run. */
export async function run(): Promise<void> {
  ignoreLostReaders()
  await runProcess(actionsRunner())
}
