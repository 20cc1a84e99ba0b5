import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isSecret, variableOf } from '../command/names.ts'
import { TextError } from '../errors.ts'
import type { Text } from '../http/text.ts'
import { defaultOf, INPUT_NAMES } from '../inputs/inputs.ts'
import type { Target, Values } from './answers.ts'
import type { Choice, Setup } from './conversation.ts'
import { runProgram } from './program.ts'

/** The action, as a workflow names it. */
const ACTION = 'OWNER/upload-to-dingtalk@v0'

/** Path of the workflow file below the directory. */
export const WORKFLOW = '.github/workflows/upload-to-dingtalk.yml'

/** A secret, or a variable that everyone may see. */
interface Entry {
  readonly name: string
  readonly value: string
  readonly isSecret: boolean
}

/** A command, and its standard input. */
type Command = readonly [args: readonly string[], input: string]

/** A service whose CLI sets secrets and variables. */
interface Service {
  readonly cli: string
  readonly website: string
  readonly answer: 'repo' | 'project'
  readonly question: Text
  /** The commands that set a value. Each is tried only if the one before it fails. */
  readonly commands: (entry: Entry, repository: string) => readonly Command[]
}

const GITHUB: Service = {
  cli: 'gh',
  website: 'https://cli.github.com/',
  answer: 'repo',
  question: { en: 'GitHub repository (OWNER/REPO)', zh: 'GitHub 仓库（OWNER/REPO）' },
  commands: ({ name, value, isSecret }, repository) => {
    if (isSecret) return [[['secret', 'set', name, '--repo', repository], value]]
    // Versions before 2.31 have no command for variables.
    const path = `repos/${repository}/actions/variables`
    const body = JSON.stringify({ name, value })
    return [
      [['variable', 'set', name, '--repo', repository], value],
      [['api', '--method', 'PATCH', `${path}/${name}`, '--input', '-'], body],
      [['api', '--method', 'POST', path, '--input', '-'], body],
    ]
  },
}

const GITLAB: Service = {
  cli: 'glab',
  website: 'https://gitlab.com/gitlab-org/cli',
  answer: 'project',
  question: { en: 'GitLab project (GROUP/PROJECT)', zh: 'GitLab 项目（GROUP/PROJECT）' },
  commands: ({ name, value, isSecret }, project) => {
    const args = [name, '--repo', project, ...(isSecret ? ['--masked'] : [])]
    return [
      [['variable', 'set', ...args], value],
      [['variable', 'update', ...args], value],
    ]
  },
}

const TARGETS: readonly Choice<Target>[] = [
  ['github', { en: 'A GitHub repository', zh: 'GitHub 仓库' }],
  ['gitlab', { en: 'A GitLab project', zh: 'GitLab 项目' }],
  ['env', { en: 'The file .env in this directory', zh: '当前目录的 .env 文件' }],
  ['list', { en: 'Another CI: only show what to set', zh: '其他 CI：仅显示需要设置的变量' }],
]

const TO_SET: Text = {
  en: 'Set these values in your CI. On GitHub: Settings → Secrets and variables → Actions. On GitLab: Settings → CI/CD → Variables, with the secrets masked.',
  zh: '请在 CI 中设置以下变量。GitHub：Settings → Secrets and variables → Actions；GitLab：Settings → CI/CD → Variables，密钥需设为 masked。',
}

/** Saves the values where the CI of the user reads them. */
export async function saveValues(setup: Setup): Promise<void> {
  const { talk } = setup
  const { stdout } = await runProgram('git', ['remote', 'get-url', 'origin'], setup)
  const [, host = '', repository = ''] =
    /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?([^/:]+)(?::\d+)?[/:](.+?)(?:\.git)?\/?$/i.exec(stdout.trim()) ?? []
  const likely = host ? (/gitlab/i.test(host) ? 'gitlab' : 'github') : 'env'
  const target = await talk.choose(
    'save-to',
    { en: 'Where do you want to save the values?', zh: '这些值保存到哪里？' },
    TARGETS,
    likely,
  )
  const entries = INPUT_NAMES.flatMap((input) => {
    const value = talk.values[input]
    if (!value || value === defaultOf(input)) return []
    return { name: variableOf(input), value, isSecret: isSecret(input) }
  })
  const service = { github: GITHUB, gitlab: GITLAB, env: undefined, list: undefined }[target]
  const isSaved = await talk.orManually(async () => {
    if (target === 'list') return false
    return service ? saveTo(service, entries, setup, repository) : saveToFile(entries, setup)
  })
  if (!isSaved) talk.say(listed(entries, TO_SET))
}

function listed(entries: readonly Entry[], title: Text): Text {
  const lines = entries.map(({ name, value, isSecret }) => `\n  ${name}=${isSecret ? '***' : value}`).join('')
  return { en: title.en + lines, zh: title.zh + lines }
}

