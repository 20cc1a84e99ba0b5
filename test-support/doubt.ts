import { ADVICE } from '../src/report/advice.ts'

/** Whether a reported error says that something may have happened. */
export function reportsDoubt(error: string): boolean {
  return ADVICE.some(({ inDoubt, cause }) => inDoubt && cause && error.includes(cause.en))
}

/** How many of a job's errors say that something may have happened. */
export function doubts(errors: readonly string[]): number {
  return errors.filter(reportsDoubt).length
}
