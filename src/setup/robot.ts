import { withDws } from './app.ts'
import type { Dws } from './dws.ts'
import type { Setup } from './steps.ts'

/** Who posts the message, if one is wanted: the robot of the app, or a custom one. */
export async function chooseRobot(setup: Setup): Promise<void> {
  const { use } = setup.talk.answers
  if (use === 'robot') await chooseAppRobot(setup)
  if (use === 'webhook') await chooseWebhook(setup)
}

async function chooseAppRobot(setup: Setup): Promise<void> {
  const { talk, platform, values } = setup
  if (talk.answers['robot-code'] === undefined)
    talk.say({
      en: `In the developer console, the app needs the robot ability: Add abilities (添加应用能力) → Robot (机器人). Publish a version with it.
The page of the robot shows its RobotCode. It is usually the same as the Client ID.`,
      zh: `在开发者后台为应用添加机器人：「添加应用能力」→「机器人」，并发布新版本。
机器人页面显示 RobotCode，一般与 Client ID 相同。`,
    })
  await talk.accepted(['robot-code'], async () => {
    const suggestion = talk.answers['app-key'] ?? ''
    await talk.text('robot-code', { en: 'RobotCode', zh: 'RobotCode（机器人编码）' }, { suggestion })
    await talk.working(() => platform.look(values(), ['accessToken', 'post']))
  })
  talk.done({ en: 'DingTalk knows the robot.', zh: '钉钉中有这个机器人。' })
  if (!(await withDws(setup, (dws) => addToGroup(dws, setup))) && talk.isTerminal)
    talk.say({
      en: 'If the robot is not in the group yet, add it: Group settings (群设置) → Robots (机器人) → Add robot (添加机器人).',
      zh: '如果机器人还不在群里，请添加：「群设置」→「机器人」→「添加机器人」。',
    })
}

/** @returns false to go on by hand */
async function addToGroup(dws: Dws, { talk }: Setup): Promise<boolean> {
  const { group = '', 'chat-id': chat = '', 'robot-code': code = '' } = talk.answers
  const question = {
    en: `Add the robot to the group ${group} with dws? Everyone in the group sees it.`,
    zh: `用 dws 将机器人添加到群${group}吗？群里所有人都能看到。`,
  }
  if (!(await talk.agree('add-robot', question))) return false
  await talk.working(() => dws.addRobot(chat, code), { en: 'Adding the robot …', zh: '正在添加机器人……' })
  talk.done({ en: 'The robot is in the group.', zh: '机器人已在群里。' })
  return true
}

async function chooseWebhook({ talk, platform, values }: Setup): Promise<void> {
  if (talk.answers['robot-webhook'] === undefined)
    talk.say({
      en: `In DingTalk, open the settings of the group (群设置) → Robots (机器人) → Add robot (添加机器人) → Custom (自定义).
Choose Sign (加签) as its security setting. Copy the webhook, and the secret that starts with SEC.`,
      zh: `在钉钉中打开「群设置」→「机器人」→「添加机器人」→「自定义」，安全设置选择「加签」。
复制 Webhook 地址，以及以 SEC 开头的密钥。`,
    })
  await talk.accepted(['robot-webhook', 'robot-secret'], async () => {
    await talk.secret('robot-webhook', { en: 'Webhook of the robot', zh: '机器人的 Webhook 地址' })
    if (talk.isTerminal) {
      const question = {
        en: 'Signing secret (press Enter if there is none)',
        zh: '加签密钥（没有时直接按回车键）',
      }
      await talk.secret('robot-secret', question, { isOptional: true })
    }
    await platform.look(values(), ['postByWebhook'])
  })
  talk.done({
    en: 'The webhook is valid. The first message will show whether DingTalk accepts it.',
    zh: 'Webhook 格式正确。发送第一条消息后即可确认是否有效。',
  })
}
