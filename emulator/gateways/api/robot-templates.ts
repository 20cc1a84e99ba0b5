import { GatewayError } from '../../http/errors.ts'
import type { Button, Message } from '../../organization/chats.ts'

/** What the app's robot is to post. */
export type Content = Pick<Message, 'kind' | 'title' | 'text' | 'buttons' | 'photoURL'>

/** The parameters of a template that are the title and the address of each button. */
const ACTIONS = Array.from({ length: 5 }, (_, n) => [`actionTitle${n + 1}`, `actionURL${n + 1}`] as const)

/** The templates of action cards, by `msgKey`. Page: `robot-message-type`. */
const CARDS: Readonly<Record<string, readonly (readonly [title: string, url: string])[]>> = {
  sampleActionCard: [['singleTitle', 'singleURL']],
  sampleActionCard2: ACTIONS.slice(0, 2),
  sampleActionCard3: ACTIONS.slice(0, 3),
  sampleActionCard4: ACTIONS.slice(0, 4),
  sampleActionCard5: ACTIONS,
  sampleActionCard6: [
    ['buttonTitle1', 'buttonUrl1'],
    ['buttonTitle2', 'buttonUrl2'],
  ],
}

/**
 * Fills in a template. The pages name the codes of what is missing after the fields of a custom robot's message.
 *
 * @throws GatewayError if there is no such template, or it lacks a parameter
 */
export function contentOf(msgKey: string, msgParam: Readonly<Record<string, unknown>>): Content {
  const text = (name: string, code: string) => {
    const value = msgParam[name]
    if (typeof value !== 'string' || value === '')
      throw new GatewayError(400, `miss.param.${code}`, `需要${name}属性`)
    return value
  }
  const titleAndText = (kind: string) => ({
    title: text('title', `${kind}Totitle`),
    text: text('text', `${kind}Totext`),
  })
  if (msgKey === 'sampleMarkdown') return { kind: 'markdown', ...titleAndText('markdown') }
  if (msgKey === 'sampleImageMsg') return { kind: 'image', photoURL: text('photoURL', 'photoTophotoUrl') }
  const names = Object.hasOwn(CARDS, msgKey) ? CARDS[msgKey] : undefined
  if (!names) throw new GatewayError(400, 'invalidParameter.msgKey.invalid', 'msgKey无效')
  const [titleCode, urlCode] =
    msgKey === 'sampleActionCard' ? ['singleTitle', 'singleUrl'] : ['btnsTotitle', 'btnsToactionUrl']
  const buttons = names.map(([title, url]): Button => {
    return { title: text(title, `actionCardTo${titleCode}`), url: text(url, `actionCardTo${urlCode}`) }
  })
  return { kind: 'actionCard', ...titleAndText('actionCard'), buttons }
}
