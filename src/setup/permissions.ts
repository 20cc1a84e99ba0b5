import { callsOf } from '../check/check.ts'
import { OPERATIONS } from '../dingtalk/operations.ts'
import { TextError } from '../errors.ts'
import { type Text, verbatim } from '../http/text.ts'
import { permissionName } from '../report/advice.ts'
import { permissionHint } from '../report/hints.ts'
import { APPS, linkLines } from '../text/links.ts'
import type { Use, Values } from './answers.ts'
import { withDws } from './app.ts'
import { Quit } from './conversation.ts'
import { type Dws, DwsError } from './dws.ts'
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
  const isRequired = (scope: string) => required.includes(scope)
  let missing = await missingOf(setup, values, required, recommended, 1)
  const app = talk.answers['unified-app-id']
  const needsRobot = talk.answers.use === 'robot' && talk.answers['robot-code'] === undefined
  if (app !== undefined && (missing.length > 0 || needsRobot || talk.answers['version-id'] !== undefined)) {
    if (await withDws(setup, (dws) => setUpApp(dws, app, missing, setup)))
      missing = await missingOf(setup, values, required, recommended, LOOKS)
  }
  for (let isFirst = true; missing.some(isRequired); isFirst = false) {
    if (!talk.isTerminal) throw new TextError(permissionText(missing, setup))
    talk.say(permissionText(missing.filter(isRequired), setup))
    const optional = missing.filter((scope) => !isRequired(scope))
    if (isFirst && optional.length > 0) talk.say(recommendedText(optional, calls, setup))
    if (isFirst) talk.say(PUBLISH)
    await waitForPerson({ en: 'Have you published the version?', zh: '新版本发布了吗？' }, setup)
    missing = await missingOf(setup, values, required, recommended, LOOKS)
  }
  talk.done({
    en: `The app has the ${required.length} permissions that it needs.`,
    zh: `应用已开通所需的 ${required.length} 项权限。`,
  })
}

/** Adds permissions and the robot with dws, and publishes a version with them. @returns false to go on by hand */
async function setUpApp(dws: Dws, app: string, scopes: readonly string[], setup: Setup): Promise<boolean> {
  const { talk, environment } = setup
  if (talk.answers['version-id'] === undefined) {
    const permissions = await talk.working(() => unauthorized(dws, app, scopes), LOOKING)
    const addable = permissions.filter(({ allowedActions }) => allowedActions.includes('apply'))
    for (const { scopeValue, displayMessage } of permissions)
      if (!addable.some((other) => other.scopeValue === scopeValue))
        talk.warn({
          en: `dws can't add the permission ${permissionName(scopeValue)}. ${displayMessage ?? ''}`,
          zh: `dws 无法开通权限 ${permissionName(scopeValue)}。${displayMessage ?? ''}`,
        })
    const names = addable.map(({ scopeValue }) => `  ${permissionName(scopeValue)}`).join('\n')
    const hasRobot =
      talk.answers.use !== 'robot' || (await talk.working(() => dws.robotCode(app), LOOKING)) !== undefined
    if (names) talk.say({ en: `Permissions to add:\n${names}`, zh: `需要开通的权限：\n${names}` })
    const question = hasRobot
      ? {
          en: 'Add them with dws, and publish a version of the app?',
          zh: '用 dws 开通并发布应用的新版本吗？',
        }
      : {
          en: 'Add them with dws, configure the robot, and publish a version of the app?',
          zh: '用 dws 开通权限、配置机器人，并发布应用的新版本吗？',
        }
    if (!(await talk.agree('publish', question))) return false
    await talk.working(async () => {
      if (addable.length > 0)
        await dws.addPermissions(
          app,
          addable.map(({ scopeValue }) => scopeValue),
        )
      if (!hasRobot) await dws.configureRobot(app, talk.answers.app ?? 'upload-to-dingtalk')
      // Those that need an approval come with the version.
      const direct = addable
        .filter(({ requiredApproval }) => !requiredApproval)
        .map(({ scopeValue }) => scopeValue)
      for (let look = 1; look < LOOKS && (await unauthorized(dws, app, direct)).length > 0; look++)
        await environment.clock.sleep(BETWEEN_LOOKS, environment.signal)
      talk.remember('version-id', await dws.createVersion(app, 'upload-to-dingtalk'))
    }, ADDING)
  }
  if (talk.answers.use === 'robot') {
    const code = await talk.working(() => dws.robotCode(app), LOOKING)
    if (code !== undefined) talk.set('robot-code', code)
  }
  if (!(await publish(dws, app, setup))) return false
  talk.forget(['version-id'])
  if (talk.isTerminal && talk.answers.visibility === undefined) {
    talk.say(VISIBILITY)
    await talk.choose('visibility', { en: 'Have you set the visibility?', zh: '可见范围设置好了吗？' }, [
      { value: 'set', label: { en: 'Yes', zh: '已设置' } },
    ])
  }
  return true
}

