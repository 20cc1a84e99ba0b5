import type { Hint } from '../hint.ts'
import { CONSOLE, permissionName } from '../permissions.ts'
import { CHAT_EXPLORER, ISSUES } from './links.ts'
import type { Advice } from './shared.ts'

const WRONG_ROBOT: Hint = {
  en: `Check robot-code: copy the RobotCode again from the app's page 机器人 at ${CONSOLE} and make sure that this robot has been added to the group (chat-id).`,
  zh: `请检查 robot-code：在 ${CONSOLE} 应用的「机器人」页重新复制 RobotCode，并确认该机器人已添加到 chat-id 对应的群中。`,
}

const ROBOT_STOPPED: Hint = {
  en: `The robot of robot-code is stopped: enable it on the app's page 机器人 at ${CONSOLE} and publish a new version of the app.`,
  zh: `robot-code 对应的机器人已停用：请在 ${CONSOLE} 应用的「机器人」页启用，并发布新版本。`,
}

const COOL_APP: Hint = {
  en: 'Check robot-code: this robot can be used only by a cool app (酷应用), which must be installed in the group (chat-id). Use the robot of the app itself.',
  zh: '请检查 robot-code：该机器人只能由酷应用使用，且酷应用须已安装到 chat-id 对应的群。请改用应用自己的机器人。',
}

const NO_RIGHT: Hint = {
  en: `The app may not post by this robot: check that robot-code belongs to the app of app-key, and enable the permission ${permissionName('qyapi_robot_sendmsg')} at ${CONSOLE}`,
  zh: `应用无权使用该机器人发消息：请确认 robot-code 属于 app-key 对应的应用，并开通 ${permissionName('qyapi_robot_sendmsg')} 权限：${CONSOLE}`,
}

const WRONG_CHAT: Hint = {
  en: `Check chat-id: the robot cannot find this group. Use the open conversation ID (cid…, with its ==) of a group that has the robot; look it up at ${CHAT_EXPLORER}`,
  zh: `请检查 chat-id：机器人找不到该群。请填写已添加该机器人的群的 openConversationId（cid…，包括末尾的 ==），获取方法：${CHAT_EXPLORER}`,
}

const DISSOLVED: Hint = {
  en: 'The group has been dissolved: remove it from chat-id, or give the ID of another group.',
  zh: '该群已解散：请从 chat-id 中删除，或改填其他群的 ID。',
}

const TOO_FAST: Hint = {
  en: 'The robot of robot-code posts too often, together with other jobs: let fewer jobs post, or increase retries.',
  zh: 'robot-code 对应的机器人（包括其他任务）发消息过于频繁：请减少发消息的任务，或增大 retries。',
}

/** @param en, zh what DingTalk objects to */
const refusedContent = (en: string, zh: string): Hint => ({
  en: `DingTalk's moderation refuses ${en} in message: change it, and check the names of the files that {files} lists.`,
  zh: `message 中的${zh}未通过钉钉的内容审核：请修改，并检查 {files} 列出的文件名。`,
})

/** What the message is made of, wrong in a way in which no input can make it. */
const WRONG_FORM: Hint = {
  en: `The action always posts Markdown with a title and a text, so no input is wrong; the API may have changed. Report it with the request id: ${ISSUES}`,
  zh: `本 action 发送的始终是带标题和正文的 Markdown，与输入无关，可能是接口有变化。请附上 request id 反馈：${ISSUES}`,
}

/** Refusals of what only other kinds of messages, or messages to single people, have. */
const NOT_OURS: Hint = {
  en: `The action does not post messages of the kind that this code is about, so no input is wrong; the API may have changed. Report it with the request id: ${ISSUES}`,
  zh: `本 action 不会发送该错误码所指的消息类型，与输入无关，可能是接口有变化。请附上 request id 反馈：${ISSUES}`,
}

const MARKDOWN: Hint = {
  en: 'Check message: DingTalk says that the Markdown has no title or text. It must not be empty once its placeholders are filled in.',
  zh: '请检查 message：钉钉提示 Markdown 缺少标题或正文。占位符替换后，内容不能为空。',
}

const all = (hint: Hint, ...codes: string[]): Advice => Object.fromEntries(codes.map((code) => [code, hint]))

const KEYWORD: Hint = {
  en: "The robot accepts only messages that contain one of its keywords: put one into message, or change the robot's security settings in the group.",
  zh: '该机器人设置了「自定义关键词」：请在 message 中包含关键词，或在群里修改机器人的安全设置。',
}

const SIGNATURE: Hint = {
  en: "Check robot-secret: it must be the secret (SEC…) shown under 加签 in the robot's security settings. If it is right, check the clock of this runner.",
  zh: '请检查 robot-secret：应填写机器人安全设置中「加签」的密钥（以 SEC 开头）。如果确认无误，请检查 runner 的系统时间。',
}

const ADDRESS: Hint = {
  en: "This runner's IP is not in the IP ranges of the robot's security settings: add it there, or use another security setting, such as robot-secret (加签).",
  zh: 'runner 的 IP 不在机器人安全设置的 IP 地址段内：请添加该 IP，或改用「加签」（robot-secret）等其他安全设置。',
}

