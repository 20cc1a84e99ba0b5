import { ignoreLostReaders, runProcess, unexpected } from '../main.ts'
import { inFull, languageOf, type Language } from '../text/language.ts'
import { logLine } from '../text/plain-text.ts'
import { type Arguments, readArguments, UsageError } from './arguments.ts'
import { helpText } from './help.ts'
import { localeLanguage, misspelledVariables, readSettings, type Settings } from './settings.ts'
import { terminalRunner } from './terminal-runner.ts'

/** The exit code of a command that was used incorrectly: nothing was attempted. */
const USAGE = 2

/** The width (columns) of help that no terminal shows. */
const DEFAULT_WIDTH = 80

/** The package that the command belongs to. */
export interface Package {
  readonly version: () => string
}

/**
 * Runs the command line in this process. Exit codes: 0 and 1 as for the action, and 2 for a command that was used
 * incorrectly. The log goes to standard output, or with `--json` to standard error.
 */
export async function runCommand({ version }: Package, argv: readonly string[]): Promise<void> {
  ignoreLostReaders()
  // From now on, nobody else writes there: packages write commands that only GitHub's runner understands.
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
      const help = helpText(process.stdout.columns || DEFAULT_WIDTH)
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

/** The language of what is written before the inputs are read: that of the option or variable, or of the locale. */
function languageFor(option: string | undefined): Language {
  const given = option ?? process.env['DINGTALK_LANGUAGE'] ?? ''
  return given.trim() ? languageOf(given) : localeLanguage(process.env)
}
