import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { variableOf } from '../command/names.ts'
import { localeLanguage } from '../command/settings.ts'
import { Cancelled } from '../errors.ts'
import { type Environment, environmentOf } from '../http/environment.ts'
import type { Text } from '../http/text.ts'
import { INPUT_NAMES } from '../inputs/inputs.ts'
import { Redaction } from '../text/redaction.ts'
import { chooseDws } from './account.ts'
import {
  type Answers,
  helpText,
  missing,
  type Name,
  OptionError,
  OPTIONS,
  readOptions,
  type Use,
  valuesOf,
} from './answers.ts'
import { connectApp } from './app.ts'
import { Back, Conversation, Quit, type Screen } from './conversation.ts'
import { chooseFolder } from './folder.ts'
import { chooseGroup } from './group.ts'
import { chooseOperator } from './operator.ts'
import { enablePermissions } from './permissions.ts'
import { Platform } from './platform.ts'
import { Progress } from './progress.ts'
import { checkAll, sendFirstFile } from './proof.ts'
import { chooseRobot } from './robot.ts'
import type { Setup } from './steps.ts'
import { saveValues } from './targets.ts'
import { createWorkflow } from './workflow.ts'

/** In this order. A step whose answers are known checks them, and asks nothing. */
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

/** The exit codes: as of the command, and as of a program that Ctrl-C ends. */
const FAILED = 1
const USAGE = 2
const LEFT = 130

/** Runs the setup in this process: its terminal, signals, and exit code. @param argv what follows `setup` */
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

/** Where a setup takes place. */
export interface Surroundings {
  readonly screen: Screen
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly directory: string
  readonly environment: Environment
  /** Aborts the environment's signal, because the person leaves. */
  readonly leave: () => void
}

/** Runs the setup. @returns the exit code */
export async function setUp(
  argv: readonly string[],
  { screen, variables, directory, environment, leave }: Surroundings,
): Promise<number> {
  const redaction = new Redaction()
  const language = languageOf(argv, variables)
  const write = screen.output.write.bind(screen.output) as (text: unknown, ...more: unknown[]) => boolean
  screen.output.write = (text: unknown, ...more: unknown[]) => write(redaction.redacted(text), ...more)
  try {
    const options = readOptions(argv)
    if (options.help) {
      screen.output.write(helpText(language, screen.output.columns || 80))
      return 0
    }
    const progress = new Progress(directory, variables)
    const given = { ...answersIn(variables), ...options }
    const isTerminal = screen.input.isTTY === true && screen.output.isTTY === true
    const earlier = isTerminal
      ? { ...answersIn(variablesIn(join(directory, '.env'))), ...progress.read() }
      : {}
    const talk = new Conversation(language, { ...earlier, ...given }, screen, {
      redaction,
      signal: environment.signal,
      leave,
    })
    const lacking = isTerminal ? [] : missing(talk.answers)
    if (lacking.length > 0) {
      talk.say({
        en: `Without a terminal, every question needs an option. Missing: ${lacking.join(', ')}. See setup --help.`,
        zh: `当前没有终端，每个问题都需要用选项回答。缺少：${lacking.join('、')}。请查看 setup --help。`,
      })
      return USAGE
    }
    const platform = new Platform(environment, redaction)
    const values = () => valuesOf(talk.answers)
    const setup: Setup = { talk, platform, environment, redaction, variables, directory, values }
    return await converse(setup, progress, Object.keys(earlier) as Name[])
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    screen.output.write(`${error.text[language]}\n`)
    return USAGE
  } finally {
    screen.output.write = write as typeof screen.output.write
  }
}

