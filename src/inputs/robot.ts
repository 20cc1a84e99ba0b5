import type { Mentions } from '../dingtalk/robots.ts'
import type { Robot, Webhook } from '../domain.ts'
import { joined, type Text } from '../http/text.ts'
import { type InputReader, linesOf } from './reader.ts'
import { protectsSecrets } from './urls.ts'

/** The line that stands for a robot without a signing secret. */
const NO_SECRET = /^none$/i

/** What to mask of `robot-webhook`: each webhook, and the access token in it. */
export function webhookSecrets(value: string): string[] {
  return linesOf(value).flatMap((url) => [url, URL.parse(url)?.searchParams.get('access_token') ?? ''])
}

/** What to mask of `robot-secret`. */
export function signingSecrets(value: string): string[] {
  return linesOf(value).filter((line) => !NO_SECRET.test(line))
}

/**
 * Reads the robot, or several custom ones, if there are any: webhooks, one per line, each with the secret in the same line of
 * `robot-secret`. Each once. Webhooks and their secrets are never quoted.
 */
export function readRobot(
  reader: InputReader<'robot-code' | 'robot-webhook' | 'robot-secret'>,
): Robot | undefined {
  const code = reader.text('robot-code')
  const lines = reader.lines('robot-webhook')
  const secrets = reader.lines('robot-secret')
  if (code && lines.length > 0)
    reader.problem('robot-webhook', {
      en: 'Set either robot-code or robot-webhook, not both.',
      zh: 'robot-code 与 robot-webhook 只能填写一个，请删除其中一个。',
    })
  const webhooks = new Map<string, Webhook>()
  for (const [index, webhook] of lines.entries()) {
    const isOne = lines.length === 1
    const refusal = refusalOfWebhook(webhook)
    if (refusal)
      reader.problem('robot-webhook', {
        en: isOne ? refusal.en : `Line ${index + 1}: ${refusal.en}`,
        zh: isOne ? refusal.zh : `第 ${index + 1} 行：${refusal.zh}`,
      })
    const key = URL.parse(webhook)?.href ?? webhook
    const secret = secrets[index] ?? 'none'
    if (webhooks.has(key)) continue
    webhooks.set(key, {
      webhook,
      ...(NO_SECRET.test(secret) ? {} : { secret }),
      ...(isOne ? {} : { position: index + 1 }),
    })
  }
  if (lines.length === 0 && secrets.length > 0)
    reader.problem('robot-secret', {
      en: 'robot-secret requires robot-webhook, which is not set. Set it, or remove robot-secret.',
      zh: 'robot-secret 用于 robot-webhook 的加签，但 robot-webhook 没有填写。请填写 robot-webhook，或删除 robot-secret。',
    })
  else if (secrets.length > 0 && secrets.length !== lines.length)
    reader.problem('robot-secret', {
      en: `The number of lines differs: robot-webhook has ${lines.length}, and robot-secret has ${secrets.length}. Enter one secret per line for each webhook, in the same order. If 加签 is off for a robot, enter none for it.`,
      zh: `行数不一致：robot-webhook 有 ${lines.length} 行，robot-secret 有 ${secrets.length} 行。请为每个 webhook 填写一行密钥，顺序相同；未开启「加签」的机器人填写 none。`,
    })
  if (webhooks.size > 0) return { kind: 'webhooks', webhooks: [...webhooks.values()] }
  return code ? { kind: 'app', code } : undefined
}

const COPY_AGAIN: Text = {
  en: 'Copy the whole webhook of the robot from the settings of the group again.',
  zh: '请在群设置中重新复制机器人完整的 Webhook 地址。',
}

/** The value is a secret. Nothing may be quoted that begins with a part of it: the runner would mask that too. */
function refusalOfWebhook(webhook: string): Text | undefined {
  const url = URL.parse(webhook)
  if (/[\s,;，；、]/.test(webhook))
    return {
      en: 'The line contains a space, comma, or semicolon. Enter each webhook on a line of its own.',
      zh: '该行含有空格、逗号或分号。请每行填写一个 webhook。',
    }
  if (!url) return joined({ en: 'The value is not a URL.', zh: '该值不是 URL。' }, COPY_AGAIN)
  if (!protectsSecrets(url))
    return {
      en: 'The webhook must use https. Otherwise its access token would be sent in plain text.',
      zh: 'Webhook 地址必须使用 https，否则其中的 access token 会以明文传输。',
    }
  if (!url.pathname.endsWith('/robot/send'))
    return joined(
      {
        en: 'The value is not a robot webhook URL: its path is not /robot/send.',
        zh: '该值不是机器人的 Webhook 地址：路径不是 /robot/send。',
      },
      COPY_AGAIN,
    )
  if (url.searchParams.get('access_token')) return undefined
  return joined({ en: 'The webhook has no access_token.', zh: 'Webhook 地址缺少 access_token。' }, COPY_AGAIN)
}

