import { createHash } from 'node:crypto'
import type { Job } from '../domain.ts'

/**
 * Reads which job of which run this is.
 *
 * - `GITHUB_SERVER_URL`, `GITHUB_REPOSITORY` and the path in `GITHUB_WORKFLOW_REF` make the workflow: the same on every
 *   branch.
 * - `GITHUB_RUN_ID` is the run. It stays the same when the run is re-run; `GITHUB_RUN_ATTEMPT` then counts up.
 * - `GITHUB_JOB` (the job's key), `GITHUB_ACTION` (the step) and the values of the matrix, which no variable has, make the
 *   job. A job of a reusable workflow has the same ones in every call, so it cannot be told from the others that call
 *   the same; nor can any job where the runner does not say that it is none.
 *
 * @param identity the workflow file of the job (`job.workflow_ref`), a blank, and its matrix as JSON
 */
export function jobOf(variables: Readonly<Record<string, string | undefined>>, identity: string): Job {
  const given = (name: string) => variables[`GITHUB_${name}`] ?? ''
  const attempt = Number(given('RUN_ATTEMPT')) || 1
  const [repository, workflowRef, run] = [given('REPOSITORY'), given('WORKFLOW_REF'), given('RUN_ID')]
  if (!repository || !workflowRef || !/^\d{1,20}$/.test(run)) return { source: undefined, attempt }
  const path = workflowRef.replace(/@.*$/s, '')
  const [job, step] = [given('JOB'), given('ACTION')]
  const matrix = identity.startsWith(`${workflowRef} `) ? identity.slice(workflowRef.length).trim() : ''
  return {
    source: {
      workflow: digest(given('SERVER_URL'), repository, path),
      run,
      ...(job && step && matrix ? { job: digest(job, step, matrix) } : {}),
    },
    attempt,
  }
}

/** The hash of words: 16 hex digits. */
export function digest(...words: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16)
}
