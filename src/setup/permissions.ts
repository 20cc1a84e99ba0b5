import { callsOf } from '../check/check.ts'
import { OPERATIONS } from '../dingtalk/operations.ts'
import type { Text } from '../http/text.ts'
import { permissionName } from '../report/advice.ts'
import { permissionHint } from '../report/hints.ts'
import { APPS } from '../text/links.ts'
import type { Use, Values } from './answers.ts'
import { Quit, Unanswered } from './conversation.ts'
import { inputsFor, scopesOf } from './platform.ts'
import type { Setup } from './steps.ts'

/** How often, and how many ms apart, the platform is asked again whether a permission has taken effect. */
const LOOKS = 4
const BETWEEN_LOOKS = 5000

/** What stands for the answers that come later: the permissions depend on what is used, not on the values. */
const LATER: Readonly<Record<Use, Values>> = {
  folder: {},
  group: { 'chat-id': `cid${'0'.repeat(22)}==` },
  robot: { 'chat-id': `cid${'0'.repeat(22)}==`, 'robot-code': 'upload-to-dingtalk-setup' },
  webhook: { 'chat-id': `cid${'0'.repeat(22)}==` },
}

/** Enables the permissions that the chosen use needs, and no others, and waits until the platform lets the app make the calls. */
export async function enablePermissions(setup: Setup): Promise<void> {
  const { talk } = setup
  const values = { ...LATER[talk.answers.use as Use], ...setup.values() }
  const calls = callsOf(inputsFor(values))
  const required = scopesOf(calls, 'required')
  const recommended = scopesOf(calls, 'optional')
  let missing = await missingOf(setup, values, required, recommended, 1)
  const isRequired = (scope: string) => required.includes(scope)
  for (let isFirst = true; missing.some(isRequired); isFirst = false) {
    if (!talk.isTerminal) throw new Unanswered(permissionText(missing, setup))
    talk.say(permissionText(missing.filter(isRequired), setup))
    const optional = missing.filter((scope) => !isRequired(scope))
    if (isFirst && optional.length > 0) talk.say(recommendedText(optional, calls, setup))
    if (isFirst) talk.say(PUBLISH)
    const next = await talk.choose(
      undefined,
      { en: 'Have you published the version?', zh: '新版本发布了吗？' },
      [
        { value: 'check', label: { en: 'Yes, check again', zh: '已发布，重新检查' } },
        {
          value: 'leave',
          label: { en: 'Not yet: leave, and continue later', zh: '尚未发布：先退出，以后继续' },
        },
      ],
    )
    if (next === 'leave') throw new Quit()
    missing = await missingOf(setup, values, required, recommended, LOOKS)
  }
  talk.done({
    en: `The app has the ${required.length} permissions that it needs.`,
    zh: `应用已开通所需的 ${required.length} 项权限。`,
  })
}

/** Which permissions the platform misses, looked up again while a required one is, because a change takes a while to take effect. */
async function missingOf(
  { talk, platform, environment }: Setup,
  values: Values,
  required: readonly string[],
  recommended: readonly string[],
  looks: number,
): Promise<string[]> {
  return talk.working(async () => {
    for (let look = 1; ; look++) {
      const missing = await platform.missingScopes(values, [...required, ...recommended])
      if (look === looks || !missing.some((scope) => required.includes(scope))) return missing
      await environment.clock.sleep(BETWEEN_LOOKS, environment.signal)
    }
  })
}

/** Each permission with its own link, one per line. */
function permissionText(scopes: readonly string[], { talk }: Setup): Text {
  const lines = scopes
    .map(
      (scope) => `${permissionName(scope)}\n  ${permissionHint([scope], talk.answers['app-key']).link ?? ''}`,
    )
    .join('\n')
  return {
    en: `Enable these permissions. Open each link:\n${lines}`,
    zh: `请开通以下权限，逐个打开链接：\n${lines}`,
  }
}

function recommendedText(scopes: readonly string[], calls: ReturnType<typeof callsOf>, setup: Setup): Text {
  const { en, zh } = permissionText(scopes, setup)
  const loss = calls.find(
    (call) => call.kind === 'optional' && scopes.includes({ scope: '', ...OPERATIONS[call.operation] }.scope),
  )
  const why = loss?.kind === 'optional' ? loss.loss : { en: '', zh: '' }
  return {
    en: `Recommended: ${why.en}\n${en.slice(en.indexOf('\n') + 1)}`,
    zh: `建议开通：${why.zh}\n${zh.slice(zh.indexOf('\n') + 1)}`,
  }
}

/** Permissions take effect with a version, and its form is where the visibility is set. */
const PUBLISH: Text = {
  en: `Then publish a version of the app: Version management (版本管理与发布) → Create a version (创建新版本).
Set the visibility (应用可见范围) there. It must include the operator and the owner of the group. The whole organization (全部员工) is simplest.
${APPS}`,
  zh: `然后发布应用的新版本：「版本管理与发布」→「创建新版本」。
在其中设置「应用可见范围」，必须包含操作者和群主，选择「全部员工」最简单。
${APPS}`,
}
