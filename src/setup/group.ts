import { DingTalkError } from '../dingtalk/errors.ts'
import { verbatim } from '../http/text.ts'
import { missingScopes } from '../report/hints.ts'
import { isOpenConversationId } from '../send/announcer.ts'
import { CHAT_EXPLORER, CONSOLE } from '../text/links.ts'
import { withDws } from './app.ts'
import { Refused } from './conversation.ts'
import type { Dws } from './dws.ts'
import type { Setup } from './steps.ts'

/** The group that gets the files. */
export async function chooseGroup(setup: Setup): Promise<void> {
  const { talk } = setup
  if (talk.answers.use === 'folder') return
  if (talk.answers['chat-id'] === undefined) await withDws(setup, (dws) => findGroup(dws, setup))
  if (talk.answers['chat-id'] === undefined)
    talk.say({
      en: `The ID of a group comes from the JSAPI Explorer. The group must be an internal group (企业内部群) that you are in.
1. Copy the CorpId at the top right of ${CONSOLE}
2. Open ${CHAT_EXPLORER}
   Enter the CorpId, and click Run (运行调试 or 发起调用). Scan the QR code with your phone, and click Run again.
3. Choose the group on your phone. Copy openConversationId (cid…) from the response; if it has none, chatId (chat…).`,
      zh: `群的 ID 通过 JSAPI Explorer 获取，只能选择你所在的企业内部群。
1. 复制 ${CONSOLE} 右上角的 CorpId
2. 打开 ${CHAT_EXPLORER}
   填入 CorpId，点击「运行调试」（或「发起调用」），用手机扫码，然后再点击一次。
3. 在手机上选择群，复制响应中的 openConversationId（cid…）；没有时复制 chatId（chat…）。`,
    })
  const isConfirmed = await talk.accepted(['chat-id'], async () => {
    await talk.text('chat-id', { en: 'openConversationId of the group', zh: '群的 openConversationId' })
    return talk.working(() => isKnownGroup(setup))
  })
  const { group } = talk.answers
  talk.done(
    group !== undefined
      ? { en: `Group: ${group}`, zh: `群：${group}` }
      : isConfirmed
        ? { en: 'DingTalk knows the group, and the operator is in it.', zh: '钉钉中有这个群，操作者在群内。' }
        : {
            en: 'The ID of the group is valid. The first file will show whether it is the right group.',
            zh: '群 ID 格式正确。发送第一个文件后即可确认是否为所需的群。',
          },
  )
}

/** Lets the person choose among their groups. @returns false to go on by hand */
async function findGroup(dws: Dws, { talk }: Setup): Promise<boolean> {
  for (;;) {
    const name = await talk.text('group', {
      en: 'Name of the group, or a part of it',
      zh: '群名称（或其中一部分）',
    })
    const groups = await talk.working(() => dws.groups(name))
    const question = {
      en: groups.length > 0 ? 'Which group?' : 'None of your groups has this name.',
      zh: groups.length > 0 ? '选择哪个群？' : '你所在的群中没有这个名称。',
    }
    const next = await talk.choose(undefined, question, [
      ...groups.map(({ title, openConversationId }) => ({
        value: openConversationId,
        label: verbatim(title),
      })),
      { value: 'again', label: { en: 'Search again', zh: '重新搜索' } },
      { value: 'hand', label: { en: 'Enter the ID by hand', zh: '手动填写群 ID' } },
    ])
    const chosen = groups.find(({ openConversationId }) => openConversationId === next)
    if (chosen) {
      talk.set('group', chosen.title)
      talk.set('chat-id', chosen.openConversationId)
      return true
    }
    talk.forget(['group'])
    if (next === 'hand') return false
  }
}

/**
 * Whether the platform confirms the group. An old ID (`chat…`) is replaced by the new one, which needs no permission.
 *
 * @throws Refused, or what the platform says of the group
 */
async function isKnownGroup({ talk, platform, values }: Setup): Promise<boolean> {
  const found = await platform.look(values(), ['accessToken', 'unionId', 'openConversationId'])
  const { 'chat-id': given = '' } = talk.answers
  const id = isOpenConversationId(given) ? given : found.openConversationIds.get(given)?.value
  if (id === undefined) throw new Refused([])
  talk.set('chat-id', id)
  try {
    const unionId = found.operator?.value?.unionId ?? ''
    await platform.call(values(), (dingtalk) => dingtalk.groupSpace(id, unionId))
    return true
  } catch (error) {
    // Only a recommended permission lets the app ask.
    if (missingScopes(error).length > 0) return false
    if (error instanceof DingTalkError && error.kind !== 'refused') return false
    throw error
  }
}
