// The command line of the emulator: prints one line of JSON and runs until it receives a signal.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { TIME_FORMATS } from './drive/time-format.ts'
import { startEmulator, type EmulatorOptions, type Fault, type Values } from './emulator.ts'
import { parseRefusal } from './faults/refusals.ts'

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

/** A day, in ms. */
const MAX_SKEW = 86_400_000

class UsageError extends Error {}

/** @throws UsageError */
function parse(args: string[]): { options: EmulatorOptions; faults: Fault[]; env?: string } | undefined {
  const text = { type: 'string' } as const
  let given: Record<string, string | boolean | string[] | undefined>
  try {
    given = parseArgs({
      args,
      options: {
        port: text,
        addresses: text,
        'used-upload-key': text,
        'v1-commit': text,
        'app-properties': text,
        'updated-properties': text,
        'taken-name': text,
        'recycle-bin': text,
        'group-space': text,
        'copied-properties': text,
        'name-case': text,
        'folder-over-file': text,
        'storage-answers': text,
        signing: text,
        'code-spelling': text,
        'new-permissions': text,
        'signature-lifetime': text,
        etag: text,
        'time-format': text,
        'storage-clock-skew': text,
        'access-token-lifetime': text,
        'dead-resource-hosts': text,
        latency: text,
        'max-puts': text,
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

  const options: EmulatorOptions = {}
  const value = (flag: string, accept: (value: string) => void) => {
    if (typeof given[flag] === 'string') accept(given[flag])
  }
  const number = (flag: string, least: number, most: number, accept: (value: number) => void) => {
    value(flag, (text) => {
      if (!/^-?\d+$/.test(text) || Number(text) < least || Number(text) > most)
        throw new UsageError(`--${flag}: a whole number from ${least} to ${most} is expected, not "${text}"`)
      accept(Number(text))
    })
  }
  const oneOf = <T extends string>(flag: string, allowed: readonly T[], accept: (value: T) => void) => {
    value(flag, (text) => {
      const match = allowed.find((word) => word === text)
      if (match === undefined)
        throw new UsageError(`--${flag}: one of ${allowed.join(', ')} is expected, not "${text}"`)
      accept(match)
    })
  }
  number('port', 0, 65_535, (port) => (options.port = port))
  oneOf('addresses', ['one', 'two'], (count) => (options.addresses = count))
  oneOf(
    'used-upload-key',
    ['refuse', 'refuse-plain', 'second-file'],
    (mode) => (options.usedUploadKey = mode),
  )
  oneOf('v1-commit', ['open', 'closed', 'forbidden'], (state) => (options.v1Commit = state))
  oneOf(
    'app-properties',
    ['kept', 'list', 'first-kept', 'unlisted', 'dropped', 'refused'],
    (mode) => (options.appProperties = mode),
  )
  oneOf(
    'updated-properties',
    ['nothing', 'modified', 'modified-by-app', 'new-version'],
    (mode) => (options.updatedProperties = mode),
  )
  oneOf('taken-name', ['accepted', 'refused'], (mode) => (options.takenName = mode))
  oneOf('recycle-bin', ['ignored', 'refused'], (mode) => (options.recycleBin = mode))
  oneOf('group-space', ['shown', 'late', 'hidden'], (mode) => (options.groupSpace = mode))
  oneOf('copied-properties', ['dropped', 'kept'], (mode) => (options.copiedProperties = mode))
  oneOf('name-case', ['exact', 'ignored'], (mode) => (options.nameCase = mode))
  oneOf('folder-over-file', ['created', 'refused', 'returned'], (mode) => (options.folderOverFile = mode))
  oneOf('storage-answers', ['oss', 'plain'], (form) => (options.storageAnswers = form))
  oneOf('signing', ['headers', 'url', 'token'], (how) => (options.signing = how))
  oneOf('code-spelling', ['dotted', 'dashed', 'prefixed'], (form) => (options.codeSpelling = form))
  oneOf('new-permissions', ['at-once', 'new-token'], (mode) => (options.newPermissions = mode))
  number('signature-lifetime', 1, 900, (seconds) => (options.signatureLifetime = seconds))
  oneOf('etag', ['md5', 'opaque'], (form) => (options.etag = form))
  oneOf('time-format', TIME_FORMATS, (form) => (options.timeFormat = form))
  number('storage-clock-skew', -MAX_SKEW, MAX_SKEW, (ms) => (options.storageClockSkew = ms))
  number('access-token-lifetime', 1, 86_400, (seconds) => (options.accessTokenLifetime = seconds))
  number('dead-resource-hosts', 0, 10, (count) => (options.deadResourceHosts = count))
  number('latency', 0, 600_000, (ms) => (options.latency = ms))
  number('max-puts', 1, 1000, (count) => (options.maxPuts = count))
  value('storage', (directory) => (options.storage = directory))
  const { env } = given
  return { options, faults: refusals(given['refuse']), ...(typeof env === 'string' ? { env } : {}) }
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
