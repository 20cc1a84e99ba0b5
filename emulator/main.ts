// The command line of the emulator: prints one line of JSON and runs until it receives a signal.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startEmulator, type EmulatorOptions, type Fault, type Values } from './emulator.ts'
import { parseRefusal } from './faults/refusals.ts'
import { flagOf, HELP, MODES, NUMBERS, type Settings } from './modes.ts'

class UsageError extends Error {}

function usage(): string {
  const rows = [
    ...Object.entries(MODES).map(([name, values]) => [name, values.join('|'), values[0]] as const),
    ...Object.entries(NUMBERS).map(([name, row]) => [name, row.unit, String(row.default)] as const),
  ].map(
    ([name, values, standard]) =>
      `  --${flagOf(name)} ${values}\n      ${HELP[name as keyof Settings]} (default: ${standard})`,
  )
  return `Usage: npm run emulator -- [options]

${rows.join('\n')}
  --refuse OPERATION=CODE
      every call of the operation gets this documented error; may be repeated
  --storage DIRECTORY
      for the stored files (default: a new one, removed on exit)
  --env FILE
      writes the values to a file for npm run doctor and npm run upload
  --help`
}

interface Given {
  options: EmulatorOptions
  faults: Fault[]
  env: string | undefined
}

/** @returns `undefined` for `--help`. @throws UsageError */
function parse(args: string[]): Given | undefined {
  try {
    const text = { type: 'string' } as const
    const flags = [...Object.keys(MODES), ...Object.keys(NUMBERS)].map((name) => [flagOf(name), text])
    const { help, refuse, env, storage, ...others } = parseArgs({
      args,
      options: {
        ...(Object.fromEntries(flags) as Record<string, typeof text>),
        storage: text,
        env: text,
        refuse: { ...text, multiple: true },
        help: { type: 'boolean' },
      },
    }).values
    if (help) return undefined
    const texts = others as Readonly<Record<string, string | undefined>>
    const options: Record<string, string | number> = storage === undefined ? {} : { storage }
    for (const [name, values] of Object.entries(MODES)) {
      const value = texts[flagOf(name)]
      if (value === undefined) continue
      if (!(values as readonly string[]).includes(value))
        throw new Error(`--${flagOf(name)}: one of ${values.join(', ')} is expected, not "${value}"`)
      options[name] = value
    }
    for (const [name, { least, most }] of Object.entries(NUMBERS)) {
      const value = texts[flagOf(name)]
      if (value === undefined) continue
      if (!/^-?\d+$/.test(value) || Number(value) < least || Number(value) > most)
        throw new Error(
          `--${flagOf(name)}: a whole number from ${least} to ${most} is expected, not "${value}"`,
        )
      options[name] = Number(value)
    }
    return { options, faults: (refuse ?? []).map(parseRefusal), env }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** The values under the names that the command reads. The app's secret is among them, so nobody else may read the file. */
function writeEnvironment(path: string, values: Values): void {
  const { appKey, appSecret, userId, folderUrl, openConversationId, apiBaseUrl, oapiBaseUrl } = values
  const variables = {
    APP_KEY: appKey,
    APP_SECRET: appSecret,
    USER_ID: userId,
    FOLDER_URL: folderUrl,
    CHAT_ID: openConversationId,
    API_BASE_URL: apiBaseUrl,
    OAPI_BASE_URL: oapiBaseUrl,
  }
  const lines = Object.entries(variables).map(([name, value]) => `DINGTALK_${name}='${value}'\n`)
  writeFileSync(path, lines.join(''), { mode: 0o600 })
}

try {
  const given = parse(process.argv.slice(2))
  if (given) {
    const emulator = await startEmulator(given.options)
    for (const fault of given.faults) emulator.faults.add(fault)
    if (given.env !== undefined) writeEnvironment(given.env, emulator.values)
    const { apiBaseUrl, chatId } = emulator.values
    console.log(JSON.stringify(emulator.values))
    console.error(
      `Open ${apiBaseUrl}/_emulator/groups/${chatId} in a browser to see the group. / 在浏览器中打开该地址，即可查看群。`,
    )
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close())
  } else console.log(usage())
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  if (error instanceof UsageError) console.error(`\n${usage()}`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
