import type { Text } from '../dingtalk/text.ts'
import type { Robot } from '../send/post-message.ts'
import { protectsSecrets } from './base-url.ts'
import type { InputReader } from './reader.ts'

/** Reads the robot, if there is one. The webhook and its secret are never quoted. */
export function readRobot(
  reader: InputReader<'robot-code' | 'robot-webhook' | 'robot-secret'>,
): Robot | undefined {
  const code = reader.text('robot-code')
  const secret = reader.text('robot-secret')
  if (code && reader.text('robot-webhook')) {
    reader.problem('robot-webhook', {
      en: 'Set either robot-code or robot-webhook, not both.',
      zh: 'robot-code 与 robot-webhook 只能填写一个，请删除其中一个。',
    })
  }
  const webhook = reader.text('robot-webhook', refusalOfWebhook)
  if (webhook) return secret ? { webhook, secret } : { webhook }
  if (secret) {
    reader.problem('robot-secret', {
      en: 'robot-secret requires robot-webhook, which is not set. Set it, or remove robot-secret.',
      zh: 'robot-secret 用于 robot-webhook 的加签，但 robot-webhook 没有填写。请填写 robot-webhook，或删除 robot-secret。',
    })
  }
  return code ? { code } : undefined
}

/** The value is a secret. Nothing may be quoted that begins with a part of it: the runner would mask that too. */
function refusalOfWebhook(webhook: string): Text | undefined {
  const url = URL.parse(webhook)
  if (!url) {
    return {
      en: 'The value is not a URL. Copy the webhook of the robot from the settings of the group again.',
      zh: '该值不是 URL。请在群设置中重新复制机器人的 Webhook 地址。',
    }
  }
  if (!protectsSecrets(url)) {
    return {
      en: 'The webhook must use https. Otherwise its access token would be sent in plain text.',
      zh: 'Webhook 地址必须使用 https，否则其中的 access token 会以明文传输。',
    }
  }
  if (!url.pathname.endsWith('/robot/send')) {
    return {
      en: 'The value is not a robot webhook URL: its path is not /robot/send. Copy the webhook of the robot from the settings of the group again.',
      zh: '该值不是机器人的 Webhook 地址：路径不是 /robot/send。请在群设置中重新复制机器人的 Webhook 地址。',
    }
  }
  if (!url.searchParams.get('access_token')) {
    return {
      en: 'The webhook has no access_token. Copy the whole webhook of the robot from the settings of the group again.',
      zh: 'Webhook 地址缺少 access_token。请在群设置中重新复制机器人完整的 Webhook 地址。',
    }
  }
  return undefined
}