/** Posts by the app's own robot. */
export const POST: Advice = {
  ...all(
    WRONG_ROBOT,
    'invalidParameter.robotCode.empty',
    'invalidParameter.robotCode.notExsit',
    'invalidParameter.robotCode.missing',
    'invalidParameter.robotCode.invalid',
    'resource.not.found',
  ),
  ...all(ROBOT_STOPPED, 'bot.stopped', 'resource.unavailable'),
  ...all(NO_RIGHT, 'invalidParameter.robotCode.auth', 'auth.error', 'unauthorized'),
  ...all(COOL_APP, 'invalidParameter.robotCode.coolApp', 'template.not.existed', 'template.stopped'),
  ...all(WRONG_CHAT, 'miss.openConversationId', 'invalid.openConversationId', 'session.notExisted'),
  'session.expired': {
    en: 'The conversation with the robot has ended: remove the robot of robot-code from the group (chat-id) and add it again.',
    zh: '机器人与该群的会话已失效：请把 robot-code 对应的机器人移出 chat-id 对应的群，再重新添加。',
  },
  'group.disbanded': DISSOLVED,
  'conversation.org.notMatch': {
    en: 'The group of chat-id belongs to another organization than the robot of robot-code: choose a group of the organization of the app.',
    zh: 'chat-id 对应的群与 robot-code 对应的机器人不属于同一组织：请改用应用所在组织的群。',
  },
  ...all(
    {
      en: 'DingTalk does not know the token that the robot is called with: check that app-key and robot-code belong to the same app, and that it is published.',
      zh: '钉钉不认识调用机器人所用的 token：请确认 app-key 和 robot-code 属于同一应用，且应用已发布。',
    },
    'invalidParameter.token.invalid',
    'token.notExisted',
  ),
  ...all(
    {
      en: 'This robot may not post in the group (chat-id): let its owner or administrators unmute it, or allow robots to post.',
      zh: '该机器人在 chat-id 对应的群中不能发言：请群主或管理员解除禁言，或允许机器人发消息。',
    },
    'send.forbidden',
    'bot.forbidden.sendMessage',
  ),
  'only.groupAdmin.canAtAll': {
    en: 'Only the owner of the group may mention everybody: remove @all from message.',
    zh: '只有群主可以 @所有人：请从 message 中删除 @all。',
  },
  ...all(TOO_FAST, 'send.byToken.tooFast', 'send.too.fast'),
  'too.many.group': {
    en: 'The robot posts in too many groups in a short time: give fewer groups in chat-id, or increase retries.',
    zh: '机器人短时间内发送的群过多：请减少 chat-id 中的群，或增大 retries。',
  },
  'too.many.people': {
    en: 'The message reaches too many people in a short time: give fewer groups in chat-id, or increase retries.',
    zh: '机器人短时间内触达的人数过多：请减少 chat-id 中的群，或增大 retries。',
  },
  'invalidParameter.msgParam.tooLong': {
    en: 'The message is longer than 15,000 bytes: shorten message, or pack the files with archive: true so that {files} lists one.',
    zh: '消息超过 15000 字节：请缩短 message，或设置 archive: true，使 {files} 只列出一个文件。',
  },
  'contain.unsafe.url': refusedContent('a link', '链接'),
  'contain.notAllowed.text': refusedContent('a text', '文字'),
  'contain.notAllowed.picture': refusedContent('a picture', '图片'),
  'contain.notAllowed.content': refusedContent('what is', '内容'),
  'keywords.not.match': KEYWORD,
  'sign.not.match': {
    en: 'DingTalk refuses the signature of the post: check that robot-code is the code of the robot of the app itself, not of a custom robot. A custom robot needs robot-webhook and robot-secret.',
    zh: '消息签名未通过校验：请确认 robot-code 是应用自己的机器人，而不是自定义机器人。自定义机器人请使用 robot-webhook 和 robot-secret。',
  },
  'ip.not.match': {
    en: `This runner's IP may not use the robot of robot-code: add it to 服务器出口IP of the app at ${CONSOLE} or use a runner with a static IP.`,
    zh: `该 runner 的 IP 不能使用 robot-code 对应的机器人：请在 ${CONSOLE} 应用的「服务器出口IP」中添加该 IP，或改用固定 IP 的 runner。`,
  },
  ...all(
    MARKDOWN,
    'miss.param.markdown',
    'miss.param.markdownTotitle',
    'miss.param.markdownTotext',
    'miss.param.text',
    'miss.param.contentOfText',
  ),
  ...all(
    WRONG_FORM,
    'invalidParameter.msgKey.empty',
    'invalidParameter.msgKey.invalid',
    'invalidParameter.msgParam.invalid',
    'invalidParameter.param.invalid',
    'invalidParameter.msg.unsupport',
    'invalidParameter.msgBody.invalid',
    'sendMessage.model.notMatch',
  ),
  ...all(
    NOT_OURS,
    'invalidParameter.userIds.empty',
    'invalidParameter.userIds.overMax',
    'invalidParameter.userId.empty',
    'invalidParameter.processQueryKey.missing',
    'invalid.processQueryKey',
    'miss.param.link',
    'miss.param.textOfLink',
    'miss.param.titleOfLink',
    'miss.param.messageUrlOfLink',
    'miss.param.actionCard',
    'miss.param.actionCardTotitle',
    'miss.param.actionCardTotext',
    'miss.param.actionCardTosingleTitle',
    'miss.param.actionCardTosingleUrl',
    'miss.param.actionCardTobtns',
    'miss.param.actionCardTobtnsTotitle',
    'miss.param.actionCardTobtnsToactionUrl',
    'invalid.param.actionCardTobtnOrientation',
    'invalid.param.actionCardTocanForward',
    'miss.param.feedCard',
    'miss.param.feedCardTolinks',
    'miss.param.feedCardTolinksTotitle',
    'miss.param.feedCardTolinksTomessageUrl',
    'miss.param.feedCardTolinksTopicUrl',
    'miss.param.photo',
    'miss.param.photoTophotoUrl',
    'miss.param.image',
    'miss.param.imageTopicUrl',
    'miss.param.beautifulCard',
    'miss.param.beautifulCardToimage',
    'miss.param.beautifulCardTotitle',
    'miss.param.beautifulCardToactionUrl',
    'miss.param.beautifulCardTointroduction',
    'miss.param.file',
    'miss.param.video',
    'miss.param.audio',
    'illegal.receivers',
    'receivers.exceed',
    'illegal.excludes',
    'staffId.notExisted',
    'chatbotId.notAllow.sendOTO',
    'robot.oto.notExist',
  ),
}

