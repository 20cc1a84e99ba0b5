// `mode: check` on a laptop: the committed bundle, with the inputs out of a file such as .env.example.
import { readFileSync } from 'node:fs'
import { parseArgs, parseEnv } from 'node:util'
import { act, ACTION } from './act.ts'
import { shownLog } from './shown-log.ts'

const { positionals } = parseArgs({ allowPositionals: true })
const [file = '.env'] = positionals

/** The input that a variable stands for: `DINGTALK_APP_KEY` → `app-key`. */
function inputOf(variable: string): string {
  return variable
    .replace(/^DINGTALK_/, '')
    .replaceAll('_', '-')
    .toLowerCase()
}

let text: string
try {
  text = readFileSync(file, 'utf8')
} catch {
  console.error(
    `${file} cannot be read: copy .env.example to .env and fill it in / 请将 .env.example 复制为 .env 并填写`,
  )
  process.exit(2)
}
const given = Object.entries(parseEnv(text)).flatMap(([variable, value = '']) =>
  variable.startsWith('DINGTALK_') ? [{ variable, input: inputOf(variable), value }] : [],
)
const unknown = given.filter(({ input }) => !(input in ACTION.inputs)).map(({ variable }) => variable)
if (unknown.length > 0) {
  console.error(`${file}: there is no input for ${unknown.join(', ')}; see .env.example / 没有对应的输入项`)
  process.exit(2)
}
const inputs = Object.fromEntries(given.map(({ input, value }) => [input, value]))
const { exitCode, stdout, stderr } = await act({
  with: { ...inputs, mode: 'check' },
  // Proxies and certificates are this machine's.
  env: process.env,
})
console.log(shownLog(stdout))
if (stderr) console.error(stderr)
process.exitCode = exitCode ?? 1
