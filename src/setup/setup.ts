import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { run } from '../action.ts'
import { variableOf } from '../command/names.ts'
import { localeLanguage } from '../command/settings.ts'
import { terminalRunner } from '../command/terminal-runner.ts'
import { Cancelled, TextError } from '../errors.ts'
import { environmentOf } from '../http/environment.ts'
import type { Text } from '../http/text.ts'
import { Redaction } from '../text/redaction.ts'
import {
  type Answers,
  answersIn,
  helpText,
  isSecretAnswer,
  missing,
  type Name,
  OptionError,
  readOptions,
  type Use,
  type Values,
} from './answers.ts'
import { chooseDws, connectApp } from './app.ts'
import { Back, type Choice, Conversation, Quit, type Screen, type Setup } from './conversation.ts'
import { chooseFolder, chooseGroup, chooseOperator, chooseRobot } from './destination.ts'
import { enablePermissions } from './permissions.ts'
import type { Place } from './program.ts'
import { createWorkflow, saveValues } from './values.ts'

/** In this order. A step checks answers that are already known, and asks only for the others. */
const STEPS: readonly ((setup: Setup) => Promise<void>)[] = [
  chooseUse,
  chooseDws,
  connectApp,
  enablePermissions,
  chooseOperator,
  chooseFolder,
  chooseGroup,
  chooseRobot,
  saveValues,
  createWorkflow,
  checkAll,
  sendFirstFile,
]

/** Exit codes. A program that Ctrl-C ends has the last one. */
const FAILED = 1
const USAGE = 2
const LEFT = 130

/** Runs the setup in this process. @param argv the arguments after `setup` */
export async function runSetup(argv: readonly string[]): Promise<void> {
  const leaving = new AbortController()
  const leave = () => {
    leaving.abort(new Cancelled())
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) process.once(name, leave)
  process.exitCode = await setUp(argv, {
    leave,
    screen: { input: process.stdin, output: process.stdout },
    variables: process.env,
    directory: process.cwd(),
    environment: environmentOf({ signal: leaving.signal }),
  })
}

/** Where a setup runs, and who uses it. */
export interface Surroundings extends Place {
  readonly screen: Screen
  /** Aborts the signal of the environment, because the user exits. */
  readonly leave: () => void
}

/** Runs the setup. @returns the exit code */
export async function setUp(
  argv: readonly string[],
  { screen, leave, ...place }: Surroundings,
): Promise<number> {
  const { variables, directory, environment } = place
  const named = /--language[= ](zh|en)\b/.exec(argv.join(' '))?.[1] ?? variables[variableOf('language')]
  const language = named === 'zh' || named === 'en' ? named : localeLanguage(variables)
  let options: Answers
  try {
    options = readOptions(argv)
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    screen.output.write(`${error.text[language]}\n`)
    return USAGE
  }
  if (options.help) {
    screen.output.write(helpText(language, screen.output.columns ?? 80))
    return 0
  }
  const { signal } = environment
  const given = { ...answersIn(variables), ...options }
  const progress = progressFile(place)
  const talk = new Conversation(language, given, {
    screen,
    redaction: new Redaction(),
    signal,
    leave,
    save: (answers) => {
      saveProgress(answers, progress)
    },
  })
  const lacking = talk.isTerminal ? [] : missing(given)
  if (lacking.length > 0) {
    talk.say({
      en: `Without a terminal, every question needs an option. Missing: ${lacking.join(', ')}. See setup --help.`,
      zh: `当前没有终端，每个问题都需要用选项回答。缺少：${lacking.join('、')}。请查看 setup --help。`,
    })
    return USAGE
  }
  try {
    talk.say({ en: 'Set up upload-to-dingtalk', zh: '配置 upload-to-dingtalk' }, 'intro')
    if (talk.isTerminal) await resume(talk, directory, progress)
    const setup: Setup = { ...place, talk }
    while (talk.step < STEPS.length) {
      try {
        await STEPS[talk.step]?.(setup)
        talk.step++
      } catch (error) {
        if (!(error instanceof Back)) throw error
        talk.goBack()
      }
    }
    rmSync(progress, { force: true })
    talk.say({ en: 'Done.', zh: '配置完成。' }, 'outro')
    return 0
  } catch (error) {
    // Before the first step, Esc exits too.
    if (error instanceof Quit || error instanceof Back || signal.aborted) {
      talk.say(SAVED, 'outro')
      return LEFT
    }
    talk.problem(error)
    return FAILED
  }
}

const KEYS: Text = {
  en: 'Press Esc to go back, or Ctrl-C to exit. When you start the setup again, it continues where you left off.',
  zh: '按 Esc 返回上一步，按 Ctrl-C 退出；再次运行即可从退出处继续。',
}

