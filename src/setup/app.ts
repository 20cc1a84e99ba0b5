import { TextError } from '../errors.ts'
import { type Text, verbatim } from '../http/text.ts'
import { CONSOLE } from '../text/links.ts'
import { type Conversation, MANUALLY, type Setup } from './conversation.ts'
import { type App, Dws } from './dws.ts'
import { check } from './platform.ts'

/** The name that is suggested for the app. */
export const APP_NAME = 'upload-to-dingtalk'

const CREDENTIALS: Text = {
  en: `Open ${CONSOLE}
Sign in to the organization that owns the drive. Create an internal app under Application development (应用开发) → DingTalk apps (钉钉应用), or open yours. The page Credentials (凭证与基础信息) shows both values.`,
  zh: `打开 ${CONSOLE}
登录云盘所属的组织，在「应用开发」→「钉钉应用」中创建企业内部应用，或打开已有的应用。
这两个值在应用的「凭证与基础信息」页面。`,
}

/** Offers dws. Sets `setup.dws` if the user chooses it, and it works. */
export async function chooseDws(setup: Setup): Promise<void> {
  const { talk } = setup
  const { dws: chosen, 'app-key': appKey, 'app-secret': appSecret } = talk.answers
  setup.dws = undefined
  // With the credentials, there is nothing to find or create.
  if (chosen === undefined && (!talk.isTerminal || (appKey && appSecret))) return
  const dws = new Dws(setup)
  const isInstalled = await talk.working(() =>
    dws.checkVersion().then(
      () => true,
      () => false,
    ),
  )
  const way = await talk.choose(
    'dws',
    { en: 'How do you want to set up the app?', zh: '用哪种方式配置应用？' },
    [
      [
        'true',
        {
          en: 'With dws, the DingTalk CLI: finds or creates the app',
          zh: '使用钉钉 CLI（dws）：查找或创建应用',
        },
      ],
      ['false', { en: 'Manually, in the developer console', zh: '在开发者后台手动操作' }],
    ],
    isInstalled ? 'true' : 'false',
  )
  if (way === 'false') return
  if (await talk.orManually(() => chooseAccount(dws, talk))) setup.dws = dws
  else talk.set('dws', 'false')
}

/** Chooses one account for all commands: the user may be logged in to several organizations. */
async function chooseAccount(dws: Dws, talk: Conversation): Promise<true> {
  const accounts = await talk.working(() => dws.accounts())
  const [first, ...others] = accounts
  if (first && others.length === 0) talk.set('profile', first.profile)
  if (!accounts.some(({ profile }) => profile === talk.answers.profile)) talk.forget(['profile'])
  dws.profile = await talk.choose(
    'profile',
    { en: 'Which dws account do you want to use?', zh: '使用 dws 的哪个账号？' },
    accounts.map(({ profile, label }) => [profile, verbatim(label)]),
  )
  const { label = '' } = accounts.find(({ profile }) => profile === dws.profile) ?? {}
  talk.say({ en: `dws account: ${label}`, zh: `dws 账号：${label}` }, 'success')
  return true
}

/** Runs a task with dws, if the user chose it. @returns false if the user has to do it manually */
export async function withDws({ talk, dws }: Setup, task: (dws: Dws) => Promise<boolean>): Promise<boolean> {
  return dws !== undefined && talk.orManually(() => task(dws))
}

/** Asks for the app, and checks its credentials by getting an access token. */
export async function connectApp(setup: Setup): Promise<void> {
  const { talk } = setup
  await withDws(setup, (dws) => readCredentials(dws, talk))
  await talk.accepted(['app-key', 'app-secret'], async () => {
    await talk.ask('app-key', { en: 'Client ID', zh: 'Client ID（客户端 ID）' }, { help: CREDENTIALS })
    const secret = { en: 'Client Secret', zh: 'Client Secret（客户端密钥）' }
    await talk.ask('app-secret', secret, { help: CREDENTIALS })
    await check(setup, ['accessToken'])
  })
  talk.say({ en: 'DingTalk accepts the credentials.', zh: '钉钉已接受该凭证。' }, 'success')
}

/** Finds or creates the app, and gets its credentials. @returns false if the user has to do it manually */
async function readCredentials(dws: Dws, talk: Conversation): Promise<boolean> {
  // A version belongs to one app.
  if (talk.answers['unified-app-id'] === undefined) talk.forget(['version-id'])
  const app = talk.answers['unified-app-id'] ?? (await findApp(dws, talk))
  if (app === undefined) return false
  talk.set('unified-app-id', app)
  const { clientId, clientSecret } = await talk.working(() => dws.credentials(app))
  talk.set('app-key', clientId)
  talk.set('app-secret', clientSecret)
  return true
}

/** Lets the user choose an app by name, or creates one if none has this name. @returns undefined to continue manually */
async function findApp(dws: Dws, talk: Conversation): Promise<string | undefined> {
  for (;;) {
    const name = await talk.ask('app', { en: 'Name of the app', zh: '应用名称' }, { suggestion: APP_NAME })
    const apps = await talk.working(() => dws.apps(name))
    const same = apps.filter((app) => app.name === name)
    const next = talk.isTerminal ? await chooseApp(apps, name, talk) : onlyApp(same, talk)
    if (next === 'manually') return undefined
    if (next === 'create') return talk.working(() => dws.createApp(name))
    if (next !== 'again') return next
    talk.forget(['app'])
  }
}

async function chooseApp(apps: readonly App[], name: string, talk: Conversation): Promise<string> {
  const isNew = apps.every((app) => app.name !== name)
  const create = { en: `Create a new app "${name}"`, zh: `创建新应用「${name}」` }
  return talk.choose(
    undefined,
    isNew
      ? { en: `There is no app named "${name}".`, zh: `没有名为「${name}」的应用。` }
      : { en: 'Which app do you want to use?', zh: '使用哪个应用？' },
    [
      ...apps.map((app) => [app.unifiedAppId, verbatim(`${app.name} (${app.appKey})`)] as const),
      ...(isNew ? [['create', create] as const] : []),
      ['again', { en: 'Search again', zh: '重新查找' }],
      ['manually', MANUALLY],
    ],
  )
}

/** The choice of an app without a terminal. */
function onlyApp(same: readonly App[], { answers }: Conversation): string {
  const [only, ...others] = same
  if (only && others.length === 0) return only.unifiedAppId
  if (!only && answers['create-app']) return 'create'
  throw new TextError({
    en: 'No app has this name, or several apps have it. Use another --app, or create the app with --create-app.',
    zh: '没有同名应用，或有多个同名应用。请用 --app 指定其他名称，或用 --create-app 创建应用。',
  })
}
