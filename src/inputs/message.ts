import type { Text } from '../dingtalk/text.ts'
import { MAX_MESSAGE, messageSize } from '../send/message.ts'
import type { InputReader } from './reader.ts'

/** Reads the message. A robot must be there to post it, and a group for the app's own robot to post it in. */
export function readMessage(
  reader: InputReader<'chat-id' | 'message' | 'robot-code' | 'robot-webhook'>,
): string {
  const message = reader.text('message', refusalOfMessage)
  const code = reader.text('robot-code')
  if (message && !code && !reader.text('robot-webhook')) {
    reader.problem('message', {
      en: 'Posting a message requires robot-code or robot-webhook, and neither is set. If robot-webhook comes from a secret, check that the secret exists; workflows for pull requests from forks get no secrets.',
      zh: '发送消息需要 robot-code 或 robot-webhook，二者都没有填写。如果 robot-webhook 取自 secret，请确认该 secret 已设置；来自 fork 的 pull request 无法读取 secret。',
    })
  }
  if (message && code && !reader.text('chat-id')) {
    reader.problem('chat-id', {
      en: 'Required when robot-code posts the message: the robot posts it in these groups.',
      zh: '使用 robot-code 发送 message 时必填：机器人在这些群中发送消息。',
    })
  }
  return message
}

function refusalOfMessage(message: string): Text | undefined {
  const bytes = messageSize({ title: '', text: message })
  if (bytes <= MAX_MESSAGE) return undefined
  return {
    en: `The message is too long: it has ${bytes} bytes, and at most ${MAX_MESSAGE} are allowed.`,
    zh: `消息过长：共 ${bytes} 字节，最多 ${MAX_MESSAGE} 字节。`,
  }
}
