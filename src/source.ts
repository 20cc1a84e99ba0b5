/** Which job of which run of which workflow uploads a file: what the file's mark says of where it comes from. */
export interface Source {
  /** 16 hex digits: the same for every run of one workflow of one repository. */
  readonly workflow: string
  /** Digits; a later run has a higher number. */
  readonly run: string
  /** 16 hex digits: the same for every attempt of one job. Absent where the jobs of a run cannot be told apart. */
  readonly job?: string | undefined
}

/** The job that runs the step. */
export interface Job {
  /** Undefined outside a workflow. */
  readonly source: Source | undefined
  /** 1 for the first attempt of a run, higher when it is re-run. */
  readonly attempt: number
}

/** The source as the mark has it. */
export function sourceText({ workflow, run, job }: Source): string {
  return [workflow, run, ...(job === undefined ? [] : [job])].join('.')
}

/** Reads the source of a mark. @returns undefined if it is none of ours */
export function parseSource(text: string | undefined): Source | undefined {
  const match = /^([0-9a-f]{16})\.(\d{1,20})(?:\.([0-9a-f]{16}))?$/.exec(text ?? '')
  if (!match) return undefined
  const [, workflow = '', run = '', job] = match
  return { workflow, run, ...(job === undefined ? {} : { job }) }
}
