import type { Mentions } from '../dingtalk/robots.ts'
import type { Text } from '../http/text.ts'
import type { InputReader } from './reader.ts'

/** The most people that a message can mention, as the platform has it. */
const MAX_MENTIONS = 50
/** A number of mainland China, or one with the code of its country: `+852-12345678`. */
const MOBILE = /^(\d{11}|\+\d{1,4}-?\d{5,14})$/
const EVERYONE = /^all$/i

type Name = 'at-user-ids' | 'at-mobiles'

/** The mobile numbers of `at-mobiles`, as given and as sent: personal data, which must not get into the log. */
export function mobilesIn(value: string): string[] {
  const given = value.split(/[\s,;，、；]+/).filter((item) => MOBILE.test(item))
  return [...new Set([...given, ...given.map(asSent)])]
}

/** The platform has the numbers of mainland China without a code. */
function asSent(mobile: string): string {
  return mobile.replace(/^\+86-?(?=\d{11}$)/, '')
}

/** Reads whom the message mentions, if anybody. A mobile number is never quoted. */
export function readMentions(
  reader: InputReader<Name | 'message' | 'robot-code' | 'robot-webhook'>,
): Mentions | undefined {
  const userIds = reader.list('at-user-ids', refusalOfUserId)
  const mobiles = reader.list('at-mobiles')
  if (userIds.length + mobiles.length === 0) return undefined
  for (const [name, items] of [
    ['at-user-ids', userIds],
    ['at-mobiles', mobiles],
  ] as const) {
    if (items.length === 0) continue
    const refusal = refusalBeside(reader)
    if (refusal) reader.problem(name, refusal)
    const count = withoutEveryone(items).length
    if (count > MAX_MENTIONS) {
      reader.problem(name, {
        en: `A message can mention at most ${MAX_MENTIONS} people, and ${count} are listed. Use all to mention everyone.`,
        zh: `一条消息最多 @ ${MAX_MENTIONS} 人，这里有 ${count} 人。如需 @所有人，请填写 all。`,
      })
    }
  }
  checkMobiles(reader, mobiles)
  return {
    userIds: withoutEveryone(userIds),
    mobiles: [...new Set(withoutEveryone(mobiles).map(asSent))],
    everyone: [...userIds, ...mobiles].some((item) => EVERYONE.test(item)),
  }
}

function withoutEveryone(items: readonly string[]): string[] {
  return items.filter((item) => !EVERYONE.test(item))
}

/** Why nobody can be mentioned with the other inputs, or undefined if they can. */
function refusalBeside(reader: InputReader<'message' | 'robot-code' | 'robot-webhook'>): Text | undefined {
  if (reader.text('robot-code')) {
    return {
      en: "The app's own robot (robot-code) cannot mention anybody: DingTalk supports mentions only for custom robots. Use robot-webhook instead of robot-code, or remove this input.",
      zh: '应用机器人（robot-code）不支持 @，只有自定义机器人支持。请改用 robot-webhook，或删除该输入。',
    }
  }
  if (!reader.text('robot-webhook')) {
    return {
      en: 'Mentioning people requires robot-webhook, which is not set.',
      zh: '@ 群成员需要 robot-webhook，但没有填写。',
    }
  }
  if (!reader.text('message')) {
    return {
      en: 'People are mentioned in a message, and message is not set.',
      zh: '@ 需要随消息发送，但 message 没有填写。',
    }
  }
  return undefined
}

function refusalOfUserId(id: string): Text | undefined {
  if (/^[0-9A-Za-z][\w.@-]{0,63}$/.test(id)) return undefined
  return {
    en: `"${id}" is not a user ID. Enter one ID per line, without @ before it, or all to mention everyone.`,
    zh: `「${id}」不是 userId。请每行填写一个，前面不加 @；如需 @所有人，请填写 all。`,
  }
}

function checkMobiles(reader: InputReader<Name>, mobiles: readonly string[]): void {
  const wrong = mobiles.flatMap((mobile, index) =>
    MOBILE.test(mobile) || EVERYONE.test(mobile) ? [] : [index + 1],
  )
  if (wrong.length === 0) return
  reader.problem('at-mobiles', {
    en: `Not a mobile number: item ${wrong.join(', ')} of ${mobiles.length}. Enter 11 digits without spaces, or + and the country code (+852-12345678), or all to mention everyone. Numbers are not shown here because they are personal data.`,
    zh: `共 ${mobiles.length} 项，第 ${wrong.join('、')} 项不是手机号。请填写 11 位数字，不加空格；境外号码加国家或地区代码（+852-12345678）；如需 @所有人，请填写 all。手机号属于个人信息，此处不显示。`,
  })
}