/** The most people that a message can mention, as the platform has it. */
const MAX_MENTIONS = 50
/** A number of mainland China, or one with the code of its country: `+852-12345678`. */
const MOBILE = /^(\d{11}|\+\d{1,4}-?\d{5,14})$/
const EVERYONE = /^all$/i

/** The mobile numbers of `at-mobiles`, in each form that a response may quote: personal data, which must not get into the log. */
export function mobilesIn(value: string): string[] {
  const given = value.split(/[\s,;，、；]+/).filter((item) => MOBILE.test(item))
  const forms = given.flatMap((mobile) => {
    const [, national = ''] = mobile.split('-')
    return [mobile, asSent(mobile), mobile.replace(/\D/g, ''), national.length < 7 ? '' : national]
  })
  return [...new Set(forms)]
}

/** The platform has the numbers of mainland China without a code. */
function asSent(mobile: string): string {
  return mobile.replace(/^\+86-?(?=\d{11}$)/, '')
}

/** Reads whom the message mentions, if anybody. A mobile number is never quoted. */
export function readMentions(
  reader: InputReader<'at-user-ids' | 'at-mobiles' | 'message' | 'robot-code' | 'robot-webhook'>,
): Mentions | undefined {
  const userIds = reader.list('at-user-ids', refusalOfUserId)
  const mobiles = reader.list('at-mobiles')
  const withoutEveryone = (items: readonly string[]) => items.filter((item) => !EVERYONE.test(item))
  if (userIds.length + mobiles.length === 0) return undefined
  for (const [name, items] of [
    ['at-user-ids', userIds],
    ['at-mobiles', mobiles],
  ] as const) {
    const refusal = items.length > 0 ? refusalOfMentions(reader) : undefined
    if (refusal) reader.problem(name, refusal)
    const count = withoutEveryone(items).length
    if (count > MAX_MENTIONS)
      reader.problem(name, {
        en: `A message can mention at most ${MAX_MENTIONS} people, and ${count} are listed. Use all to mention everyone.`,
        zh: `一条消息最多 @ ${MAX_MENTIONS} 人，这里有 ${count} 人。如需 @所有人，请填写 all。`,
      })
  }
  const isNumber = (mobile: string) => MOBILE.test(mobile) || EVERYONE.test(mobile)
  const wrong = mobiles.flatMap((mobile, index) => (isNumber(mobile) ? [] : index + 1))
  if (wrong.length > 0)
    reader.problem('at-mobiles', {
      en: `Not a mobile number: item ${wrong.join(', ')} of ${mobiles.length}. Enter 11 digits without spaces, or + and the country code (+852-12345678), or all to mention everyone. Numbers are not shown here because they are personal data.`,
      zh: `共 ${mobiles.length} 项，第 ${wrong.join('、')} 项不是手机号。请填写 11 位数字，不加空格；境外号码加国家或地区代码（+852-12345678）；如需 @所有人，请填写 all。手机号属于个人信息，此处不显示。`,
    })
  return {
    userIds: withoutEveryone(userIds),
    mobiles: [...new Set(withoutEveryone(mobiles).map(asSent))],
    everyone: [...userIds, ...mobiles].some((item) => EVERYONE.test(item)),
  }
}

/** Why nobody can be mentioned with the other inputs, or undefined if they can. */
function refusalOfMentions(
  reader: InputReader<'message' | 'robot-code' | 'robot-webhook'>,
): Text | undefined {
  if (reader.text('robot-code'))
    return {
      en: "The app's own robot (robot-code) cannot mention anybody: DingTalk supports mentions only for custom robots. Use robot-webhook instead of robot-code, or remove this input.",
      zh: '应用机器人（robot-code）不支持 @，只有自定义机器人支持。请改用 robot-webhook，或删除该输入。',
    }
  if (!reader.text('robot-webhook'))
    return {
      en: 'Mentioning people requires robot-webhook, which is not set.',
      zh: '@ 群成员需要 robot-webhook，但没有填写。',
    }
  if (reader.text('message')) return undefined
  return {
    en: 'People are mentioned in a message, and message is not set.',
    zh: '@ 需要随消息发送，但 message 没有填写。',
  }
}

function refusalOfUserId(id: string): Text | undefined {
  if (/^[0-9A-Za-z][\w.@-]{0,63}$/.test(id)) return undefined
  return {
    en: `"${id}" is not a user ID. Enter one ID per line, without @ before it, or all to mention everyone.`,
    zh: `「${id}」不是 userId。请每行填写一个，前面不加 @；如需 @所有人，请填写 all。`,
  }
}
