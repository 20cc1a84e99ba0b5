import { MAX_MESSAGE, messageSize } from '../send/message.ts'
import type { Robot } from '../send/post-message.ts'
import { protectsSecrets } from './base-url.ts'
import type { InputReader } from './reader.ts'

/** Reads the message. A robot must be there to post it, and a group for the app's own robot to post it in. */
export function readMessage(
  reader: InputReader<'chat-id' | 'message' | 'robot-code' | 'robot-webhook'>,
): string {
  const message = reader.text('message', refusalOfMessage)
  const code = reader.text('robot-code')
  if (message && !code && !reader.text('robot-webhook')) {
    reader.problem(
      'message',
      'robot-code or robot-webhook is required to post it / 需要 robot-code 或 robot-webhook',
    )
  }
  if (message && code && !reader.text('chat-id')) {
    reader.problem(
      'chat-id',
      'is required for message: robot-code posts it in these groups / 必填：robot-code 在这些群中发送 message',
    )
  }
  return message
}

function refusalOfMessage(message: string): string | undefined {
  const bytes = messageSize({ title: '', text: message })
  if (bytes <= MAX_MESSAGE) return undefined
  return `is too long: ${bytes} of at most ${MAX_MESSAGE} bytes / 过长：最多 ${MAX_MESSAGE} 字节`
}

/** Reads the robot, if there is one. The webhook and its secret are never quoted. */
export function readRobot(
  reader: InputReader<'robot-code' | 'robot-webhook' | 'robot-secret'>,
): Robot | undefined {
  const code = reader.text('robot-code')
  const secret = reader.text('robot-secret')
  if (code && reader.text('robot-webhook')) {
    reader.problem(
      'robot-webhook',
      'robot-code is given too: keep one of them / 与 robot-code 重复：请保留其一',
    )
  }
  const webhook = reader.text('robot-webhook', refusalOfWebhook)
  if (webhook) return secret ? { webhook, secret } : { webhook }
  if (secret) {
    reader.problem(
      'robot-secret',
      'signs what robot-webhook posts, and that is not given / 用于 robot-webhook 加签，但未填写 robot-webhook',
    )
  }
  return code ? { code } : undefined
}

function refusalOfWebhook(webhook: string): string | undefined {
  const url = URL.parse(webhook)
  if (url?.pathname.endsWith('/robot/send') && url.searchParams.get('access_token') && protectsSecrets(url)) {
    return undefined
  }
  return 'is not the address of a robot: https://oapi.dingtalk.com/robot/send?access_token=… / 不是机器人的 Webhook 地址'
}
