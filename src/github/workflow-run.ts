import { readEvent } from './event.ts'
import type { WorkflowRun } from './runner.ts'

/**
 * Reads which workflow run this is, from the runner's variables and the payload of the event that started it.
 *
 * @returns undefined outside a workflow
 */
export function workflowRunOf(
  variables: Readonly<Record<string, string | undefined>>,
): WorkflowRun | undefined {
  // @actions/github fails without these variables: outside a workflow none is set, and not every run has a ref.
  const given = (name: string) => variables[`GITHUB_${name}`] ?? ''
  if (!given('RUN_ID')) return undefined
  const repository = given('REPOSITORY')
  const url = `${given('SERVER_URL') || 'https://github.com'}/${repository}`
  const event = readEvent(given('EVENT_PATH'))
  const commit = event.commit ?? given('SHA')
  return {
    repository,
    workflow: given('WORKFLOW'),
    number: Number(given('RUN_NUMBER')),
    url: `${url}/actions/runs/${given('RUN_ID')}`,
    commit,
    commitUrl: `${url}/commit/${commit}`,
    actor: given('ACTOR'),
    ref: event.ref ?? given('REF').replace(/^refs\/(heads\/|tags\/)?/, ''),
    title: event.title,
    changes: event.changes,
  }
}
