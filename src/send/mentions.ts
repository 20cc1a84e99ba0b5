import type { Mentions } from '../dingtalk/robots.ts'
import { type Members, memberKey, type Mention } from '../domain.ts'
import type { Runner } from '../github/runner.ts'
import { oneLine, shortened } from './markdown.ts'

/** How many graphemes of a login or an address are shown. */
const MAX_AUTHOR = 64

/** Whom the message mentions: those whom the inputs name, and the author, if `members` says who that is. */
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
  // An address is personal data: its first letter and its host are enough to know whose it is.
  const name = oneLine(login || memberKey(email)).replace(/(?<=^.).*(?=@)/, '***')
  const shown = shortened(name, MAX_AUTHOR)
  if (!shown)
    runner.notice({
      en: 'The author was not mentioned, because the author of the head commit is unknown. Check out the repository before this step.',
      zh: '未 @ 作者：无法确定最新提交的作者。请在此步骤之前检出仓库。',
    })
  else if (isProgram)
    runner.notice({
      en: `The author was not mentioned, because ${shown} is a bot.`,
      zh: `未 @ 作者：${shown} 是机器人账号。`,
    })
  else
    runner.notice({
      en: `The author was not mentioned, because members has no line for ${shown}.`,
      zh: `未 @ 作者：members 中没有 ${shown}。`,
    })
  return userIds.length + mobiles.length > 0 || everyone ? mention : undefined
}
