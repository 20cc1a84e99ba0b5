import type { Text } from '../../http/text.ts'
import { CHAT_EXPLORER, ISSUES } from '../../text/links.ts'
import type { Hint } from '../hint.ts'
import { CONSOLE, permissionName } from '../permissions.ts'
import { type Advice, all } from './shared.ts'

const WRONG_ROBOT: Hint = {
  cause: {
    en: 'DingTalk does not know the robot of robot-code.',
    zh: '钉钉找不到 robot-code 对应的机器人。',
  },
  fix: {
    en: "Copy the RobotCode again from the app's robot page (机器人), and add the robot to the group (chat-id).",
    zh: '请在应用的「机器人」页重新复制 RobotCode，并将该机器人添加到 chat-id 对应的群中。',
  },
  link: CONSOLE,
}

const ROBOT_STOPPED: Hint = {
  cause: { en: 'The robot of robot-code is disabled.', zh: 'robot-code 对应的机器人已停用。' },
  fix: {
    en: "Enable it on the app's robot page (机器人), then publish a new version of the app.",
    zh: '请在应用的「机器人」页启用，并发布新版本。',
  },
  link: CONSOLE,
}

const COOL_APP: Hint = {
  cause: {
    en: 'Only a cool app (酷应用) can use the robot of robot-code.',
    zh: 'robot-code 对应的机器人只能由酷应用使用。',
  },
  fix: {
    en: "Set robot-code to the app's own robot.",
    zh: '请把 robot-code 改为应用自己的机器人。',
  },
}

const NO_RIGHT: Hint = {
  cause: {
    en: 'The app cannot post through the robot of robot-code.',
    zh: '应用无权使用 robot-code 对应的机器人发消息。',
  },
  fix: {
    en: `Check that robot-code belongs to the app of app-key, and enable the permission ${permissionName('qyapi_robot_sendmsg')}.`,
    zh: `请确认 robot-code 属于 app-key 对应的应用，并开通权限 ${permissionName('qyapi_robot_sendmsg')}。`,
  },
  link: CONSOLE,
}

const WRONG_CHAT: Hint = {
  cause: { en: 'The robot cannot find this group (chat-id).', zh: '机器人找不到 chat-id 对应的群。' },
  fix: {
    en: 'Set chat-id to the openConversationId (cid…, including the trailing ==) of a group that has the robot.',
    zh: '请在 chat-id 中填写已添加该机器人的群的 openConversationId（cid…，包括末尾的 ==）。',
  },
  link: CHAT_EXPLORER,
}

const DISSOLVED: Hint = {
  cause: { en: 'The group (chat-id) was dissolved.', zh: 'chat-id 对应的群已解散。' },
  fix: {
    en: 'Remove it from chat-id, or use the ID of another group.',
    zh: '请从 chat-id 中删除，或改填其他群的 ID。',
  },
}

const TOO_FAST: Hint = {
  cause: {
    en: 'The robot of robot-code posts too often.',
    zh: 'robot-code 对应的机器人发消息过于频繁。',
  },
  fix: {
    en: 'The limit covers all jobs. Post from fewer jobs, or increase retries.',
    zh: '该限制由所有任务共享。请减少发消息的任务，或调大 retries。',
  },
}

/** @param what DingTalk objects to */
const refusedContent = ({ en, zh }: Text): Hint => ({
  cause: {
    en: `DingTalk's moderation rejected ${en} in message or buttons.`,
    zh: `message 或 buttons 中的${zh}未通过钉钉的内容审核。`,
  },
  fix: {
    en: 'Change it, and check the names of the files that {files} lists.',
    zh: '请修改，并检查 {files} 列出的文件名。',
  },
})

const UNSAFE_LINK = refusedContent({ en: 'a link', zh: '链接' })
const UNSAFE_TEXT = refusedContent({ en: 'a text', zh: '文字' })
const UNSAFE_PICTURE = refusedContent({ en: 'a picture', zh: '图片' })
const UNSAFE_CONTENT = refusedContent({ en: 'content', zh: '内容' })

