import type { DingTalk } from '../dingtalk/client.ts'
import { isInDoubt } from '../dingtalk/errors.ts'
import { type Button, MAX_MESSAGE, type Mentions, postByWebhook, sizeBeside } from '../dingtalk/robots.ts'
import type { Failure, PostedMessage, Robot, Webhook } from '../domain.ts'
import type { Http } from '../http/http.ts'
import type { Text } from '../http/text.ts'
import { buttonsFor } from './buttons.ts'
import { type Chat, groupText, notPosted } from './chats.ts'
import { messageFor } from './message.ts'
import type { Facts } from './placeholders.ts'

/** A message, who posts it, and where. */
export interface Post {
  /** Markdown with placeholders. */
  readonly message: string
  /** With placeholders. */
  readonly buttons: readonly Button[]
  /** Whom a custom robot mentions. */
  readonly mentions: Mentions | undefined
  /** What the placeholders stand for. */
  readonly facts: Facts
  readonly robot: Robot
  /** The app's robot posts in these groups; a custom robot has a group of its own. */
  readonly chats: readonly Chat[]
}

/** The group of a custom robot. */
function groupOf({ position }: Webhook): Text {
  if (position === undefined) return { en: "the robot's group", zh: '机器人所在的群' }
  return { en: `the group of webhook ${position}`, zh: `第 ${position} 个 webhook 所在的群` }
}

/** Posts the message once in each group, even if another group fails. */
export async function postMessage(
  { message, buttons: templates, mentions, facts, robot, chats }: Post,
  http: Http,
  { dingtalk, retries, log }: { dingtalk: DingTalk; retries: number; log: (line: Text) => void },
): Promise<PostedMessage> {
  const buttons = buttonsFor(templates, facts)
  if (buttons.length < templates.length) log(leftOut(templates.length - buttons.length))
  const room = MAX_MESSAGE - sizeBeside(buttons, mentions)
  const content = { ...messageFor(message, facts, room), buttons }
  const posts =
    robot.kind === 'app'
      ? chats.map(({ given, id }) => ({
          where: groupText(given),
          post: () => dingtalk.post(content, robot.code, id),
        }))
      : robot.webhooks.map((webhook) => ({
          where: groupOf(webhook),
          post: () => postByWebhook(webhook, { ...content, mentions }, http, { retries, log }),
        }))
  const to: Text[] = []
  const failures: Failure[] = []
  for (const { where, post } of posts) {
    try {
      await post()
      to.push(where)
      log(postedLine(content.title, where))
    } catch (error) {
      failures.push({ consequence: isInDoubt(error) ? mayBePosted(where) : notPosted(where), error })
    }
  }
  return { title: content.title, to, failures }
}

function leftOut(count: number): Text {
  return {
    en: `Buttons left out because they have no title or no address once their placeholders are filled in: ${count}.`,
    zh: `替换占位符后，有 ${count} 个按钮没有标题或链接，已省略。`,
  }
}

function postedLine(title: string, { en, zh }: Text): Text {
  return { en: `Posted "${title}" to ${en}.`, zh: `已将「${title}」发送到${zh}。` }
}

function mayBePosted({ en, zh }: Text): Text {
  return {
    en: `The message may or may not have been posted to ${en}.`,
    zh: `无法确认消息是否已发送到${zh}。`,
  }
}
