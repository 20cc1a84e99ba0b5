import type { Robot, Webhook } from '../domain.ts'
import type { Text } from '../http/text.ts'
import { type InputReader, linesOf, refusalOfSecret } from './reader.ts'
import { protectsSecrets } from './urls.ts'

/** A line for a robot without a signing secret. */
const NO_SECRET = /^none$/i

/** The secrets in `robot-webhook`: each webhook and its access token. */
export function webhookSecrets(value: string): string[] {
  return linesOf(value).flatMap((url) => [url, URL.parse(url)?.searchParams.get('access_token') ?? ''])
}

/** The secrets in `robot-secret`. */
export function signingSecrets(value: string): string[] {
  return linesOf(value).filter((line) => !NO_SECRET.test(line))
}

/**
 * Reads the app's robot, or one or more custom robots: webhooks, one per line, each with the secret on the same line of
 * `robot-secret`. Never quotes webhooks and secrets.
 */
export function readRobot(
  reader: InputReader<'message' | 'robot-code' | 'robot-webhook' | 'robot-secret'>,
): Robot | undefined {
  const code = reader.text('robot-code', refusalOfCode)
  const lines = reader.lines('robot-webhook')
  const secrets = reader.lines('robot-secret')
  if (code && lines.length > 0)
    reader.problem('robot-webhook', {
      en: 'Set either robot-code or robot-webhook, not both.',
      zh: 'robot-code 与 robot-webhook 只能填写一个，请删除其中一个。',
    })
  const webhooks = new Map<string, Webhook>()
  for (const [index, webhook] of lines.entries()) {
    const refusal = refusalOfWebhook(webhook)
    if (refusal) reader.lineProblem('robot-webhook', index, refusal)
    const key = URL.parse(webhook)?.href ?? webhook
    const secret = secrets[index] ?? 'none'
    if (webhooks.has(key)) continue
    webhooks.set(key, {
      webhook,
      ...(NO_SECRET.test(secret) ? {} : { secret }),
      ...(lines.length > 1 && { position: index + 1 }),
    })
  }
  for (const [index, secret] of secrets.entries()) {
    const refusal = NO_SECRET.test(secret) ? undefined : refusalOfSecret(secret)
    if (refusal) reader.lineProblem('robot-secret', index, refusal)
  }
  // A message without a robot has a problem of its own.
  if (lines.length === 0 && secrets.length > 0 && (code || !reader.text('message')))
    reader.problem('robot-secret', {
      en: 'This input requires robot-webhook, which is not set. Set robot-webhook, or remove this input.',
      zh: '该输入用于 robot-webhook 的加签，但 robot-webhook 没有填写。请填写 robot-webhook，或删除该输入。',
    })
  if (lines.length > 0 && secrets.length > 0 && secrets.length !== lines.length)
    reader.problem('robot-secret', {
      en: `The number of lines differs: robot-webhook has ${lines.length}, and robot-secret has ${secrets.length}. Enter one secret per line for each webhook, in the same order. If 加签 is off for a robot, enter none for it.`,
      zh: `行数不一致：robot-webhook 有 ${lines.length} 行，robot-secret 有 ${secrets.length} 行。请为每个 webhook 填写一行密钥，顺序相同；未开启「加签」的机器人填写 none。`,
    })
  if (webhooks.size > 0) return { kind: 'webhooks', webhooks: [...webhooks.values()] }
  return code ? { kind: 'app', code } : undefined
}

/** Quotes nothing, because the value may be a secret. */
function refusalOfCode(code: string): Text | undefined {
  if (code.includes('://'))
    return {
      en: 'This is the webhook of a custom robot. Set it as robot-webhook instead.',
      zh: '这是自定义机器人的 Webhook 地址，请改填到 robot-webhook。',
    }
  if (!code.startsWith('SEC')) return undefined
  return {
    en: 'This is the signing secret of a custom robot. Set it as robot-secret, together with robot-webhook.',
    zh: '这是自定义机器人的加签密钥，请填到 robot-secret，并填写 robot-webhook。',
  }
}

/** Quotes nothing, because the value is a secret. The runner would also mask a text that starts with a part of it. */
function refusalOfWebhook(webhook: string): Text | undefined {
  if (/[\s,;，；、]/.test(webhook))
    return {
      en: 'The line contains a space, comma, or semicolon. Enter one webhook per line.',
      zh: '该行含有空格、逗号或分号。请每行填写一个 webhook。',
    }
  const url = URL.parse(webhook)
  if (!url?.pathname.endsWith('/robot/send') || !url.searchParams.get('access_token'))
    return {
      en: 'The value is not the URL of a robot, which looks like https://…/robot/send?access_token=…. Copy the whole webhook from the settings of the group again.',
      zh: '该值不是机器人的 URL，应形如 https://…/robot/send?access_token=…。请在群设置中重新复制机器人完整的 Webhook 地址。',
    }
  if (protectsSecrets(url)) return undefined
  return {
    en: 'The webhook must use https. Otherwise its access token would be sent in plain text.',
    zh: 'Webhook 地址必须使用 https，否则其中的 access token 会以明文传输。',
  }
}
