import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from '../action.ts'
import { terminalRunner } from '../command/terminal-runner.ts'
import { TextError } from '../errors.ts'
import { environmentOf } from '../http/environment.ts'
import type { Values } from './answers.ts'
import { Quit } from './conversation.ts'
import type { Setup } from './steps.ts'

/** The check of everything that a job needs, as `mode: check` makes it. */
export async function checkAll(setup: Setup): Promise<void> {
  const { talk } = setup
  while (!(await runJob(setup, { mode: 'check' }, []))) {
    const question = {
      en: 'The check failed. What next? Esc goes back.',
      zh: '检查未通过，接下来？按 Esc 返回上一步。',
    }
    const next = await talk.choose(undefined, question, [
      { value: 'check', label: { en: 'Check again', zh: '重新检查' } },
      { value: 'leave', label: { en: 'Exit, and continue later', zh: '先退出，以后继续' } },
    ])
    if (next === 'leave') throw new Quit()
  }
}

/** Uploads a first small file, if the person agrees. */
export async function sendFirstFile(setup: Setup): Promise<void> {
  const { talk } = setup
  const question =
    talk.answers.use === 'folder'
      ? { en: 'Upload a small file now?', zh: '现在上传一个小文件吗？' }
      : {
          en: 'Upload a small file now, and send it to the group? Everyone in the group sees it.',
          zh: '现在上传一个小文件并发送到群吗？群里所有人都能看到。',
        }
  if (!(await talk.agree('first-file', question))) return
  const directory = mkdtempSync(join(tmpdir(), 'upload-to-dingtalk-'))
  const file = join(directory, 'upload-to-dingtalk.txt')
  const message = {
    en: 'upload-to-dingtalk is set up: {files}',
    zh: 'upload-to-dingtalk 已配置完成：{files}',
  }
  try {
    writeFileSync(file, `${new Date(setup.environment.clock.now()).toISOString()}\n`)
    const hasRobot = ['robot', 'webhook'].includes(talk.answers.use ?? '')
    const more: Values = hasRobot ? { message: message[talk.language] } : {}
    if (await runJob(setup, more, [file])) return
    throw new TextError({ en: 'The first file was not delivered.', zh: '第一个文件未能送达。' })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** Runs a job in this process, with its log on the screen. @returns whether everything succeeded */
async function runJob(
  { talk, values, variables, environment }: Setup,
  more: Values,
  literalPaths: string[],
): Promise<boolean> {
  const settings = { inputs: { ...values(), language: talk.language, ...more }, literalPaths }
  const places = literalPaths.map((path) => join(dirname(path), '/'))
  const runner = terminalRunner(settings, variables, (text) => {
    talk.write(places.reduce((shown, place) => shown.replaceAll(place, ''), text))
  })
  // What passed is not worth a screen.
  const brief = { ...runner, group: () => undefined }
  const halting = new AbortController()
  const done = await talk.ignoringKeys(() => run(brief, environmentOf({ ...environment, halting })))
  environment.signal.throwIfAborted()
  return done
}
