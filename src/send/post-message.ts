import type { DingTalk } from '../dingtalk/client.ts'
import { postByWebhook, type CustomRobot } from '../dingtalk/custom-robot.ts'
import { isInDoubt } from '../dingtalk/errors.ts'
import type { Http } from '../dingtalk/transport/http.ts'
import type { RetryOptions } from '../dingtalk/transport/retry.ts'
import type { WorkflowRun } from '../github/runner.ts'
import type { Failure, FileResult } from '../result.ts'
import { messageFor } from './message.ts'
import type { Recipient } from './recipients.ts'

/** Who posts a message: the app's own robot, by its code, or a custom one. */
export type Robot = { readonly code: string } | CustomRobot

/** A message, who posts it, and where. */
export interface Post {
  /** Markdown with placeholders. */
  readonly message: string
  readonly robot: Robot
  /** The app's robot posts in the groups among them; a custom robot has a group of its own. */
  readonly recipients: readonly Recipient[]
  readonly run: WorkflowRun | undefined
}

/**
 * Posts the message once in each group, if at least one file is in DingTalk.
 *
 * @returns what was not posted, or may not have been
 */
export async function postMessage(
  { message, robot, recipients, run }: Post,
  results: readonly FileResult[],
  http: Http,
  { dingtalk, retryOptions }: { dingtalk: DingTalk; retryOptions: RetryOptions },
): Promise<Failure[]> {
  const files = results.flatMap(({ uploaded }) =>
    uploaded ? [{ name: uploaded.dentry.name, url: uploaded.url }] : [],
  )
  if (files.length === 0) return []
  const markdown = messageFor(message, files, run)
  const posts =
    'code' in robot
      ? recipients
          .filter(({ kind }) => kind === 'chat')
          .map(({ given, id }) => ({ where: given, post: () => dingtalk.post(markdown, robot.code, id) }))
      : [{ where: "the robot's group", post: () => postByWebhook(robot, markdown, http, retryOptions) }]
  const failures: Failure[] = []
  for (const { where, post } of posts) {
    try {
      await post()
      retryOptions.log(`message posted in ${where}`)
    } catch (error) {
      const posted = isInDoubt(error) ? 'may or may not have been posted' : 'was not posted'
      failures.push({ what: `the message ${posted} in ${where}`, error })
    }
  }
  return failures
}
