import { OapiError } from '../http/errors.ts'
import type { Button, Message } from '../organization/chats.ts'
import type { Mentions } from '../organization/mentions.ts'

/** The most members that a message can mention by user ID. */
const MAX_MENTIONS = 50

/** What a custom robot is to post. */
export type Content = Pick<Message, 'kind' | 'buttons'> & { title: string; text: string }

type Fields = Readonly<Record<string, unknown>>

/** Reads the message of a call of `/robot/send`. @throws OapiError 40035, 400105 */
export function contentIn(body: Fields): Content {
  const { msgtype } = body
  if (typeof msgtype !== 'string' || msgtype === '') throw missing('msgtype')
  if (msgtype === 'markdown') return { kind: 'markdown', ...titleAndText(msgtype, fieldsIn(body, msgtype)) }
  if (msgtype !== 'actionCard') throw new OapiError(400105, '不支持的消息类型')
  const card = fieldsIn(body, msgtype)
  const { btnOrientation = '0' } = card
  if (btnOrientation !== '0' && btnOrientation !== '1')
    throw new OapiError(40035, '错误的 actionCard->btnOrientation')
  return { kind: 'actionCard', ...titleAndText(msgtype, card), buttons: buttonsIn(card) }
}

/** The one button, or several. Where there are both, the one counts. */
function buttonsIn({ singleTitle, singleURL, btns }: Fields): Button[] {
  if (singleTitle !== undefined || singleURL !== undefined || btns === undefined) {
    return [
      {
        title: textOf(singleTitle, 'actionCard->singleTitle'),
        url: textOf(singleURL, 'actionCard->singleURL'),
      },
    ]
  }
  if (!Array.isArray(btns) || btns.length === 0) throw missing('actionCard->btns')
  return (btns as unknown[]).map((button) => {
    const { title, actionURL } = (button ?? {}) as Fields
    return {
      title: textOf(title, 'actionCard->btns->title'),
      url: textOf(actionURL, 'actionCard->btns->actionURL'),
    }
  })
}

/** Reads whom the message mentions. The page has no code for more than 50. @throws OapiError 40035 */
export function mentionsIn(body: Fields): Mentions {
  const { atUserIds = [], atMobiles = [], isAtAll = false } = (body['at'] ?? {}) as Fields
  if (!isList(atUserIds) || atUserIds.length > MAX_MENTIONS)
    throw new OapiError(40035, '不合法的参数 at->atUserIds')
  if (!isList(atMobiles)) throw new OapiError(40035, '不合法的参数 at->atMobiles')
  if (typeof isAtAll !== 'boolean') throw new OapiError(40035, '不合法的参数 at->isAtAll')
  return { userIds: atUserIds, mobiles: atMobiles, everyone: isAtAll }
}

function titleAndText(msgtype: string, { title, text }: Fields): { title: string; text: string } {
  return { title: textOf(title, `${msgtype}->title`), text: textOf(text, `${msgtype}->text`) }
}

function fieldsIn(body: Fields, name: string): Fields {
  const value = body[name]
  if (typeof value !== 'object' || value === null) throw missing(name)
  return value as Fields
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw missing(name)
  return value
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function missing(name: string): OapiError {
  return new OapiError(40035, `缺少参数 ${name}`)
}