/** Sets secrets and variables with a CLI, which gets the values on standard input. @returns false if the user does not agree */
async function saveTo(
  { cli, website, answer, question, commands }: Service,
  entries: readonly Entry[],
  setup: Setup,
  suggestion: string,
): Promise<boolean> {
  const { talk } = setup
  const run = ([args, input]: Command) => talk.working(() => runProgram(cli, args, setup, input))
  if ((await run([['auth', 'status'], ''])).exitCode !== 0)
    throw new TextError({
      en: `${cli} is not installed, or not logged in. Install it, and run ${cli} auth login in another terminal: ${website}`,
      zh: `未安装 ${cli}，或尚未登录。请安装，并在另一个终端中运行 ${cli} auth login：${website}`,
    })
  const repository = await talk.ask(answer, question, { suggestion })
  talk.say(
    listed(entries, {
      en: `These secrets and variables will be set in ${repository}. Existing ones are replaced.`,
      zh: `将在 ${repository} 中设置以下 secret 和变量，已有的会被覆盖。`,
    }),
  )
  if (talk.isTerminal && !(await talk.agree(undefined, { en: 'Set them now?', zh: '现在设置吗？' })))
    return false
  for (const entry of entries) {
    let isSet = false
    let errors = ''
    for (const command of commands(entry, repository)) {
      const { exitCode, stderr } = await run(command)
      isSet = exitCode === 0
      if (isSet) break
      errors += ` ${stderr.trim().slice(0, 300)}`
    }
    if (isSet) continue
    talk.forget([answer])
    throw new TextError({
      en: `${cli} could not set ${entry.name}.${errors}`,
      zh: `${cli} 无法设置 ${entry.name}。${errors}`,
    })
  }
  talk.say({ en: `The values are set in ${repository}.`, zh: `已在 ${repository} 中完成设置。` }, 'success')
  return true
}

/** Writes `.env`, which only its owner can read, and which Git must ignore. Other lines stay. @returns false if the user does not agree */
async function saveToFile(entries: readonly Entry[], setup: Setup): Promise<boolean> {
  const { talk, directory } = setup
  // 0: ignored; 1: not ignored, or tracked; 128: no repository; undefined: no Git.
  const isIgnored = async () =>
    (await runProgram('git', ['check-ignore', '--quiet', '.env'], setup)).exitCode !== 1
  if (!(await isIgnored())) {
    const question = {
      en: 'Git does not ignore .env here, so the secret could be committed. Add .env to .gitignore?',
      zh: 'Git 没有忽略此处的 .env，密钥可能会被提交。把 .env 加入 .gitignore 吗？',
    }
    const ignored = join(directory, '.gitignore')
    if (await talk.agree(undefined, question)) {
      const isOpen = existsSync(ignored) && !/(^|\n)$/.test(readFileSync(ignored, 'utf8'))
      appendFileSync(ignored, `${isOpen ? '\n' : ''}.env\n`)
    }
    if (!(await isIgnored()))
      throw new TextError({
        en: '.env was not written, because Git does not ignore it. If it is tracked, run git rm --cached .env first.',
        zh: '未写入 .env，因为 Git 没有忽略它。如果该文件已被跟踪，请先运行 git rm --cached .env。',
      })
  }
  const path = join(directory, '.env')
  const names = new Set(entries.map(({ name }) => name))
  const before = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split(/\r?\n/) : []
  const kept = before.filter((line) => !names.has(/^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1] ?? ''))
  const lines = [...kept, ...entries.map(({ name, value }) => `${name}=${quoted(value)}`)]
  // An existing file keeps its mode.
  if (existsSync(path)) chmodSync(path, 0o600)
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 })
  talk.say({ en: `Written: ${path}`, zh: `已写入 ${path}` }, 'success')
  return true
}

/** A value as a line of `.env` contains it. */
function quoted(value: string): string {
  if (/^[\w./:+-]*$/.test(value)) return value
  const mark = [`'`, '"', '`'].find((mark) => !value.includes(mark)) ?? ''
  return mark + value + mark
}

/** Creates a workflow that uploads a file. Never changes an existing file. */
export async function createWorkflow({ talk, directory }: Setup): Promise<void> {
  if (talk.answers['save-to'] !== 'github') return
  const question = {
    en: `Create ${WORKFLOW}? It runs only when you start it manually.`,
    zh: `创建 ${WORKFLOW} 吗？该工作流只能手动运行。`,
  }
  if (!(await talk.agree('workflow', question))) return
  const path = join(directory, WORKFLOW)
  mkdirSync(dirname(path), { recursive: true })
  try {
    writeFileSync(path, workflow(talk.values), { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const exists = {
      en: `${WORKFLOW} already exists, so it was not changed.`,
      zh: `${WORKFLOW} 已存在，保持不变。`,
    }
    talk.say(exists, 'warning')
    return
  }
  talk.say(
    {
      en: `Created: ${WORKFLOW}. Replace its first step with your build, commit it, and run it from the Actions tab.`,
      zh: `已创建 ${WORKFLOW}。请将第一步替换为你的构建，提交后在 Actions 页面运行。`,
    },
    'success',
  )
  const owner = {
    en: 'Replace OWNER in it with the account that publishes the action.',
    zh: '请将其中的 OWNER 替换为发布该 action 的账号。',
  }
  if (ACTION.startsWith('OWNER/')) talk.say(owner, 'warning')
}

function workflow(values: Values): string {
  const inputs = INPUT_NAMES.filter((name) => values[name]).map(
    (name) => `          ${name}: \${{ ${isSecret(name) ? 'secrets' : 'vars'}.${variableOf(name)} }}\n`,
  )
  const hasRobot = values['robot-code'] !== undefined || values['robot-webhook'] !== undefined
  const message = hasRobot
    ? '          message: |\n            New build ({run})\n\n            {files}\n'
    : ''
  return `name: Upload to DingTalk
on: workflow_dispatch
permissions:
  contents: read
jobs:
  upload:
    runs-on: ubuntu-latest
    steps:
      - run: date > build.txt # Replace this with your build, and path with its files.
      - uses: ${ACTION}
        with:
${inputs.join('')}          path: build.txt
${message}`
}
