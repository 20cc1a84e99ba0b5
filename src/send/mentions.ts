import type { Mentions } from '../dingtalk/robots.ts'
import { type Members, memberKey, type Mention } from '../domain.ts'
import type { Runner } from '../github/runner.ts'
import { oneLine, shortened } from './markdown.ts'

/** The most graphemes of a login or an address that are shown. */
const MAX_AUTHOR = 64

/** Whom the message mentions: those in the inputs, and the author, if `members` contains their user ID. */
export function mentionsOf(
  { mention, members }: { readonly mention: Mention | undefined; readonly members: Members },
  runner: Pick<Runner, 'workflowRun' | 'notice'>,
): Mentions | undefined {
  if (!mention?.author) return mention
  const { userIds, mobiles, everyone } = mention
  const { login = '', email = '', isBot } = runner.workflowRun()?.author ?? {}
  const keys = [login, email.includes('@') ? email : ''].map(memberKey)
  const isProgram = isBot || keys.some((key) => key.endsWith('[bot]'))
  const userId = isProgram ? undefined : keys.map((key) => members.get(key)).find(Boolean)
  if (userId !== undefined) return { userIds: [...new Set([...userIds, userId])], mobiles, everyone }
  // An address is personal data. Its first letter and its host are enough to recognize it.
  const name = oneLine(login || memberKey(email)).replace(/(?<=^.).*(?=@)/, '***')
  const shown = shortened(name, MAX_AUTHOR)
  let why = { en: `members has no line for ${shown}.`, zh: `members 中没有 ${shown}。` }
  if (isProgram) why = { en: `${shown} is a bot.`, zh: `${shown} 是机器人账号。` }
  if (!shown)
    why = {
      en: 'the author of the head commit is unknown. Check out the repository before this step.',
      zh: '无法确定最新提交的作者。请在此步骤之前检出仓库。',
    }
  runner.notice({ en: `The author was not mentioned, because ${why.en}`, zh: `未 @ 作者：${why.zh}` })
  return userIds.length + mobiles.length > 0 || everyone ? mention : undefined
}
