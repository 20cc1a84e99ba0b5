type Variables = Readonly<Record<string, string | undefined>>

/**
 * In what the servers differ that start a step. Their runners set the same variables, but leave some out. Those of Gitea and
 * Forgejo are made of act.
 */
export interface Server {
  /** The variable that the address of a run's page ends with; undefined if neither runs nor commits need have a page. */
  readonly page: 'RUN_ID' | 'RUN_NUMBER' | undefined
  /** Whether runs have IDs of their own. */
  readonly identifiesRuns: boolean
  /** Whether `job.workflow_ref` is filled in, so that jobs of reusable workflows can be recognized. */
  readonly identifiesJobs: boolean
  /** Whether an annotation may have several lines. The others show `%0A`. */
  readonly decodesAnnotations: boolean
  /** Whether the event of a push lists the newest commit first: the newest five, of `total_commits`. */
  readonly listsNewestFirst: boolean
}

const GITHUB: Server = {
  page: 'RUN_ID',
  identifiesRuns: true,
  identifiesJobs: true,
  decodesAnnotations: true,
  listsNewestFirst: false,
}
const GITEA: Server = {
  page: 'RUN_ID',
  identifiesRuns: true,
  identifiesJobs: false,
  decodesAnnotations: false,
  listsNewestFirst: true,
}
const FORGEJO: Server = { ...GITEA, page: 'RUN_NUMBER' }
/** It runs what is on this machine. Every run has the ID 1, and the repository is `nektos/act` if there is no remote. */
const ACT: Server = {
  page: undefined,
  identifiesRuns: false,
  identifiesJobs: false,
  decodesAnnotations: false,
  listsNewestFirst: false,
}

/** The server that started this step: one compatible with GitHub, unless the runner says otherwise. */
export function serverOf(variables: Variables): Server {
  if (variables['FORGEJO_ACTIONS'] === 'true') return FORGEJO
  if (variables['GITEA_ACTIONS'] === 'true') return GITEA
  // The runners of all three set it.
  return variables['ACT'] === 'true' ? ACT : GITHUB
}
