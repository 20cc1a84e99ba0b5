import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { act, ACTION } from './act.ts'
import { shownLine } from './shown-line.ts'

/** Where the command was typed: npm runs its scripts elsewhere. */
export const DESK = process.env['INIT_CWD'] ?? process.cwd()

/**
 * Runs the committed bundle at somebody's desk, with the inputs out of a file such as `.env.example`, and shows its log. The
 * exit code is the step's, or 2 if there was none.
 *
 * @param more inputs that win over those of the file
 */
export async function runAtDesk(file: string, more: Readonly<Record<string, string>>): Promise<void> {
  const inputs = inputsOf(file)
  if (typeof inputs === 'string') {
    console.error(inputs)
    process.exitCode = 2
    return
  }
  // The step gets it too, and ends: what it says then is still to be shown.
  process.on('SIGINT', () => undefined)
  const { exitCode, stderr } = await act({
    with: { ...inputs, ...more },
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
function inputsOf(file: string): Record<string, string> | string {
  let text: string
  try {
    text = readFileSync(resolve(DESK, file), 'utf8')
  } catch {
    return `${file} cannot be read: copy .env.example to .env and fill it in / 请将 .env.example 复制为 .env 并填写`
  }
  const variables = Object.entries(parseEnv(text.replace(/^\uFEFF/, ''))).filter(([name]) =>
    name.startsWith('DINGTALK_'),
  )
  const inputs = variables.map(([name, value = '']) => ({
    name,
    input: name.replace('DINGTALK_', '').replaceAll('_', '-').toLowerCase(),
    value,
  }))
  const unknown = inputs.filter(({ input }) => !(input in ACTION.inputs)).map(({ name }) => name)
  if (unknown.length > 0)
    return `${file}: there is no input for ${unknown.join(', ')}; see .env.example / 没有对应的输入项`
  return Object.fromEntries(inputs.map(({ input, value }) => [input, value]))
}
