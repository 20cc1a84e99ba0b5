import { ignoreLostReaders, runProcess, unexpected } from '../main.ts'
import { inFull, languageOf, type Language } from '../text/language.ts'
import { logLine } from '../text/plain-text.ts'
import { type Arguments, readArguments, UsageError } from './arguments.ts'
import { helpText } from './help.ts'
import { localeLanguage, misspelledVariables, readSettings, type Settings } from './settings.ts'
import { terminalRunner } from './terminal-runner.ts'

/** The exit code if the command was used incorrectly. */
const USAGE = 2

/** The package of the command. */
export interface Package {
  readonly version: () => string
}

/** Runs the command in this process. The log goes to standard output, or with `--json` to standard error. */
export async function runCommand({ version }: Package, argv: readonly string[]): Promise<void> {
  ignoreLostReaders()
  // Packages write commands of GitHub Actions to standard output.
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = () => true
  const standardOutput = (text: string) => void write(text)
  const standardError = (text: string) => void process.stderr.write(text)
  const json = argv.includes('--json')
  let settings: Settings
  let options: Arguments | undefined
  try {
    options = readArguments(argv)
    if (options.version) {
      standardOutput(`${version()}\n`)
      return
    }
    if (options.help) {
      const help = helpText(process.stdout.columns || 80)
      standardOutput(`${inFull(help, languageFor(options.inputs.language)).join('\n\n')}\n`)
      return
    }
    settings = readSettings(options, process.env)
  } catch (error) {
    const [problems, language] =
      error instanceof UsageError ? [error.problems, error.language] : [[unexpected(error)]]
    for (const problem of problems)
      for (const line of inFull(problem, languageFor(language ?? options?.inputs.language)))
        standardError(`${logLine(line)}
`)
    if (json) standardOutput('{}\n')
    process.exitCode = error instanceof UsageError ? USAGE : 1
    return
  }
  const { isTTY, columns } = json ? process.stderr : process.stdout
  const terminal = isTTY && !process.env['CI'] ? columns : undefined
  const runner = terminalRunner(settings, process.env, json ? standardError : standardOutput, terminal)
  for (const warning of misspelledVariables(process.env)) runner.warning(warning)
  await runProcess(runner, () => {
    if (json) standardOutput(`${JSON.stringify(runner.outputs())}\n`)
  })
}

/** The language before the inputs are read. */
function languageFor(option: string | undefined): Language {
  const given = option ?? process.env['DINGTALK_LANGUAGE'] ?? ''
  return given.trim() ? languageOf(given) : localeLanguage(process.env)
}
