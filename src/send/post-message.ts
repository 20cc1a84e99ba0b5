import type { DingTalk } from '../dingtalk/client.ts'
import { postByWebhook, type CustomRobot } from '../dingtalk/custom-robot.ts'
import { isInDoubt } from '../dingtalk/errors.ts'
import { verbatim, type Text } from '../dingtalk/text.ts'
import type { Http } from '../dingtalk/transport/http.ts'
import type { RetryOptions } from '../dingtalk/transport/retry.ts'
import type { Failure, PostedMessage } from '../result.ts'
import { notPosted, type Chat } from './chats.ts'
import { messageFor } from './message.ts'
import type { Facts } from './placeholders.ts'

/** Who posts a message: the app's own robot, by its code, or a custom one. */
export type Robot = { readonly code: string } | CustomRobot

/** A message, who posts it, and where. */
export interface Post {
  /** Markdown with placeholders. */
  readonly message: string
  /** What the placeholders stand for. */
  readonly facts: Facts
  readonly robot: Robot
  /** The app's robot posts in these groups; a custom robot has a group of its own. */
  readonly chats: readonly Chat[]
}

const ROBOTS_GROUP: Text = { en: "the robot's group", zh: '机器人所在的群' }

/** Posts the message once in each group. */
export async function postMessage(
  { message, facts, robot, chats }: Post,
  http: Http,
  { dingtalk, retryOptions }: { dingtalk: DingTalk; retryOptions: RetryOptions },
): Promise<PostedMessage> {
  const markdown = messageFor(message, facts)
  const posts =
    'code' in robot
      ? chats.map(({ given, id }) => ({
          where: verbatim(given),
          post: () => dingtalk.post(markdown, robot.code, id),
        }))
      : [{ where: ROBOTS_GROUP, post: () => postByWebhook(robot, markdown, http, retryOptions) }]
  const to: Text[] = []
  const failures: Failure[] = []
  for (const { where, post } of posts) {
    try {
      await post()
      to.push(where)
      retryOptions.log(postedLine(markdown.title, where))
    } catch (error) {
      failures.push({ consequence: isInDoubt(error) ? mayBePosted(where) : notPosted(where), error })
    }
  }
  return { title: markdown.title, to, failures }
}

function postedLine(title: string, { en, zh }: Text): Text {
  return { en: `Posted "${title}" to ${en}.`, zh: `已将「${title}」发送到 ${zh}。` }
}

function mayBePosted({ en, zh }: Text): Text {
  return {
    en: `The message may or may not have been posted to ${en}.`,
    zh: `无法确认消息是否已发送到 ${zh}。`,
  }
}
