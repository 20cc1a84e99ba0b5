import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isSecret, variableOf } from '../command/names.ts'
import { TextError } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import { defaultOf, INPUT_NAMES } from '../inputs/inputs.ts'
import type { Target } from './answers.ts'
import { type Finished, runProgram } from './program.ts'
import type { Setup } from './steps.ts'

/** A value to save: a secret, or a variable that anyone may see. */
interface Entry {
  readonly name: string
  readonly value: string
  readonly isSecret: boolean
}

const NAMES: Readonly<Record<Target, Text>> = {
  github: { en: 'A GitHub repository', zh: 'GitHub 仓库' },
  gitlab: { en: 'A GitLab project', zh: 'GitLab 项目' },
  env: { en: 'The file .env in this directory', zh: '当前目录的 .env 文件' },
  list: { en: 'Another CI: only show what to set', zh: '其他 CI：仅显示需要设置的变量' },
}

/** Saves the values where the person's CI finds them. */
export async function saveValues(setup: Setup): Promise<void> {
  const { talk } = setup
  const remote = await remoteOf(setup)
  const likely: Target = /gitlab/i.test(remote.host) ? 'gitlab' : remote.host ? 'github' : 'env'
  const targets = await talk.chooseSome(
    'save-to',
    { en: 'Where do you want to save the values?', zh: '这些值保存到哪里？' },
    (Object.keys(NAMES) as Target[]).map((value) => ({ value, label: NAMES[value] })),
    [likely],
  )
  const entries = entriesOf(setup)
  for (const target of targets) {
    while (!(await saved(target, entries, setup, remote.path))) {
      const next = await talk.choose(undefined, { en: 'What next?', zh: '接下来？' }, [
        { value: 'again', label: { en: 'Try again', zh: '重试' } },
        { value: 'on', label: { en: 'Set the values manually, and continue', zh: '手动设置，继续下一步' } },
      ])
      if (next === 'on') break
    }
  }
}

/** @returns whether the person need not do anything about it now */
async function saved(
  target: Target,
  entries: readonly Entry[],
  setup: Setup,
  remote: string,
): Promise<boolean> {
  const { talk } = setup
  try {
    await SAVE[target](entries, setup, remote)
    return true
  } catch (error) {
    if (!(error instanceof TextError) || !talk.isTerminal) throw error
    talk.problem(error)
    return false
  }
}

const SAVE: Readonly<
  Record<Target, (entries: readonly Entry[], setup: Setup, remote: string) => Promise<void>>
> = {
  github: saveToGithub,
  gitlab: saveToGitlab,
  env: saveToFile,
  list: (entries, { talk }) => {
    talk.say(listed(entries, { en: 'Set these variables in your CI:', zh: '请在 CI 中设置以下变量：' }))
    return Promise.resolve()
  },
}

/** What a job reads, by the names of its environment variables. */
function entriesOf({ values }: Setup): Entry[] {
  const given = values()
  return INPUT_NAMES.flatMap((input) => {
    const value = given[input]
    if (!value || value === defaultOf(input)) return []
    return { name: variableOf(input), value, isSecret: isSecret(input) }
  })
}

/** The names, with the values that are no secrets. */
function listed(entries: readonly Entry[], title: Text): Text {
  const lines = (secret: string) =>
    entries.map(({ name, value, isSecret }) => `  ${name}=${isSecret ? secret : value}`).join('\n')
  return {
    en: `${title.en}\n${lines('*** (secret)')}`,
    zh: `${title.zh}\n${lines('***（密钥）')}`,
  }
}

/** The repository that the directory was cloned from. Empty if it is no clone. */
async function remoteOf(setup: Setup): Promise<{ host: string; path: string }> {
  const { stdout } = await runProgram('git', ['remote', 'get-url', 'origin'], programOptions(setup))
  const [, host = '', path = ''] =
    /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?([^/:]+)(?::\d+)?[/:](.+?)(?:\.git)?\/?$/i.exec(stdout.trim()) ?? []
  return { host, path }
}

function programOptions({ variables, directory, environment: { signal } }: Setup) {
  return { variables, directory, signal }
}

