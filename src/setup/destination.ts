import { DingTalkError } from '../dingtalk/errors.ts'
import { type Text, verbatim } from '../http/text.ts'
import { missingScopes } from '../report/hints.ts'
import { ADMIN, CHAT_EXPLORER, CONSOLE } from '../text/links.ts'
import { withDws } from './app.ts'
import { type Conversation, MANUALLY, type Setup } from './conversation.ts'
import type { Dws } from './dws.ts'
import { check, connected } from './platform.ts'

const OPERATOR: Text = {
  en: `Files are uploaded and sent on behalf of a member of the organization, called the operator.
The UserID is in the admin console: Contacts (通讯录) → Members (成员管理) → the details of the member. With dws, your own UserID is suggested.
${ADMIN}`,
  zh: `文件以组织中一位成员（操作者）的身份上传和发送。
UserID 在管理后台「通讯录」→「成员管理」的成员详情中。使用 dws 时默认填入你自己的 UserID。
${ADMIN}`,
}

/** Asks for the operator, and shows them by name. */
export async function chooseOperator(setup: Setup): Promise<void> {
  const { talk } = setup
  let suggestion = ''
  if (talk.answers['user-id'] === undefined)
    await withDws(setup, async (dws) => {
      suggestion = await talk.working(() => dws.userId())
      return true
    })
  const member = await talk.accepted(['user-id'], async () => {
    const question = { en: 'UserID of the operator', zh: '操作者的 UserID' }
    await talk.ask('user-id', question, { help: OPERATOR, suggestion })
    return (await check(setup, ['accessToken', 'unionId'])).operator?.value
  })
  const name = member?.name ?? talk.answers['user-id'] ?? ''
  talk.say({ en: `Operator: ${name}`, zh: `操作者：${name}` }, 'success')
}

const FOLDER: Text = {
  en: `In DingTalk, open the drive (云盘), and choose a folder of a team (团队文件), not of My files (我的文件).
Choose ⋯ → Copy link (复制链接).`,
  zh: `在钉钉中打开「云盘」，选择「团队文件」中的文件夹（不要用「我的文件」），点击 ⋯ →「复制链接」。`,
}

/** Asks for the target folder, and shows it by name. The operator must be able to write to it. */
export async function chooseFolder(setup: Setup): Promise<void> {
  const { talk } = setup
  const { entry, space } = await talk.accepted(['folder-url'], async () => {
    await talk.ask('folder-url', { en: 'Link of the folder', zh: '文件夹的链接' }, { help: FOLDER })
    return check(setup, ['accessToken', 'unionId', 'uploadInfo', 'space', 'list', 'commit'])
  })
  const path = entry?.value?.path ?? entry?.value?.name ?? '/'
  const url = URL.parse(talk.answers['folder-url'] ?? '')
  const id = space?.value?.spaceId ?? url?.searchParams.get('spaceId') ?? ''
  talk.say(
    {
      en: `Folder: ${path}${id && ` (space ${id})`}. The operator can upload to it.`,
      zh: `文件夹：${path}${id && `（空间 ${id}）`}，操作者可以上传。`,
    },
    'success',
  )
}

const GROUP: Text = {
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
}

/** Asks for the group that gets the files. */
export async function chooseGroup(setup: Setup): Promise<void> {
  const { talk } = setup
  if (talk.answers.use === 'folder') return
  if (talk.answers['chat-id'] === undefined) await withDws(setup, (dws) => findGroup(dws, talk))
  const isConfirmed = await talk.accepted(['chat-id'], async () => {
    const question = { en: 'openConversationId of the group', zh: '群的 openConversationId' }
    await talk.ask('chat-id', question, { help: GROUP })
    return confirmGroup(setup)
  })
  const { group, 'chat-id': id = '' } = talk.answers
  const later = isConfirmed
    ? { en: '', zh: '' }
    : { en: '. The first file will show whether it is the right one.', zh: '。发送第一个文件后即可确认。' }
  talk.say({ en: `Group: ${group ?? id}${later.en}`, zh: `群：${group ?? id}${later.zh}` }, 'success')
}

/** Lets the user choose one of their groups. @returns false to continue manually */
async function findGroup(dws: Dws, talk: Conversation): Promise<boolean> {
  for (;;) {
    const part = { en: 'Name of the group, or a part of it', zh: '群名称（或其中一部分）' }
    const name = await talk.ask('group', part, {})
    const groups = await talk.working(() => dws.groups(name))
    const question =
      groups.length > 0
        ? { en: 'Which group?', zh: '选择哪个群？' }
        : { en: 'None of your groups has this name.', zh: '你所在的群中没有这个名称。' }
    const next = await talk.choose(undefined, question, [
      ...groups.map(({ title, openConversationId }) => [openConversationId, verbatim(title)] as const),
      ['again', { en: 'Search again', zh: '重新查找' }],
      ['manually', MANUALLY],
    ])
    const chosen = groups.find(({ openConversationId }) => openConversationId === next)
    if (chosen) {
      talk.set('group', chosen.title)
      talk.set('chat-id', chosen.openConversationId)
      return true
    }
    talk.forget(['group'])
    if (next === 'manually') return false
  }
}