const NOT_THE_INPUTS: Text = {
  en: 'Your inputs are not the cause; the API may have changed. Report it with the request id.',
  zh: '这与输入无关，可能是接口有变化。请附上 request id 反馈。',
}

/** What the message is made of, wrong in a way in which no input can make it. */
const WRONG_FORM: Hint = {
  cause: {
    en: 'DingTalk does not accept the form of the message, which the action sets by itself.',
    zh: '钉钉不接受消息的格式，该格式由本 action 自动设置。',
  },
  fix: NOT_THE_INPUTS,
  link: ISSUES,
}

/** Refusals of what only other kinds of messages, or messages to single people, have. */
const NOT_OURS: Hint = {
  cause: {
    en: 'DingTalk answered with a code for a kind of message that the action does not post.',
    zh: '该错误码所指的消息类型，本 action 不会发送。',
  },
  fix: NOT_THE_INPUTS,
  link: ISSUES,
}

const MARKDOWN: Hint = {
  cause: {
    en: 'message has no title or no text.',
    zh: 'message 缺少标题或正文。',
  },
  fix: {
    en: 'It must not be empty after its placeholders are filled in.',
    zh: '占位符替换后，内容不能为空。',
  },
}

const KEYWORD: Hint = {
  cause: {
    en: 'The robot only accepts messages that contain one of its keywords.',
    zh: '该机器人设置了「自定义关键词」，而消息不包含关键词。',
  },
  fix: {
    en: "Add a keyword to message, or change the robot's security settings in the group.",
    zh: '请在 message 中包含关键词，或在群里修改机器人的安全设置。',
  },
}

const SIGNATURE: Hint = {
  cause: {
    en: 'The robot requires a signature (加签), and robot-secret is wrong or not set.',
    zh: '该机器人开启了「加签」，而 robot-secret 有误或未填写。',
  },
  fix: {
    en: "Set robot-secret to the SEC… value under 加签 in the robot's security settings. If it is correct, check the runner's clock.",
    zh: '请在 robot-secret 中填写机器人安全设置「加签」下以 SEC 开头的密钥。如果确认无误，请检查 runner 的系统时间。',
  },
}

