import { TextError } from '../errors.ts'
import { type Text, verbatim } from '../http/text.ts'
import { permissionName } from '../report/advice.ts'
import { permissionHint } from '../report/hints.ts'
import { APPS, linkLines } from '../text/links.ts'
import type { Values } from './answers.ts'
import { APP_NAME, withDws } from './app.ts'
import type { Setup } from './conversation.ts'
import type { Dws } from './dws.ts'
import { missingPermissions, type MissingPermissions } from './platform.ts'

/** How often, and at which interval (ms), to look whether a change has taken effect. */
const LOOKS = 4
const INTERVAL = 5000

const ADD: Text = {
  en: 'Add them with dws, and publish a version of the app?',
  zh: '用 dws 添加，并发布应用的新版本吗？',
}

const PUBLISH: Text = {
  en: 'Publish a version of the app with dws?',
  zh: '用 dws 发布应用的新版本吗？',
}

const IN_REVIEW: Text = {
  en: 'The version is in review. The approver may not be notified, so contact them. You can exit, and start the setup again when it has been approved.',
  zh: '新版本正在审批。审批人可能收不到通知，请主动联系。可以先退出，审批通过后再次运行。',
}

const VISIBILITY: Text = {
  en: `Set the visibility of the app (应用可见范围). It must include the operator and the owner of the group. The whole organization (全部员工) is simplest.
${APPS}`,
  zh: `请设置「应用可见范围」，必须包含操作者和群主，选择「全部员工」最简单。
${APPS}`,
}

/** Enables the permissions that the chosen use needs, and waits until they take effect. */
export async function enablePermissions(setup: Setup): Promise<void> {
  const { talk } = setup
  const { use, 'unified-app-id': app, 'version-id': version, 'robot-code': robot } = talk.answers
  // The permissions depend on which values are used, not on the values themselves, which come later.
  const values: Values = {
    ...(use !== 'folder' && { 'chat-id': `cid${'0'.repeat(22)}==` }),
    ...(use === 'robot' && { 'robot-code': 'upload-to-dingtalk-setup' }),
    ...talk.values,
  }
  let missing = await talk.working(() => missingPermissions(setup, values))
  const lookAgain = () =>
    eventually(
      setup,
      () => missingPermissions(setup, values),
      ({ required }) => required.length === 0,
    )
  const scopes = [...missing.required, ...missing.recommended]
  const isReady = scopes.length === 0 && version === undefined && (use !== 'robot' || robot !== undefined)
  if (app !== undefined && !isReady && (await withDws(setup, (dws) => setUpApp(dws, app, scopes, setup))))
    missing = await lookAgain()
  while (missing.required.length > 0) {
    const question = { en: 'Have you published the version?', zh: '新版本发布了吗？' }
    await talk.wait(instructionsFor(missing, talk.values['app-key']), question)
    missing = await lookAgain()
  }
  talk.say({ en: 'The app has the permissions that it needs.', zh: '应用已开通所需的权限。' }, 'success')
}

/** Looks until the result is the wanted one, at most four times. @returns the last result */
async function eventually<T>(
  { talk, environment: { clock, signal } }: Setup,
  look: () => Promise<T>,
  isWanted: (result: T) => boolean,
): Promise<T> {
  return talk.working(async () => {
    for (let looks = 1; ; looks++) {
      const result = await look()
      if (looks === LOOKS || isWanted(result)) return result
      await clock.sleep(INTERVAL, signal)
    }
  })
}