/** Takes the steps, forward and back. @param earlier the answers of an earlier run, which the person may drop */
async function converse(setup: Setup, progress: Progress, earlier: readonly Name[]): Promise<number> {
  const { talk, environment } = setup
  /** The steps that had answers, which going back takes back. */
  const taken: { readonly step: number; readonly answers: readonly Name[] }[] = []
  try {
    talk.frame(TITLE, 'intro')
    if (talk.isTerminal) talk.say(KEYS)
    if (earlier.length > 0 && !(await continues(setup))) talk.forget(earlier, false)
    for (let step = 0; step < STEPS.length;) {
      const answers = talk.beginStep()
      try {
        await STEPS[step]?.(setup)
        if (answers.length > 0) taken.push({ step, answers })
        step++
      } catch (error) {
        if (!(error instanceof Back)) throw error
        // Back from a later question of a step is back to its first one.
        const last = answers.length > 0 ? { step, answers } : (taken.pop() ?? { step, answers })
        talk.forget(last.answers)
        step = last.step
      }
      progress.write(talk.answers)
    }
    progress.remove()
    talk.frame({ en: 'Done.', zh: '配置完成。' }, 'outro')
    return 0
  } catch (error) {
    progress.write(talk.answers)
    if (error instanceof Quit || environment.signal.aborted) {
      talk.frame(SAVED, 'outro')
      return LEFT
    }
    talk.problem(error)
    return FAILED
  }
}

async function continues({ talk }: Setup): Promise<boolean> {
  const question = {
    en: 'Answers from an earlier setup or from .env were found. Continue with them?',
    zh: '找到之前的配置（上次的回答或 .env），是否继续使用？',
  }
  const next = await talk.choose(undefined, question, [
    { value: 'continue', label: { en: 'Yes, continue', zh: '继续' } },
    { value: 'new', label: { en: 'No, start over', zh: '重新开始' } },
  ])
  return next === 'continue'
}

const TITLE: Text = { en: 'Set up upload-to-dingtalk', zh: '配置 upload-to-dingtalk' }

const KEYS: Text = {
  en: 'Esc goes back. Press Ctrl-C to exit. When you start the setup again, it continues where you left off.',
  zh: '按 Esc 返回上一步，按 Ctrl-C 退出；再次运行即可从退出处继续。',
}

const SAVED: Text = {
  en: 'Your answers are saved, without secrets. Start the setup again in this directory to continue.',
  zh: '已保存你的回答（不含密钥）。在当前目录再次运行即可继续。',
}

/** What the action is to do: everything else depends on it. */
async function chooseUse({ talk }: Setup): Promise<void> {
  await talk.choose<Use>('use', { en: 'What do you want to do?', zh: '你想做什么？' }, [
    { value: 'group', label: { en: 'Upload files, and send them to a group', zh: '上传文件并发送到群' } },
    {
      value: 'robot',
      label: {
        en: "The same, and post a message with the app's own robot",
        zh: '上传文件并发送到群，同时由应用机器人发送消息',
      },
    },
    {
      value: 'webhook',
      label: {
        en: 'The same, and post a message with a custom robot (webhook)',
        zh: '上传文件并发送到群，同时由自定义机器人（Webhook）发送消息',
      },
    },
    { value: 'folder', label: { en: 'Only upload files to a folder', zh: '仅上传文件到文件夹' } },
  ])
}

/** The language that an option or a variable names, or else that of the system. */
function languageOf(argv: readonly string[], variables: Surroundings['variables']): keyof Text {
  const given = /--language[= ](zh|en)\b/.exec(argv.join(' '))?.[1] ?? variables[variableOf('language')]
  return given === 'zh' || given === 'en' ? given : localeLanguage(variables)
}

/** The answers that environment variables give. */
function answersIn(variables: Readonly<Record<string, string | undefined>>): Answers {
  return Object.fromEntries(
    INPUT_NAMES.flatMap((name) => {
      const value = variables[variableOf(name)]
      const isAsked = name in OPTIONS || ['app-secret', 'robot-webhook', 'robot-secret'].includes(name)
      return value && isAsked && name !== 'language' ? [[name, value]] : []
    }),
  )
}

/** The variables of a file; none if it can't be read. */
function variablesIn(path: string): Readonly<Record<string, string | undefined>> {
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {}
}
