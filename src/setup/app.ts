import { CONSOLE } from '../text/links.ts'
import type { Setup } from './steps.ts'

/** The app: its Client ID and Client Secret are checked by getting an access token. */
export async function connectApp({ talk, platform, values }: Setup): Promise<void> {
  const { 'app-key': known } = talk.answers
  if (known === undefined)
    talk.say({
      en: `Open ${CONSOLE}
Sign in to the organization that owns the drive. Create an internal app under Application development (应用开发) → DingTalk apps (钉钉应用), or open yours. The page Credentials (凭证与基础信息) shows both values.`,
      zh: `打开 ${CONSOLE}
登录云盘所属的组织，在「应用开发」→「钉钉应用」中创建企业内部应用，或打开已有的应用。
这两个值在应用的「凭证与基础信息」页面。`,
    })
  await talk.accepted(['app-key', 'app-secret'], async () => {
    await talk.text('app-key', { en: 'Client ID', zh: 'Client ID（客户端 ID）' })
    await talk.secret('app-secret', { en: 'Client Secret', zh: 'Client Secret（客户端密钥）' })
    await talk.working(() => platform.look(values(), ['accessToken']))
  })
  talk.done({ en: 'DingTalk accepts the credentials.', zh: '钉钉已接受该凭证。' })
}