/**
 * Asks DingTalk for the group, and replaces a chatId (`chat…`), which needs one more permission.
 *
 * @returns false if the app may not ask for it, which needs a recommended permission
 * @throws Refused or DingTalkError if there is no such group
 */
async function confirmGroup(setup: Setup): Promise<boolean> {
  const { talk } = setup
  const found = await check(setup, ['accessToken', 'unionId', 'openConversationId'])
  const { 'chat-id': given = '' } = talk.answers
  const id = found.openConversationIds.get(given)?.value ?? given
  talk.set('chat-id', id)
  const unionId = found.operator?.value?.unionId ?? ''
  try {
    await talk.working(() =>
      connected(setup, talk.values, ({ dingtalk }) => dingtalk.groupSpace(id, unionId)),
    )
    return true
  } catch (error) {
    if (!(error instanceof DingTalkError)) throw error
    if (error.kind === 'refused' && missingScopes(error).length === 0) throw error
    return false
  }
}

const APP_ROBOT: Text = {
  en: `In the developer console, add the robot ability to the app: Add abilities (添加应用能力) → Robot (机器人). Then publish a version with it.
The page of the robot shows its RobotCode. It is usually the same as the Client ID.`,
  zh: `在开发者后台为应用添加机器人：「添加应用能力」→「机器人」，并发布新版本。
机器人页面显示 RobotCode，一般与 Client ID 相同。`,
}

const CUSTOM_ROBOT: Text = {
  en: `In DingTalk, open the settings of the group (群设置) → Robots (机器人) → Add robot (添加机器人) → Custom (自定义).
Choose Sign (加签) as its security setting. Copy the webhook, and the secret that starts with SEC.`,
  zh: `在钉钉中打开「群设置」→「机器人」→「添加机器人」→「自定义」，安全设置选择「加签」。
复制 Webhook 地址，以及以 SEC 开头的密钥。`,
}

/** Asks for the robot that posts the message, if one is wanted. */
export async function chooseRobot(setup: Setup): Promise<void> {
  const { talk } = setup
  if (talk.answers.use === 'robot') {
    await talk.accepted(['robot-code'], async () => {
      const suggestion = talk.answers['app-key'] ?? ''
      const question = { en: 'RobotCode', zh: 'RobotCode（机器人编码）' }
      await talk.ask('robot-code', question, { help: APP_ROBOT, suggestion })
      await check(setup, ['accessToken', 'post'])
    })
    talk.say({ en: 'DingTalk found the robot.', zh: '已在钉钉中找到该机器人。' }, 'success')
    if (!(await withDws(setup, (dws) => addToGroup(dws, talk))))
      talk.say({
        en: 'If the robot is not in the group yet, add it: Group settings (群设置) → Robots (机器人) → Add robot (添加机器人).',
        zh: '如果机器人还不在群里，请添加：「群设置」→「机器人」→「添加机器人」。',
      })
  }
  if (talk.answers.use === 'webhook')
    await talk.accepted(['robot-webhook', 'robot-secret'], async () => {
      const webhook = { en: 'Webhook of the robot', zh: '机器人的 Webhook 地址' }
      await talk.ask('robot-webhook', webhook, { help: CUSTOM_ROBOT })
      const secret = {
        en: 'Signing secret (press Enter if there is none)',
        zh: '加签密钥（没有时直接按回车键）',
      }
      if (talk.isTerminal) await talk.ask('robot-secret', secret, { isOptional: true })
      await check(setup, ['postByWebhook'])
    })
}

/** @returns false if the user does not agree */
async function addToGroup(dws: Dws, talk: Conversation): Promise<boolean> {
  const { group = '', 'chat-id': chat = '', 'robot-code': code = '' } = talk.answers
  const question = {
    en: `Add the robot to the group ${group} with dws? Everyone in the group sees it.`,
    zh: `用 dws 将机器人添加到群${group}吗？群里所有人都能看到。`,
  }
  if (!(await talk.agree('add-robot', question))) return false
  await talk.working(() => dws.addRobot(chat, code))
  talk.say({ en: 'The robot is in the group.', zh: '机器人已在群里。' }, 'success')
  return true
}
