import { DingTalkError } from '../dingtalk/errors.ts'
import type { Failure } from '../domain.ts'
import { InputError } from '../errors.ts'
import type { Runner } from '../github/runner.ts'
import type { Text } from '../http/text.ts'

export const NOTHING_UPLOADED: Text = { en: 'Nothing was uploaded.', zh: '未上传任何文件。' }

/** The failure of a job that an error has stopped. An unexpected error adds its stack trace to the debug log. */
export function stoppedBy(error: unknown, runner: Runner): Failure {
  if (!(error instanceof InputError || error instanceof DingTalkError)) {
    runner.debug(error instanceof Error ? (error.stack ?? '') : '')
  }
  // Before anything is uploaded, the only user who stops the job is the operator.
  const isAboutOperator = error instanceof DingTalkError && error.operation === 'unionId'
  const about = isAboutOperator ? { input: 'user-id', value: runner.input('user-id').trim() } : undefined
  return { consequence: NOTHING_UPLOADED, error, about }
}