const ADDRESS: Hint = {
  cause: {
    en: "The runner's IP address isn't in the IP ranges of the robot's security settings.",
    zh: 'runner 的 IP 不在机器人安全设置的 IP 地址段内。',
  },
  fix: {
    en: 'Add it there, or use another security setting, such as a signature (加签) with robot-secret.',
    zh: '请添加该 IP，或改用其他安全设置，例如「加签」（robot-secret）。',
  },
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
    cause: {
      en: 'The conversation of the robot (robot-code) with the group has expired.',
      zh: 'robot-code 对应的机器人与该群的会话已失效。',
    },
    fix: {
      en: 'Remove the robot from the group (chat-id) and add it again.',
      zh: '请把该机器人移出 chat-id 对应的群，再重新添加。',
    },
  },
  'group.disbanded': DISSOLVED,
  'conversation.org.notMatch': {
    cause: {
      en: 'The group (chat-id) and the robot (robot-code) belong to different organizations.',
      zh: 'chat-id 对应的群与 robot-code 对应的机器人不属于同一组织。',
    },
    fix: { en: "Use a group of the app's organization.", zh: '请改用应用所在组织的群。' },
  },
  ...all(
    {
      cause: {
        en: 'DingTalk does not accept the token of the robot.',
        zh: '钉钉不接受调用机器人所用的 token。',
      },
      fix: {
        en: 'Check that app-key and robot-code belong to the same app, and that the app is published.',
        zh: '请确认 app-key 和 robot-code 属于同一应用，且应用已发布。',
      },
    },
    'invalidParameter.token.invalid',
    'token.notExisted',
  ),
  ...all(
    {
      cause: {
        en: 'The robot is not allowed to post in the group (chat-id).',
        zh: '该机器人在 chat-id 对应的群中不能发言。',
      },
      fix: {
        en: 'Ask the owner of the group to unmute the robot, or to allow robots to post.',
        zh: '请群主或管理员解除禁言，或允许机器人发消息。',
      },
    },
    'send.forbidden',
    'bot.forbidden.sendMessage',
  ),
  'only.groupAdmin.canAtAll': {
    cause: { en: 'Only the owner of the group can mention everyone.', zh: '只有群主可以 @所有人。' },
    fix: { en: 'Remove @all from message.', zh: '请从 message 中删除 @all。' },
  },
  ...all(TOO_FAST, 'send.byToken.tooFast', 'send.too.fast'),
  'too.many.group': {
    cause: {
      en: 'The robot posted in too many groups in a short time.',
      zh: '机器人短时间内发送的群过多。',
    },
    fix: {
      en: 'Use fewer groups in chat-id, or increase retries.',
      zh: '请减少 chat-id 中的群，或调大 retries。',
    },
  },
  'too.many.people': {
    cause: {
      en: 'The robot reached too many people in a short time.',
      zh: '机器人短时间内触达的人数过多。',
    },
    fix: {
      en: 'Use fewer groups in chat-id, or increase retries.',
      zh: '请减少 chat-id 中的群，或调大 retries。',
    },
  },
  'invalidParameter.msgParam.tooLong': {
    cause: {
      en: 'The message with its buttons is longer than 15,000 bytes.',
      zh: '消息加上按钮超过 15000 字节。',
    },
    fix: {
      en: 'Shorten message or buttons, or set archive: true so that {files} lists a single file.',
      zh: '请缩短 message 或 buttons，或设置 archive: true，使 {files} 只列出一个文件。',
    },
  },
  'contain.unsafe.url': UNSAFE_LINK,
  'contain.notAllowed.text': UNSAFE_TEXT,
  'contain.notAllowed.picture': UNSAFE_PICTURE,
  'contain.notAllowed.content': UNSAFE_CONTENT,
  'keywords.not.match': KEYWORD,
  'sign.not.match': {
    cause: { en: 'DingTalk rejected the signature of the message.', zh: '消息签名未通过校验。' },
    fix: {
      en: "robot-code must be the code of the app's own robot. For a custom robot, set robot-webhook and robot-secret instead.",
      zh: 'robot-code 必须是应用自己的机器人。如果是自定义机器人，请改用 robot-webhook 和 robot-secret。',
    },
  },
  'ip.not.match': {
    cause: {
      en: "The runner's IP address cannot use the robot of robot-code.",
      zh: 'runner 的 IP 不能使用 robot-code 对应的机器人。',
    },
    fix: {
      en: "Add it to the app's IP allowlist (服务器出口IP), or use a runner with a static IP.",
      zh: '请在应用的「服务器出口IP」中添加该 IP，或改用固定 IP 的 runner。',
    },
    link: CONSOLE,
  },
  ...all(
    MARKDOWN,
    'miss.param.markdown',
    'miss.param.markdownTotitle',
    'miss.param.markdownTotext',
    'miss.param.actionCardTotitle',
    'miss.param.actionCardTotext',
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
    'miss.param.actionCard',
    'miss.param.actionCardTosingleTitle',
    'miss.param.actionCardTosingleUrl',
    'miss.param.actionCardTobtns',
    'miss.param.actionCardTobtnsTotitle',
    'miss.param.actionCardTobtnsToactionUrl',
    'invalid.param.actionCardTobtnOrientation',
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
  cause: {
    en: 'robot-webhook does not lead to a robot.',
    zh: 'robot-webhook 没有对应的机器人。',
  },
  fix: {
    en: "Copy robot-webhook again from the robot's settings in the group, and make sure that the runner can reach its host.",
    zh: '请在群的机器人设置中重新复制 robot-webhook，并确认 runner 可以访问该地址。',
  },
}

const TOO_MANY_A_MINUTE: Hint = {
  cause: {
    en: 'The robot of robot-webhook posted more than 20 messages in a minute.',
    zh: 'robot-webhook 对应的机器人一分钟内发送的消息超过 20 条。',
  },
  fix: {
    en: 'The limit covers all jobs. Post from fewer jobs, or increase retries.',
    zh: '该限制由所有任务共享。请减少发消息的任务，或调大 retries。',
  },
}