export const WRONG_WEBHOOK: Hint = {
  en: "Check robot-webhook: copy it again from the robot's settings in the group, and make sure that the runner can reach its host.",
  zh: '请检查 robot-webhook：在群的机器人设置中重新复制，并确认 runner 可以访问该地址。',
}

const TOO_MANY_A_MINUTE: Hint = {
  en: 'A custom robot may post 20 messages a minute: let fewer jobs post by this robot-webhook, or increase retries.',
  zh: '自定义机器人每分钟最多发送 20 条消息：请减少使用该 robot-webhook 的任务，或增大 retries。',
}

/** Posts by a custom robot, whose address is its credential. */
export const POST_BY_WEBHOOK: Advice = {
  '40014': WRONG_WEBHOOK,
  '42001': WRONG_WEBHOOK,
  '40035': {
    en: "Check robot-webhook and message: DingTalk found no access_token or no text. Copy the address again, whole, from the robot's settings in the group.",
    zh: '请检查 robot-webhook 和 message：钉钉没有收到 access_token 或消息内容。请在群的机器人设置中重新复制完整的地址。',
  },
  '43004': {
    en: 'Something between this runner and DingTalk changes the Content-Type of the post, usually a proxy: let the host of robot-webhook pass untouched.',
    zh: '消息的 Content-Type 在传输过程中被修改，通常由代理引起：请让代理直接放行 robot-webhook 的域名。',
  },
  '300005': WRONG_WEBHOOK,
  '400013': {
    en: 'The group of this robot has been dissolved: add a robot to another group, and give its address as robot-webhook.',
    zh: '该机器人所在的群已解散：请在其他群添加机器人，并把其地址填入 robot-webhook。',
  },
  '400101': WRONG_WEBHOOK,
  '400102': {
    en: "This robot has been stopped: enable it in the group's settings, or give the robot-webhook of another.",
    zh: '该机器人已停用：请在群设置中启用，或改用其他机器人的 robot-webhook。',
  },
  '400105': {
    en: 'This robot does not take Markdown messages: give the robot-webhook of a custom robot (自定义机器人).',
    zh: '该机器人不支持 Markdown 消息：请改用「自定义」机器人的 robot-webhook。',
  },
  '400106': {
    en: 'There is no such robot any more: it may have been removed from the group. Add it again, and copy its address into robot-webhook.',
    zh: '该机器人不存在，可能已从群中移除：请重新添加，并把新地址填入 robot-webhook。',
  },
  '90018': TOO_MANY_A_MINUTE,
  '130101': TOO_MANY_A_MINUTE,
  '410100': {
    en: 'This robot posted too often, and DingTalk blocks it for 10 minutes: run the job again after that, and let fewer jobs post by this robot-webhook.',
    zh: '该机器人发消息过于频繁，已被钉钉限制 10 分钟：请在 10 分钟后重新运行，并减少使用该 robot-webhook 的任务。',
  },
  '430101': refusedContent('a link', '链接'),
  '430102': refusedContent('a text', '文字'),
  '430103': refusedContent('a picture', '图片'),
  '430104': refusedContent('what is', '内容'),
  '310000': {
    en: "The robot's security settings (keyword, signature or IP range) refuse the message: adjust them, robot-secret, or message.",
    zh: '消息未通过机器人的安全设置：请检查 robot-secret，并确认 message 包含关键词、runner 的 IP 在允许的 IP 段内。',
  },
  '310000 keyword': KEYWORD,
  '310000 signature': SIGNATURE,
  '310000 address': ADDRESS,
}