async function saveToGithub(entries: readonly Entry[], setup: Setup, remote: string): Promise<void> {
  const { talk } = setup
  const gh = (args: readonly string[], input = '') =>
    talk.working(() => runProgram('gh', args, { ...programOptions(setup), input }), SETTING)
  const status = await gh(['auth', 'status'])
  if (status.exitCode !== 0) {
    const isMissing = status.exitCode === undefined
    const why = isMissing
      ? { en: 'The GitHub CLI (gh) is not installed.', zh: '未安装 GitHub CLI（gh）。' }
      : { en: 'The GitHub CLI (gh) is not logged in.', zh: 'GitHub CLI（gh）尚未登录。' }
    throw new TextError(listed(entries, joined(why, IN_GITHUB)))
  }
  const repo = await talk.accepted(['repo'], async () => {
    const question = { en: 'GitHub repository (OWNER/REPO)', zh: 'GitHub 仓库（OWNER/REPO）' }
    const repo = await talk.text('repo', question, { suggestion: remote })
    const shown = await gh(['repo', 'view', repo, '--json', 'nameWithOwner'])
    if (shown.exitCode !== 0) throw programError('gh repo view', shown)
    return repo
  })
  talk.say(
    listed(entries, {
      en: `The setup sets these secrets and variables of GitHub Actions in ${repo}, and replaces existing ones:`,
      zh: `将在 ${repo} 中设置以下 GitHub Actions secret 和变量，已有的会被覆盖：`,
    }),
  )
  if (talk.isTerminal && !(await talk.agree(undefined, SET_NOW))) {
    talk.say(listed(entries, IN_GITHUB))
    return
  }
  for (const { name, value, isSecret } of entries) {
    const kind = isSecret ? 'secret' : 'variable'
    let set = await gh([kind, 'set', name, '--repo', repo], value)
    // Old versions have no command for variables.
    if (!isSecret && set.exitCode !== 0 && /unknown command/.test(set.stderr)) {
      const body = JSON.stringify({ name, value })
      const path = `repos/${repo}/actions/variables`
      set = await gh(['api', '--method', 'PATCH', `${path}/${name}`, '--input', '-'], body)
      if (set.exitCode !== 0) set = await gh(['api', '--method', 'POST', path, '--input', '-'], body)
    }
    if (set.exitCode !== 0) throw programError(`gh ${kind} set ${name}`, set)
  }
  const secrets = await gh(['secret', 'list', '--repo', repo])
  const lost = entries.find(
    ({ name, isSecret }) => isSecret && !new RegExp(`^${name}\\b`, 'm').test(secrets.stdout),
  )
  if (secrets.exitCode !== 0 || lost) throw programError('gh secret list', secrets)
  talk.done({
    en: `${repo} has the ${entries.length} values.`,
    zh: `已在 ${repo} 中设置 ${entries.length} 个值。`,
  })
}

const SETTING: Text = { en: 'Setting the values …', zh: '正在设置……' }

const IN_GITHUB: Text = {
  en: 'On GitHub, set them under Settings → Secrets and variables → Actions. Or install gh (https://cli.github.com/), and run gh auth login in another terminal:',
  zh: '请在 GitHub 的 Settings → Secrets and variables → Actions 中设置；或安装 gh（https://cli.github.com/），并在另一个终端中运行 gh auth login：',
}

const SET_NOW: Text = { en: 'Set them now?', zh: '现在设置吗？' }