/** Posts by a custom robot, whose address is its credential. */
export const POST_BY_WEBHOOK: Advice = {
  '40014': WRONG_WEBHOOK,
  '42001': WRONG_WEBHOOK,
  '40035': {
    cause: {
      en: 'DingTalk found no access_token in robot-webhook, no text in message, or something wrong in buttons or in whom the message mentions.',
      zh: 'robot-webhook 中没有 access_token，message 没有内容，或按钮、@ 的成员有误。',
    },
    fix: {
      en: "Copy the complete address again from the robot's settings in the group, and check buttons, at-user-ids, and at-mobiles.",
      zh: '请在群的机器人设置中重新复制完整的地址，并检查 buttons、at-user-ids 和 at-mobiles。',
    },
  },
  '43004': {
    cause: {
      en: 'The Content-Type of the message was modified on the way, probably by a proxy.',
      zh: '消息的 Content-Type 在传输过程中被修改，通常由代理引起。',
    },
    fix: {
      en: 'Add the host of robot-webhook to NO_PROXY, or let the proxy pass it unchanged.',
      zh: '请将 robot-webhook 的域名加入 NO_PROXY，或让代理透传。',
    },
  },
  '300005': WRONG_WEBHOOK,
  '400013': {
    cause: {
      en: 'The group of the robot (robot-webhook) was dissolved.',
      zh: 'robot-webhook 对应的机器人所在的群已解散。',
    },
    fix: {
      en: 'Add a robot to another group, and set its address as robot-webhook.',
      zh: '请在其他群添加机器人，并把其地址填入 robot-webhook。',
    },
  },
  '400101': WRONG_WEBHOOK,
  '400102': {
    cause: { en: 'The robot of robot-webhook is disabled.', zh: 'robot-webhook 对应的机器人已停用。' },
    fix: {
      en: "Enable it in the group's settings, or use the robot-webhook of another robot.",
      zh: '请在群设置中启用，或改用其他机器人的 robot-webhook。',
    },
  },
  '400105': {
    cause: {
      en: 'The robot of robot-webhook does not support Markdown messages or action cards.',
      zh: 'robot-webhook 对应的机器人不支持 Markdown 消息或 ActionCard 消息。',
    },
    fix: {
      en: 'Use the robot-webhook of a custom robot (自定义机器人).',
      zh: '请改用「自定义」机器人的 robot-webhook。',
    },
  },
  '400106': {
    cause: {
      en: 'The robot of robot-webhook no longer exists.',
      zh: 'robot-webhook 对应的机器人不存在。',
    },
    fix: {
      en: 'It may have been removed from the group. Add it again, and set its new address as robot-webhook.',
      zh: '机器人可能已从群中移除。请重新添加，并把新地址填入 robot-webhook。',
    },
  },
  '90018': TOO_MANY_A_MINUTE,
  '130101': TOO_MANY_A_MINUTE,
  '410100': {
    cause: {
      en: 'The robot of robot-webhook posted too often, and DingTalk blocks it for 10 minutes.',
      zh: 'robot-webhook 对应的机器人发消息过于频繁，已被钉钉限制 10 分钟。',
    },
    fix: {
      en: 'Re-run the job after that, and post from fewer jobs.',
      zh: '请在 10 分钟后重新运行，并减少发消息的任务。',
    },
  },
  '430101': UNSAFE_LINK,
  '430102': UNSAFE_TEXT,
  '430103': UNSAFE_PICTURE,
  '430104': UNSAFE_CONTENT,
  '310000': {
    cause: {
      en: "The robot's security settings (keyword, signature, or IP range) rejected the message.",
      zh: '消息未通过机器人的安全设置（关键词、加签或 IP 地址段）。',
    },
    fix: {
      en: 'Check robot-secret and the keywords in message.',
      zh: '请检查 robot-secret 和 message 中的关键词。',
    },
  },
  '310000 keyword': KEYWORD,
  '310000 signature': SIGNATURE,
  '310000 address': ADDRESS,
}
