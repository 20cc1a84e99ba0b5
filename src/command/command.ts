import { ignoreLostReaders, runProcess } from '../main.ts'
import { inFull, languageOf, type Language } from '../text/language.ts'
import { logLine } from '../text/plain-text.ts'
import { type Arguments, readArguments, UsageError } from './arguments.ts'
import { helpText } from './help.ts'
import { doubts, localeLanguage, readSettings, type Settings } from './settings.ts'
import { terminalRunner } from './terminal-runner.ts'

/** The exit code of a command that was used incorrectly: nothing was attempted. */
const USAGE = 2

/** The package that the command belongs to. */
export interface Package {
  readonly version: () => string
}

/**
 * Runs the command line in this process. Exit codes: 0 and 1 as the action has them, and 2 for a command that was used
 * wrongly. The log goes to standard output, or with `--json` to standard error.
 */
export async function runCommand({ version }: Package, argv: readonly string[]): Promise<void> {
  ignoreLostReaders()
  const standardOutput = onlyOurs(process.stdout)
  const standardError = (text: string) => void process.stderr.write(text)
  const json = argv.includes('--json')
  let settings: Settings
  try {
    const options = readArguments(argv)
    if (options.version) {
      standardOutput(`${version()}\n`)
      return
    }
    if (options.help) {
      standardOutput(`${inFull(helpText(), languageFor(options)).join('\n\n')}\n`)
      return
    }
    settings = readSettings(options, process.env)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    for (const problem of error.problems)
      for (const line of inFull(problem, languageFor())) standardError(`${logLine(line)}\n`)
    if (json) standardOutput('{}\n')
    process.exitCode = USAGE
    return
  }
  const runner = terminalRunner({
    ...settings,
    variables: process.env,
    write: json ? standardError : standardOutput,
  })
  for (const doubt of doubts(settings, process.env)) runner.warning(doubt)
  await runProcess(runner, () => {
    if (json) standardOutput(`${JSON.stringify(runner.outputs())}\n`)
  })
}

/** The language of what is said before the inputs are read: that of the option or variable, or of the locale. */
function languageFor(options?: Arguments): Language {
  const given = options?.inputs.language ?? process.env['DINGTALK_LANGUAGE'] ?? ''
  return given.trim() ? languageOf(given) : localeLanguage(process.env)
}

/**
 * Writes to a stream that nobody else writes to from now on: packages write commands there that only GitHub's runner
 * understands.
 */
function onlyOurs(stream: NodeJS.WriteStream): (text: string) => void {
  const write = stream.write.bind(stream)
  stream.write = () => true
  return (text) => void write(text)
}
