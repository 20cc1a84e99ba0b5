// The command line of the emulator: prints one line of JSON and runs until it receives a signal.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startEmulator, type EmulatorOptions, type Fault, type Values } from './emulator.ts'
import { parseRefusal } from './faults/refusals.ts'
import { MODES, NUMBERS } from './modes.ts'

const USAGE = `Usage: npm run emulator -- [options]

  --port N                        port of the new gateway (default: any)
  --addresses COUNT               one | two, of which the IPv6 one is refused: the hosts are named localhost (default: one)
  --used-upload-key MODE          refuse | refuse-plain | second-file (default: refuse)
  --v1-commit STATE               open | closed | forbidden (default: open)
  --app-properties MODE           kept | list | first-kept | unlisted | dropped | refused (default: kept)
  --updated-properties MODE       nothing | modified | modified-by-app | new-version: what else changes with them (default: nothing)
  --taken-name MODE               accepted | refused, by upload info (default: accepted)
  --recycle-bin MODE              ignored | refused, in a space that has none (default: ignored)
  --group-space MODE              shown | late | hidden: a file that was sent, in the group's own space (default: shown)
  --copied-properties MODE        dropped | kept, by the copy of a file that was sent (default: dropped)
  --name-case MODE                exact | ignored, in names of files and folders (default: exact)
  --folder-over-file MODE         created | refused | returned: a new folder with the name of a file (default: created)
  --storage-answers FORM          oss | plain (default: oss)
  --signing HOW                   headers | url | token: of dedicated storage (default: headers)
  --signature-lifetime SECONDS    of a PUT (default: 900)
  --code-spelling FORM            dotted | dashed | prefixed, of paramError.name (default: dotted)
  --new-permissions MODE          at-once | new-token: when they take effect (default: at-once)
  --etag FORM                     md5 | opaque (default: md5)
  --time-format FORM              iso | iso-minutes | cst (default: iso)
  --storage-clock-skew MS         the storage's clock is ahead by so much; --storage-clock-skew=-1500: behind (default: 0)
  --access-token-lifetime SECONDS (default: 7200)
  --dead-resource-hosts N         resource URLs that refuse connections (default: 0)
  --latency MS                    before every response of the gateways (default: 0)
  --max-puts N                    PUTs that OSS accepts at once; others get SlowDown (default: any number)
  --refuse OPERATION=CODE         a documented refusal of every such call; may be repeated
  --storage DIRECTORY             for the bytes (default: a new one, removed on exit)
  --env FILE                      to write the values to, for npm run doctor and npm run upload
  --help`

class UsageError extends Error {}

/** The option of the command: `--name-case`. */
function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** @throws UsageError */
function parse(args: string[]): { options: EmulatorOptions; faults: Fault[]; env?: string } | undefined {
  const text = { type: 'string' } as const
  let given: Record<string, string | boolean | string[] | undefined>
  try {
    given = parseArgs({
      args,
      options: {
        ...Object.fromEntries(
          [...Object.keys(MODES), ...Object.keys(NUMBERS)].map((name) => [flagOf(name), text]),
        ),
        storage: text,
        env: text,
        refuse: { ...text, multiple: true },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  if (given['help'] === true) return undefined

  const options: Record<string, unknown> = {}
  const refuse = (flag: string, expected: string): never => {
    throw new UsageError(`--${flag}: ${expected} is expected, not "${String(given[flag])}"`)
  }
  for (const [name, allowed] of Object.entries(MODES)) {
    const value = given[flagOf(name)]
    if (value === undefined) continue
    if (!(allowed as readonly unknown[]).includes(value)) refuse(flagOf(name), `one of ${allowed.join(', ')}`)
    options[name] = value
  }
  for (const [name, [least, most]] of Object.entries(NUMBERS)) {
    const value = given[flagOf(name)]
    if (value === undefined) continue
    const number = /^-?\d+$/.test(String(value)) ? Number(value) : NaN
    if (!(number >= least && number <= most)) refuse(flagOf(name), `a whole number from ${least} to ${most}`)
    options[name] = number
  }
  if (given['storage'] !== undefined) options['storage'] = given['storage']
  const { env } = given
  return {
    options,
    faults: refusals(given['refuse']),
    ...(typeof env === 'string' ? { env } : {}),
  }
}

/** @throws UsageError */
function refusals(given: unknown): Fault[] {
  try {
    return ((given ?? []) as string[]).map(parseRefusal)
  } catch (error) {
    throw new UsageError(`--refuse: ${error instanceof Error ? error.message : String(error)}`)
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
  const parsed = parse(process.argv.slice(2))
  if (parsed) {
    const emulator = await startEmulator(parsed.options)
    for (const fault of parsed.faults) emulator.faults.add(fault)
    if (parsed.env !== undefined) writeEnvironment(parsed.env, emulator.values)
    const { apiBaseUrl, chatId } = emulator.values
    console.log(JSON.stringify(emulator.values))
    console.error(
      `Open ${apiBaseUrl}/_emulator/groups/${chatId} in a browser to see the group. / 在浏览器中打开该地址，即可查看群。`,
    )
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close())
  } else console.log(USAGE)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  if (error instanceof UsageError) console.error(`\n${USAGE}`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
