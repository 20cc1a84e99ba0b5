import type { DingTalk } from '../dingtalk/client.ts'
import { postByWebhook, type CustomRobot } from '../dingtalk/custom-robot.ts'
import { isInDoubt } from '../dingtalk/errors.ts'
import { verbatim, type Text } from '../dingtalk/text.ts'
import type { Http } from '../dingtalk/transport/http.ts'
import type { RetryOptions } from '../dingtalk/transport/retry.ts'
import type { WorkflowRun } from '../github/runner.ts'
import type { Failure, FileResult } from '../result.ts'
import type { Language } from '../text/language.ts'
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
  readonly language: Language
}

const ROBOTS_GROUP: Text = { en: "the robot's group", zh: '机器人所在的群' }

/**
 * Posts the message once in each group, if at least one file is in DingTalk.
 *
 * @returns what was not posted, or may not have been
 */
export async function postMessage(
  { message, robot, recipients, run, language }: Post,
  results: readonly FileResult[],
  http: Http,
  { dingtalk, retryOptions }: { dingtalk: DingTalk; retryOptions: RetryOptions },
): Promise<Failure[]> {
  const files = results.flatMap(({ uploaded }) =>
    uploaded ? [{ name: uploaded.dentry.name, url: uploaded.url }] : [],
  )
  if (files.length === 0) return []
  const markdown = messageFor(message, files, run, language)
  const posts =
    'code' in robot
      ? recipients
          .filter(({ kind }) => kind === 'chat')
          .map(({ given, id }) => ({
            where: verbatim(given),
            post: () => dingtalk.post(markdown, robot.code, id),
          }))
      : [{ where: ROBOTS_GROUP, post: () => postByWebhook(robot, markdown, http, retryOptions) }]
  const failures: Failure[] = []
  for (const { where, post } of posts) {
    try {
      await post()
      retryOptions.log({ en: `Posted the message to ${where.en}.`, zh: `已在${where.zh} 发送消息。` })
    } catch (error) {
      failures.push({ consequence: isInDoubt(error) ? mayBePosted(where) : notPosted(where), error })
    }
  }
  return failures
}

function notPosted({ en, zh }: Text): Text {
  return { en: `The message was not posted to ${en}.`, zh: `消息未发送到 ${zh}。` }
}

function mayBePosted({ en, zh }: Text): Text {
  return {
    en: `The message may or may not have been posted to ${en}.`,
    zh: `无法确认消息是否已发送到 ${zh}。`,
  }
}
