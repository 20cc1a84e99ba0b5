import { TextError } from '../errors.ts'
import { verbatim } from '../http/text.ts'
import { CONSOLE } from '../text/links.ts'
import { ON_BY_HAND } from './account.ts'
import type { Choice } from './conversation.ts'
import { type App, type Dws, DwsError } from './dws.ts'
import type { Setup } from './steps.ts'

/** The name that is suggested for the app. */
const NAME = 'upload-to-dingtalk'

/** The app: its Client ID and Client Secret are checked by getting an access token. */
export async function connectApp(setup: Setup): Promise<void> {
  const { talk, platform, values } = setup
  if (setup.dws) await withDws(setup, (dws) => readCredentials(dws, setup))
  const { 'app-key': appKey, 'app-secret': appSecret } = talk.answers
  if (appKey === undefined || appSecret === undefined)
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

/**
 * Does something with dws. If dws can't, the person goes on by hand; if it needs the person's consent, it tries again.
 *
 * @returns whether it was done
 */
export async function withDws(setup: Setup, task: (dws: Dws) => Promise<boolean>): Promise<boolean> {
  const { talk, dws } = setup
  for (;;) {
    if (!dws) return false
    try {
      return await task(dws)
    } catch (error) {
      if (!(error instanceof DwsError) || !talk.isTerminal) throw error
      talk.problem(error)
      const isWorthIt = ['consent', 'unavailable', 'logged-out'].includes(error.kind)
      const again: Choice<'again' | 'hand'> = { value: 'again', label: { en: 'Try again', zh: '重试' } }
      const hand: Choice<'again' | 'hand'> = {
        value: 'hand',
        label: { en: 'Continue manually', zh: '改为手动操作' },
      }
      const next = isWorthIt
        ? await talk.choose(undefined, { en: 'What next?', zh: '接下来？' }, [again, hand])
        : 'hand'
      if (next === 'again') continue
      talk.say(ON_BY_HAND)
      return false
    }
  }
}

/** Finds or creates the app, and gets its credentials. @returns false to go on by hand */
async function readCredentials(dws: Dws, setup: Setup): Promise<boolean> {
  const { talk } = setup
  const app = talk.answers['unified-app-id'] ?? (await findApp(dws, setup))
  if (app === undefined) return false
  talk.set('unified-app-id', app)
  const { clientId, clientSecret } = await talk.working(() => dws.credentials(app))
  talk.set('app-key', clientId)
  talk.set('app-secret', clientSecret)
  return true
}

/**
 * Lets the person choose an app by its name, or creates one. An app is only created right after a list without one of that name:
 * if creating one fails, it may be there all the same.
 *
 * @returns undefined to go on by hand
 */
async function findApp(dws: Dws, setup: Setup): Promise<string | undefined> {
  const { talk } = setup
  let doubt: DwsError | undefined
  for (;;) {
    const name = await talk.text('app', { en: 'Name of the app', zh: '应用名称' }, { suggestion: NAME })
    const apps = await talk.working(() => dws.apps(name))
    const exact = apps.filter((app) => app.name === name)
    if (doubt && exact.length === 0 && !talk.isTerminal) throw doubt
    const next = talk.isTerminal
      ? await chooseApp(apps, name, exact.length === 0, doubt !== undefined, setup)
      : onlyApp(exact, setup)
    if (next === 'hand') return undefined
    if (next === 'other') talk.forget(['app'])
    if (next === 'create') {
      try {
        return await talk.working(() => dws.createApp(name), {
          en: 'Creating the app …',
          zh: '正在创建应用……',
        })
      } catch (error) {
        const mayBeThere =
          error instanceof DwsError && ['unavailable', 'not-understood', 'refused'].includes(error.kind)
        if (!mayBeThere) throw error
        doubt = error
        talk.problem(error)
        talk.say({ en: 'The app may have been created anyway.', zh: '应用可能已经创建成功。' })
      }
    }
    const chosen = apps.find(({ unifiedAppId }) => unifiedAppId === next)
    if (!chosen) continue
    talk.done({ en: `App: ${chosen.name}`, zh: `应用：${chosen.name}` })
    return chosen.unifiedAppId
  }
}

async function chooseApp(
  apps: readonly App[],
  name: string,
  isNew: boolean,
  isInDoubt: boolean,
  { talk }: Setup,
): Promise<string> {
  const create: Choice<string> = {
    value: 'create',
    label: { en: `Create a new app "${name}"`, zh: `创建新应用「${name}」` },
  }
  return talk.choose(
    undefined,
    isNew
      ? { en: `There is no app named "${name}".`, zh: `没有名为「${name}」的应用。` }
      : { en: 'Which app do you want to use?', zh: '使用哪个应用？' },
    [
      ...apps.map((app) => ({
        value: app.unifiedAppId,
        label: verbatim(app.name),
        ...(app.appKey ? { hint: verbatim(app.appKey) } : {}),
      })),
      // It may take a moment until a new app is listed.
      ...(isInDoubt ? [{ value: 'again', label: { en: 'Look again', zh: '重新查找' } }] : []),
      ...(isNew ? [create] : []),
      { value: 'other', label: { en: 'Look for another name', zh: '查找其他名称' } },
      { value: 'hand', label: { en: 'Continue manually', zh: '改为手动操作' } },
    ],
  )
}

/** What to do where nobody can choose. */
function onlyApp(exact: readonly App[], { talk }: Setup): string {
  const [only, ...others] = exact
  if (only && others.length === 0) return only.unifiedAppId
  if (!only && talk.answers['create-app'] === 'true') return 'create'
  throw new TextError(
    only
      ? {
          en: 'Several apps have this name. Use another --app.',
          zh: '有多个同名应用，请用 --app 指定其他名称。',
        }
      : {
          en: 'There is no app with this name. Create it with --create-app.',
          zh: '没有同名应用，可用 --create-app 创建。',
        },
  )
}