/** Publishes the version, and waits until it is released, which can take an approval, and hours. @returns false to go on by hand */
async function publish(dws: Dws, app: string, setup: Setup): Promise<boolean> {
  const { talk, environment } = setup
  const version = talk.answers['version-id'] ?? ''
  for (let look = 1; ; look++) {
    const { versionStatus, processStatus, processComment } = await talk.working(
      () => dws.versionStatus(app, version),
      LOOKING,
    )
    if (versionStatus === 'RELEASE') {
      talk.done({ en: 'The version is published.', zh: '新版本已发布。' })
      return true
    }
    if (['FAIL', 'WITHDRAW', 'CANCEL', 'PUBLISH_FAILED'].includes(processStatus ?? '')) {
      talk.forget(['version-id'])
      throw new DwsError('refused', {
        en: `The version was not published (${processStatus ?? ''}). ${processComment ?? ''}`,
        zh: `新版本未能发布（${processStatus ?? ''}）。${processComment ?? ''}`,
      })
    }
    if (versionStatus === 'INIT' && look === 1) {
      const approvers = await talk.working(() => dws.approvers(app, version), LOOKING)
      const approver =
        approvers.length === 0
          ? undefined
          : await talk.choose(
              'approver',
              { en: 'The version requires approval. By whom?', zh: '新版本需要审批，请选择审批人：' },
              approvers.map(({ userId, label }) => ({ value: userId, label: verbatim(label) })),
            )
      await talk.working(() => dws.publish(app, version, approver), PUBLISHING)
    } else if (look % LOOKS !== 0)
      await talk.working(() => environment.clock.sleep(BETWEEN_LOOKS, environment.signal), LOOKING)
    else {
      if (!talk.isTerminal) throw new TextError(IN_REVIEW)
      talk.say(IN_REVIEW)
      await waitForPerson({ en: 'Has it been approved?', zh: '审批通过了吗？' }, setup)
    }
  }
}

/** Those of the permissions that the app does not have yet. */
async function unauthorized(dws: Dws, app: string, scopes: readonly string[]) {
  const found = []
  for (const scope of scopes)
    found.push(
      (await dws.permission(app, scope)) ?? {
        scopeValue: scope,
        authed: false,
        allowedActions: [],
        requiredApproval: false,
      },
    )
  return found.filter(({ authed }) => !authed)
}

/** @throws Quit if the person comes back later */
async function waitForPerson(question: Text, { talk }: Setup): Promise<void> {
  const next = await talk.choose(undefined, question, [
    { value: 'check', label: { en: 'Yes, check again', zh: '是，重新检查' } },
    { value: 'leave', label: { en: 'Not yet: exit, and continue later', zh: '还没有：先退出，以后继续' } },
  ])
  if (next === 'leave') throw new Quit()
}

const LOOKING: Text = { en: 'Checking the app …', zh: '正在查询应用……' }
const ADDING: Text = { en: 'Adding the permissions …', zh: '正在开通权限……' }
const PUBLISHING: Text = { en: 'Publishing the version …', zh: '正在发布新版本……' }

const IN_REVIEW: Text = {
  en: 'The version is waiting for approval, which can take hours. The approver may not be notified, so contact them.',
  zh: '新版本正在等待审批，可能需要数小时。审批人可能收不到通知，请主动联系。',
}

const VISIBILITY: Text = {
  en: `Set the visibility of the app (应用可见范围) in the browser. It must include the operator and the owner of the group. The whole organization (全部员工) is simplest.
${APPS}`,
  zh: `请在浏览器中设置「应用可见范围」，必须包含操作者和群主，选择「全部员工」最简单。
${APPS}`,
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
    .map((scope) => {
      const { links = [] } = permissionHint([scope], talk.answers['app-key'])
      return [permissionName(scope), ...linkLines(links, 'en', (url) => `  ${url}`)].join('\n')
    })
    .join('\n')
  return {
    en: `Enable these permissions. Open each link:\n${lines}`,
    zh: `请开通以下权限，逐个打开链接：\n${lines}`,
  }
}

function recommendedText(scopes: readonly string[], calls: ReturnType<typeof callsOf>, setup: Setup): Text {
  const { en, zh } = permissionText(scopes, setup)
  const loss = calls.find(
    (call) => call.kind === 'optional' && scopes.includes(OPERATIONS[call.operation].scope),
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