async function saveToGitlab(entries: readonly Entry[], setup: Setup, remote: string): Promise<void> {
  const { talk } = setup
  const glab = (args: readonly string[], input = '') =>
    talk.working(() => runProgram('glab', args, { ...programOptions(setup), input }), SETTING)
  const status = await glab(['auth', 'status'])
  if (status.exitCode !== 0) {
    const why = {
      en: 'The GitLab CLI (glab) is not installed, or not logged in.',
      zh: '未安装 GitLab CLI（glab），或尚未登录。',
    }
    throw new TextError(listed(entries, joined(why, IN_GITLAB)))
  }
  const question = { en: 'GitLab project (GROUP/PROJECT)', zh: 'GitLab 项目（GROUP/PROJECT）' }
  const project = await talk.text('project', question, { suggestion: remote })
  talk.say(
    listed(entries, {
      en: `The setup sets these CI/CD variables in ${project}, masks the secrets in logs, and replaces existing variables:`,
      zh: `将在 ${project} 中设置以下 CI/CD 变量，密钥会在日志中打码，已有的变量会被覆盖：`,
    }),
  )
  if (talk.isTerminal && !(await talk.agree(undefined, SET_NOW))) {
    talk.say(listed(entries, IN_GITLAB))
    return
  }
  for (const { name, value, isSecret } of entries) {
    const args = [name, '--repo', project, ...(isSecret ? ['--masked'] : [])]
    let set = await glab(['variable', 'set', ...args], value)
    if (set.exitCode !== 0) set = await glab(['variable', 'update', ...args], value)
    if (set.exitCode !== 0) throw programError(`glab variable set ${name}`, set)
  }
  talk.done({
    en: `${project} has the ${entries.length} variables.`,
    zh: `已在 ${project} 中设置 ${entries.length} 个变量。`,
  })
}

const IN_GITLAB: Text = {
  en: 'In GitLab, set them under Settings → CI/CD → Variables. Mask the secrets:',
  zh: '请在 GitLab 的 Settings → CI/CD → Variables 中设置，并将密钥设为 masked：',
}

/** What went wrong with a program, in its own words. Values are only ever on its standard input. */
function programError(command: string, { exitCode, stderr }: Finished): TextError {
  const words = stderr.trim().slice(0, 500)
  return new TextError({
    en: `${command} failed (exit code ${exitCode ?? 0}). ${words}`,
    zh: `${command} 失败（退出码 ${exitCode ?? 0}）。${words}`,
  })
}

/** Writes `.env`, which only its owner can read, and which Git must ignore. Lines of other variables stay. */
async function saveToFile(entries: readonly Entry[], setup: Setup): Promise<void> {
  const { talk, directory } = setup
  const path = join(directory, '.env')
  if (!(await isIgnored(setup))) {
    talk.warn({
      en: 'Git does not ignore .env here, so the secret could be committed.',
      zh: 'Git 没有忽略此处的 .env，密钥可能会被提交。',
    })
    const question = { en: 'Add .env to .gitignore?', zh: '把 .env 加入 .gitignore 吗？' }
    if (!(await talk.agree(undefined, question)))
      throw new TextError(
        listed(entries, { en: '.env was not written. Its lines:', zh: '未写入 .env，其内容为：' }),
      )
    const ignored = join(directory, '.gitignore')
    const isOpen = existsSync(ignored) && !/(^|\n)$/.test(readFileSync(ignored, 'utf8'))
    appendFileSync(ignored, `${isOpen ? '\n' : ''}.env\n`)
    if (!(await isIgnored(setup)))
      throw new TextError({
        en: 'Git still does not ignore .env: it is tracked. Remove it with git rm --cached .env, and start the setup again.',
        zh: 'Git 仍未忽略 .env：该文件已被跟踪。请运行 git rm --cached .env，再重新运行配置。',
      })
  }
  const names = new Set(entries.map(({ name }) => name))
  const others = existsSync(path)
    ? readFileSync(path, 'utf8')
        .split(/\r?\n/)
        .filter((line) => !names.has(/^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1] ?? ''))
    : []
  // One that exists keeps its mode.
  if (existsSync(path)) chmodSync(path, 0o600)
  const kept = others.join('\n').trimEnd()
  const lines = entries.map(({ name, value }) => `${name}=${quoted(value)}\n`)
  writeFileSync(path, `${kept && `${kept}\n`}${lines.join('')}`, { mode: 0o600 })
  talk.done({ en: `Written: ${path}`, zh: `已写入 ${path}` })
}

/** A value as a line of `.env` has it. */
function quoted(value: string): string {
  if (/^[\w./:+-]*$/.test(value)) return value
  return [`'`, '"', '`'].flatMap((mark) => (value.includes(mark) ? [] : `${mark}${value}${mark}`))[0] ?? value
}

/** Whether Git ignores `.env`, or there is no repository. A file that is tracked is not ignored. */
async function isIgnored(setup: Setup): Promise<boolean> {
  const { exitCode } = await runProgram('git', ['check-ignore', '--quiet', '.env'], programOptions(setup))
  return exitCode !== 1
}
