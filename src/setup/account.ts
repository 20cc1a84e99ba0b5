import { verbatim } from '../http/text.ts'
import type { Choice } from './conversation.ts'
import { Dws, DwsError, type DwsProblem, INSTALL } from './dws.ts'
import type { Setup } from './steps.ts'

type Way = 'true' | 'false' | 'install' | 'again'

const BY_HAND: Choice<Way> = {
  value: 'false',
  label: { en: 'Manually, in the developer console', zh: '在开发者后台手动操作' },
}

/** Offers DingTalk's CLI. Afterwards, `setup.dws` is there if the person uses it, is logged in, and has chosen an account. */
export async function chooseDws(setup: Setup): Promise<void> {
  const { talk, variables, directory, environment, redaction } = setup
  setup.dws = undefined
  const { dws: wanted, 'app-key': appKey, 'app-secret': appSecret } = talk.answers
  // Nothing is left to find or create.
  if (wanted === undefined && (!talk.isTerminal || (appKey !== undefined && appSecret !== undefined))) return
  const dws = new Dws({ variables, directory, signal: environment.signal }, redaction)
  let problem = await talk.working(() => problemOf(dws), LOOKING)
  let isShown = false
  for (;;) {
    const choices: Choice<Way>[] =
      problem === undefined
        ? [{ value: 'true', label: WITH_DWS, hint: RECOMMENDED }, BY_HAND]
        : isShown
          ? [{ value: 'again', label: { en: 'Check for dws again', zh: '重新查找 dws' } }, BY_HAND]
          : [BY_HAND, { value: 'install', label: problem === 'missing' ? HOW_TO_INSTALL : HOW_TO_UPDATE }]
    const way = await talk.choose<Way>(
      'dws',
      { en: 'How do you want to set up the app?', zh: '用哪种方式配置应用？' },
      choices,
    )
    if (way === 'false') return
    if (way === 'true' && problem === undefined) break
    talk.forget(['dws'])
    if (way === 'true' && !talk.isTerminal) await dws.checkVersion()
    if (way === 'install') talk.say(INSTALL)
    isShown ||= way === 'install'
    problem = await talk.working(() => problemOf(dws), LOOKING)
  }
  try {
    await logIn(dws, setup)
    await chooseAccount(dws, setup)
    setup.dws = dws
  } catch (error) {
    if (!(error instanceof DwsError) || !talk.isTerminal) throw error
    talk.problem(error)
    talk.say(ON_BY_HAND)
    talk.set('dws', 'false')
  }
}

const LOOKING = { en: 'Looking for dws …', zh: '正在查找 dws……' }
const WITH_DWS = { en: 'With dws, the DingTalk CLI', zh: '使用钉钉 CLI（dws）' }
const RECOMMENDED = { en: 'finds or creates the app for you', zh: '自动查找或创建应用' }
const HOW_TO_INSTALL = {
  en: 'With dws, the DingTalk CLI (not installed): show how',
  zh: '使用钉钉 CLI（dws，未安装）：查看安装方法',
}
const HOW_TO_UPDATE = {
  en: 'With dws, the DingTalk CLI (too old): show how',
  zh: '使用钉钉 CLI（dws，版本过低）：查看更新方法',
}

export const ON_BY_HAND = {
  en: 'Continue with this step manually.',
  zh: '此步骤改为手动操作。',
}

async function problemOf(dws: Dws): Promise<DwsProblem | undefined> {
  try {
    await dws.checkVersion()
    return undefined
  } catch (error) {
    if (!(error instanceof DwsError)) throw error
    return error.kind
  }
}

async function logIn(dws: Dws, { talk }: Setup): Promise<void> {
  while (!(await talk.working(() => dws.isLoggedIn(), LOOKING))) {
    const question = { en: 'dws is not logged in. Log in now?', zh: 'dws 尚未登录，现在登录吗？' }
    const way = await talk.choose(undefined, question, [
      { value: 'browser', label: { en: 'Yes, with the browser', zh: '用浏览器登录' } },
      {
        value: 'code',
        label: { en: 'Yes, with a code (no browser on this machine)', zh: '用验证码登录（本机没有浏览器）' },
      },
      { value: 'no', label: { en: 'No, continue manually', zh: '不登录，改为手动操作' } },
    ])
    if (way === 'no') throw new DwsError('logged-out', { en: 'dws is not logged in.', zh: 'dws 尚未登录。' })
    await dws.logIn(way === 'code', (text) => {
      talk.write(text)
    })
  }
}

/** One account for every command, because the person may be logged in to several organizations. */
async function chooseAccount(dws: Dws, { talk }: Setup): Promise<void> {
  const accounts = await talk.working(() => dws.accounts(), LOOKING)
  const [first] = accounts
  if (!first) return
  const nameOf = ({ userName, corpName, profile }: typeof first) =>
    [userName, corpName && `(${corpName})`].filter(Boolean).join(' ') || profile
  const known = talk.answers.profile
  if (known !== undefined && !accounts.some(({ profile }) => profile === known)) talk.forget(['profile'])
  if (accounts.length === 1) talk.set('profile', first.profile)
  dws.profile = await talk.choose(
    'profile',
    { en: 'Which dws account do you want to use?', zh: '使用 dws 的哪个账号？' },
    accounts.map((account) => ({ value: account.profile, label: verbatim(nameOf(account)) })),
  )
  const chosen = accounts.find(({ profile }) => profile === dws.profile) ?? first
  talk.done({ en: `dws: ${nameOf(chosen)}`, zh: `dws：${nameOf(chosen)}` })
}
