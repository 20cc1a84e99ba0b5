import { ADMIN } from '../text/links.ts'
import { withDws } from './app.ts'
import type { Setup } from './steps.ts'

/** The operator: looked up with the app's own token, and shown by name. */
export async function chooseOperator(setup: Setup): Promise<void> {
  const { talk, platform, values } = setup
  let suggestion = ''
  if (talk.answers['user-id'] === undefined)
    talk.say({
      en: `Files are uploaded and sent on behalf of a member of the organization, called the operator.
The UserID is in the admin console: Contacts (通讯录) → Members (成员管理) → the details of the member.
${ADMIN}`,
      zh: `文件以组织中一位成员（操作者）的身份上传和发送。
UserID 在管理后台「通讯录」→「成员管理」的成员详情中。
${ADMIN}`,
    })
  if (talk.answers['user-id'] === undefined)
    await withDws(setup, async (dws) => {
      const self = await talk.working(() => dws.self())
      suggestion = self.userId
      talk.say({
        en: `You are ${self.name}. Press Enter to use your account as the operator.`,
        zh: `你是${self.name}，按回车键即以你为操作者。`,
      })
      return true
    })
  const member = await talk.accepted(['user-id'], async () => {
    await talk.text('user-id', { en: 'UserID of the operator', zh: '操作者的 UserID' }, { suggestion })
    const found = await talk.working(() => platform.look(values(), ['accessToken', 'unionId']))
    return found.operator?.value
  })
  const name = member?.name ?? talk.answers['user-id'] ?? ''
  talk.done({ en: `Operator: ${name}`, zh: `操作者：${name}` })
}