/** Adds permissions and the robot with dws, and publishes a version with them. @returns false if the user does not agree */
async function setUpApp(dws: Dws, app: string, scopes: readonly string[], setup: Setup): Promise<boolean> {
  const { talk } = setup
  const needsRobot = talk.answers.use === 'robot'
  if (talk.answers['version-id'] === undefined) {
    const missing = await talk.working(() => dws.missingPermissions(app, scopes))
    const addable = missing.flatMap(({ scope, isAddable }) => (isAddable ? scope : []))
    const others = missing.flatMap(({ scope, isAddable }) => (isAddable ? [] : permissionName(scope)))
    const lacksRobot = needsRobot && (await talk.working(() => dws.robotCode(app))) === undefined
    const names = [...addable.map(permissionName), ...(lacksRobot ? ['机器人 (Robot)'] : [])]
    const listed = (title: Text, list: readonly string[]) => {
      const lines = list.map((name) => `\n  ${name}`).join('')
      if (lines) talk.say({ en: title.en + lines, zh: title.zh + lines })
    }
    listed({ en: "dws can't add:", zh: 'dws 无法开通：' }, others)
    listed({ en: 'The app still needs:', zh: '应用还需要：' }, names)
    if (!(await talk.agree('publish', names.length > 0 ? ADD : PUBLISH))) return false
    await talk.working(async () => {
      if (addable.length > 0) await dws.addPermissions(app, addable)
      if (lacksRobot) await dws.configureRobot(app, talk.answers.app ?? APP_NAME)
    })
    // Permissions that need an approval are enabled together with the version.
    await eventually(
      setup,
      () => dws.missingPermissions(app, addable),
      (left) => left.length === 0,
    )
    talk.remember('version-id', await talk.working(() => dws.createVersion(app, APP_NAME)))
  }
  const code = needsRobot ? await talk.working(() => dws.robotCode(app)) : undefined
  if (code !== undefined) talk.set('robot-code', code)
  await publish(dws, app, setup)
  talk.forget(['version-id'])
  const question = { en: 'Have you set the visibility?', zh: '可见范围设置好了吗？' }
  if (talk.isTerminal) await talk.wait(VISIBILITY, question)
  return true
}

/** Publishes the version, and waits until it is released. An approval can take hours. */
async function publish(dws: Dws, app: string, setup: Setup): Promise<void> {
  const { talk } = setup
  const { 'version-id': version = '' } = talk.answers
  const look = async () => {
    const { versionStatus, processStatus, processComment } = await dws.versionStatus(app, version)
    if (!['FAIL', 'WITHDRAW', 'CANCEL', 'PUBLISH_FAILED'].includes(processStatus)) return versionStatus
    talk.forget(['version-id'])
    throw new TextError({
      en: `The version was not published (${processStatus}). ${processComment}`,
      zh: `新版本未能发布（${processStatus}）。${processComment}`,
    })
  }
  if ((await talk.working(look)) === 'INIT') {
    const approvers = await talk.working(() => dws.approvers(app, version))
    const question = {
      en: 'The version requires approval. Who should approve it?',
      zh: '新版本需要审批，请选择审批人：',
    }
    const choices = approvers.map(({ userId, label }) => [userId, verbatim(label)] as const)
    const approver = choices.length > 0 ? await talk.choose('approver', question, choices) : undefined
    await talk.working(() => dws.publish(app, version, approver))
  }
  while ((await eventually(setup, look, (status) => status === 'RELEASE')) !== 'RELEASE')
    await talk.wait(IN_REVIEW, { en: 'Has it been approved?', zh: '审批通过了吗？' })
  talk.say({ en: 'The version is published.', zh: '新版本已发布。' }, 'success')
}

/** How the user enables the permissions, with one link for each, and publishes them. */
function instructionsFor({ required, recommended }: MissingPermissions, appKey = ''): Text {
  const list = (scopes: readonly string[]) =>
    linkLines(
      permissionHint(scopes, appKey).links ?? [],
      'en',
      (url, name = '') => `\n${name}\n  ${url}`,
    ).join('')
  const optional = list(recommended)
  return {
    en: `Enable these permissions. Open each link:${list(required)}
${optional && `Recommended, but not required:${optional}\n`}Then publish a version of the app: Version management (版本管理与发布) → Create a version (创建新版本).
${VISIBILITY.en}`,
    zh: `请开通以下权限，逐个打开链接：${list(required)}
${optional && `建议一并开通：${optional}\n`}然后发布应用的新版本：「版本管理与发布」→「创建新版本」。
${VISIBILITY.zh}`,
  }
}
