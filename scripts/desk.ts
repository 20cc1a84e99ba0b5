import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { Text } from '../src/dingtalk/text.ts'
import { inFull, type Language } from '../src/text/language.ts'
import { act, ACTION } from './act.ts'
import { shownLine } from './shown-line.ts'

/** Where the command was typed: npm runs its scripts elsewhere. */
export const DESK = process.env['INIT_CWD'] ?? process.cwd()

/** The language of this machine: Chinese if the locale is Chinese, English otherwise. */
export function deskLanguage(environment: NodeJS.ProcessEnv): Language {
  // As POSIX has it: the first that is not empty counts.
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || ''
  return /^zh/i.test(locale) ? 'zh' : 'en'
}

/** Ends the command before there is a step: says why, with exit code 2. */
export function refuse(text: Text): void {
  console.error(inFull(text, deskLanguage(process.env)).join('\n'))
  process.exitCode = 2
}

/**
 * Runs the committed bundle on somebody's machine, with the inputs from a file such as `.env.example`, and shows its
 * log. The exit code is the step's, or 2 if there was none.
 *
 * @param more inputs that win over those of the file
 */
export async function runAtDesk(file: string, more: Readonly<Record<string, string>>): Promise<void> {
  const inputs = inputsOf(file)
  if ('problem' in inputs) {
    refuse(inputs.problem)
    return
  }
  // The step gets it too, and ends: what it says then is still to be shown.
  process.on('SIGINT', () => undefined)
  const { exitCode, stderr } = await act({
    with: { language: deskLanguage(process.env), ...inputs.given, ...more },
    cwd: DESK,
    // Proxies and certificates are this machine's.
    inherited: process.env,
    // There is no workflow run to tell of.
    env: { GITHUB_REPOSITORY: undefined, GITHUB_RUN_ID: undefined },
    onLine: (line) => {
      const shown = shownLine(line)
      if (shown !== undefined) console.log(shown)
    },
  })
  if (stderr) console.error(stderr)
  process.exitCode = exitCode ?? 1
}

/** The inputs that a file's variables stand for (`DINGTALK_APP_KEY` → `app-key`), or what is wrong with it. */
function inputsOf(file: string): { given: Record<string, string> } | { problem: Text } {
  let text: string
  try {
    text = readFileSync(resolve(DESK, file), 'utf8')
  } catch {
    return {
      problem: {
        en: `Cannot read ${file}. Copy .env.example to .env and fill it in.`,
        zh: `无法读取 ${file}。请将 .env.example 复制为 .env 并填写。`,
      },
    }
  }
  const variables = Object.entries(parseEnv(text.replace(/^\uFEFF/, ''))).filter(([name]) =>
    name.startsWith('DINGTALK_'),
  )
  const inputs = variables.map(([name, value = '']) => ({
    name,
    input: name.replace('DINGTALK_', '').replaceAll('_', '-').toLowerCase(),
    value: value.trim(),
  }))
  const unknown = inputs.filter(({ input }) => !(input in ACTION.inputs)).map(({ name }) => name)
  if (unknown.length > 0) {
    return {
      problem: {
        en: `${file} contains unknown variables: ${unknown.join(', ')}. See .env.example for the names.`,
        zh: `${file} 中有不支持的变量：${unknown.join('、')}。变量名请参考 .env.example。`,
      },
    }
  }
  // An empty value counts as not given.
  return {
    given: Object.fromEntries(inputs.flatMap(({ input, value }) => (value ? [[input, value]] : []))),
  }
}