const SAVED: Text = {
  en: 'Your answers are saved, without secrets. Start the setup again in this directory to continue.',
  zh: '已保存你的回答（不含密钥）。在此目录中再次运行即可继续。',
}

/** The file of the answers of an unfinished setup in this directory. Only its owner can read it. */
function progressFile({ directory, variables }: Place): string {
  const base =
    variables['XDG_STATE_HOME'] ||
    variables['LOCALAPPDATA'] ||
    join(variables['HOME'] ?? homedir(), '.local/state')
  const id = createHash('sha256').update(directory).digest('hex').slice(0, 16)
  return join(base, 'upload-to-dingtalk', `setup-${id}.json`)
}

function saveProgress(answers: Answers, file: string): void {
  const saved = Object.entries(answers).filter(([name, value]) => !isSecretAnswer(name as Name, value))
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, JSON.stringify(Object.fromEntries(saved)), { mode: 0o600 })
}

/** @returns nothing if there is no such file, or it is damaged */
function savedProgress(file: string): Answers {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Answers
  } catch {
    return {}
  }
}

/** Offers to continue with the answers of an earlier run, and of `.env`. */
async function resume(talk: Conversation, directory: string, progress: string): Promise<void> {
  talk.say(KEYS)
  const env = join(directory, '.env')
  const earlier: Answers = {
    ...(existsSync(env) && answersIn(parseEnv(readFileSync(env, 'utf8')))),
    ...savedProgress(progress),
  }
  const question = {
    en: 'Answers from an earlier setup or from .env were found. Continue with them?',
    zh: '找到之前的配置（上次的回答或 .env），是否继续使用？',
  }
  if (Object.keys(earlier).length > 0 && (await talk.agree(undefined, question))) talk.resume(earlier)
}

const USES: readonly Choice<Use>[] = [
  ['group', { en: 'Upload files, and send them to a group', zh: '上传文件并发送到群' }],
  [
    'robot',
    {
      en: "Upload and send files, and post a message with the app's own robot",
      zh: '上传文件并发送到群，同时由应用机器人发送消息',
    },
  ],
  [
    'webhook',
    {
      en: 'Upload and send files, and post a message with a custom robot (webhook)',
      zh: '上传文件并发送到群，同时由自定义机器人（Webhook）发送消息',
    },
  ],
  ['folder', { en: 'Only upload files to a folder', zh: '仅上传文件到文件夹' }],
]

async function chooseUse({ talk }: Setup): Promise<void> {
  await talk.choose('use', { en: 'What do you want to do?', zh: '你想做什么？' }, USES)
}

/** Checks everything that a job needs. */
async function checkAll(setup: Setup): Promise<void> {
  while (!(await runJob(setup, { mode: 'check' }, [])))
    await setup.talk.wait(
      { en: 'The check failed. Press Esc to go back.', zh: '检查未通过。按 Esc 返回上一步。' },
      { en: 'Check again?', zh: '重新检查吗？' },
    )
}

/** Uploads a small file, if the user agrees. */
async function sendFirstFile(setup: Setup): Promise<void> {
  const { talk } = setup
  const { use } = talk.answers
  const question =
    use === 'folder'
      ? { en: 'Upload a small file now?', zh: '现在上传一个小文件吗？' }
      : {
          en: 'Upload a small file now, and send it to the group? Everyone in the group sees it.',
          zh: '现在上传一个小文件并发送到群吗？群里所有人都能看到。',
        }
  if (!(await talk.agree('first-file', question))) return
  const temporary = mkdtempSync(join(tmpdir(), 'upload-to-dingtalk-'))
  const file = join(temporary, 'upload-to-dingtalk.txt')
  const message = {
    en: 'upload-to-dingtalk is set up: {files}',
    zh: 'upload-to-dingtalk 已配置完成：{files}',
  }
  const hasRobot = use === 'robot' || use === 'webhook'
  try {
    writeFileSync(file, `${new Date(setup.environment.clock.now()).toISOString()}\n`)
    if (!(await runJob(setup, hasRobot ? { message: message[talk.language] } : {}, [file])))
      throw new TextError({ en: 'The first file was not delivered.', zh: '第一个文件未能送达。' })
  } finally {
    rmSync(temporary, { recursive: true })
  }
}

/** Runs a job, and shows its log. @returns whether everything succeeded */
async function runJob(
  { talk, variables, environment }: Setup,
  more: Values,
  literalPaths: readonly string[],
): Promise<boolean> {
  const settings = { inputs: { ...talk.values, language: talk.language, ...more }, literalPaths }
  const runner = terminalRunner(settings, variables, (text) => {
    talk.write(text)
  })
  // Checks that passed are not shown.
  const brief = { ...runner, group: () => undefined }
  const halting = new AbortController()
  const title = { en: 'Please wait …\n', zh: '请稍候……\n' }
  return talk.working(() => run(brief, environmentOf({ ...environment, halting })), title)
}
