// act (https://github.com/nektos/act) runs workflows on this machine, without containers. The runners of Gitea and Forgejo are
// based on it.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { startEmulator, type Emulator } from '../emulator/emulator.ts'
import { startGitHub, type GitHub } from '../emulator/github/github.ts'
import { BUNDLE_NODE, COMPILE_CACHE } from '../scripts/act.ts'
import { repository } from '../scripts/repository.ts'

const ROOT = join(import.meta.dirname, '..')
const GO_MOD = readFileSync(join(import.meta.dirname, 'go.mod'), 'utf8')
const BIN = join(ROOT, 'node_modules/.cache/act', /\/act (v\S+)/.exec(GO_MOD)?.[1] ?? '')
const ACT = join(BIN, 'act')

/** Why act can't be used here; undefined if it can. */
export const WITHOUT_ACT =
  process.platform !== 'linux'
    ? 'its workflows are for Linux'
    : existsSync(ACT) || spawnSync('go', ['version']).status === 0
      ? undefined
      : 'act is built by Go, which is not installed'

/** Builds act in the version of `go.mod`, once: it takes about two minutes. @throws Error if that fails */
export function installAct(): void {
  if (existsSync(ACT)) return
  const env = { ...process.env, GOBIN: BIN }
  execFileSync('go', ['install', 'tool'], { cwd: import.meta.dirname, env, stdio: ['ignore', 2, 2] })
}

/** Stand-ins for actions: the script of each, with its inputs `NAME` and `FILES`. */
const ACTIONS: Readonly<Record<string, string>> = {
  'actions/checkout': 'true',
  'actions/setup-java': 'true',
  'actions/setup-node': 'true',
  'actions/upload-artifact': 'mkdir -p "$ARTIFACTS/$NAME" && cp $FILES "$ARTIFACTS/$NAME"',
  'actions/download-artifact': 'mkdir -p "$FILES" && cp -R "$ARTIFACTS/." "$FILES"',
}

/** Programs of builds. Each writes all files that the workflow uploads. */
const BUILDS = ['make', 'xcodebuild', 'security', 'ditto']
/** In the project's own workflows, `npm ci` is all that npm does. */
const NPM = `#!/bin/sh\n[ "$*" = ci ] && ln -s '${ROOT}/node_modules' node_modules\n`

export interface ActOptions {
  /** Files that every build writes. */
  readonly built?: readonly string[]
  /** Whether builds fail. */
  readonly buildFails?: boolean
  /** The directory of the project; default: a new one. */
  readonly project?: string
  /** The token of the job. */
  readonly token?: string
  /** More variables of the runner. */
  readonly env?: Readonly<Record<string, string>>
  /** The Node on PATH. */
  readonly node?: string | undefined
}

export interface ActResult {
  readonly exitCode: number | null
  readonly log: string
}

/** A project on a machine with act, and the emulators that its jobs call. */
export class Act {
  readonly emulator: Emulator
  readonly github: GitHub
  readonly #directory: string

  private constructor(emulator: Emulator, github: GitHub) {
    this.emulator = emulator
    this.github = github
    this.#directory = mkdtempSync(join(tmpdir(), 'act-'))
  }

  static async start(): Promise<Act> {
    const github = await startGitHub([
      { tag: 'v1.2.0', assets: [{ name: 'app.apk', content: Buffer.from('apk') }] },
    ])
    return new Act(await startEmulator(), github)
  }

  /** The settings of a repository, by their names in the documentation. */
  get settings(): { vars: Record<string, string>; secrets: Record<string, string> } {
    const { values, others } = this.emulator
    return {
      vars: {
        DINGTALK_APP_KEY: values.appKey,
        DINGTALK_USER_ID: values.userId,
        DINGTALK_FOLDER_URL: values.folderUrl,
        DINGTALK_CHAT_ID: values.chatId,
        DINGTALK_TESTERS_CHAT_ID: others.secondGroup.openConversationId,
        DINGTALK_RELEASE_USER_IDS: others.secondUser.userId,
        DINGTALK_TESTER_IDS: others.secondUser.userId,
        // The author of the project's commit.
        DINGTALK_MEMBERS: `a@example.com = ${others.secondUser.userId}`,
        DINGTALK_ROBOT_CODE: others.robotCode,
      },
      secrets: {
        DINGTALK_APP_SECRET: values.appSecret,
        DINGTALK_ROBOT_WEBHOOK: others.customRobot.webhook,
        DINGTALK_ROBOT_SECRET: others.customRobot.secret,
      },
    }
  }

  /**
   * Runs a workflow as it is. The published action is this checkout, other actions and builds are stand-ins, and the values
   * of the documentation lead to the emulators.
   *
   * @param event the event that starts it, and its payload
   */
  async run(
    workflow: string,
    event: readonly [name: string, payload: object],
    {
      built = [],
      buildFails = false,
      project,
      token = this.github.token,
      env = {},
      node = BUNDLE_NODE,
    }: ActOptions = {},
  ): Promise<ActResult> {
    const directory = mkdtempSync(join(this.#directory, 'run-'))
    const at = (path: string) => join(directory, path)
    mkdirSync(at('bin'))
    // There are no images here, and act itself doesn't read addresses.
    const text = workflow
      .replace(/^ +container:\n +image: .*\n/gm, '')
      .replace(/(uses: *)https:\/\/[^/]+\//g, '$1')
    writeFileSync(at('workflow.yml'), text)
    writeFileSync(at('event.json'), JSON.stringify(event[1]))
    writeFileSync(at('build'), buildScript(built, buildFails), { mode: 0o755 })
    writeFileSync(at('bin/npm'), NPM, { mode: 0o755 })
    for (const program of BUILDS) symlinkSync(at('build'), at(`bin/${program}`))
    const { vars, secrets } = this.settings
    const pairs = (option: string, values: Readonly<Record<string, string>>) =>
      Object.entries(values).flatMap(([name, value]) => [option, `${name}=${value}`])
    const used = [...text.matchAll(/\buses: *([^/@\s]+\/[^@\s]+)@(\S+)/g)]
    const local = used.map(([, name = '', ref = '']) => [`${name}@${ref}`, this.#action(name)] as const)
    const labels = [...new Set([...text.matchAll(/[a-z]+-latest|(?<=runs-on: )[\w-]+/g)].flat())]
    const child = spawn(
      ACT,
      [
        event[0],
        ...['--workflows', at('workflow.yml'), '--eventpath', at('event.json'), '--no-cache-server'],
        ...pairs('--platform', Object.fromEntries(labels.map((label) => [label, '-self-hosted']))),
        ...pairs('--local-repository', Object.fromEntries(local)),
        ...pairs('--var', vars),
        ...pairs('--secret', { ...secrets, ...(token && { GITHUB_TOKEN: token }) }),
        ...pairs('--env', { ARTIFACTS: at('artifacts'), GITHUB_API_URL: this.github.apiUrl, ...env }),
      ],
      {
        cwd: project ?? newProject(at('project'), at('build')),
        env: {
          PATH: [at('bin'), dirname(node), process.env['PATH']].join(delimiter),
          HOME: at('home'),
          XDG_CACHE_HOME: at('cache'),
          NODE_COMPILE_CACHE: COMPILE_CACHE,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const exit = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve)
    })
    const [exitCode, ...logs] = await Promise.all([exit, textOf(child.stdout), textOf(child.stderr)])
    return { exitCode, log: logs.join('') }
  }

  /** The directory of an action: this one, with the emulator in place of DingTalk, or a stand-in. */
  #action(name: string): string {
    const directory = join(this.#directory, name)
    if (existsSync(directory)) return directory
    mkdirSync(directory, { recursive: true })
    if (name === repository()) {
      const { apiBaseUrl, oapiBaseUrl } = this.emulator.values
      const action = readFileSync(join(ROOT, 'action.yml'), 'utf8')
        .replaceAll('https://api.dingtalk.com', apiBaseUrl)
        .replaceAll('https://oapi.dingtalk.com', oapiBaseUrl)
      writeFileSync(join(directory, 'action.yml'), action)
      cpSync(join(ROOT, 'dist'), join(directory, 'dist'), { recursive: true })
      return directory
    }
    const script = ACTIONS[name]
    if (script === undefined) throw new Error(`${name} has no stand-in`)
    writeFileSync(
      join(directory, 'action.yml'),
      `name: ${name}
description: a stand-in
inputs: { name: { description: name }, path: { description: path } }
runs:
  using: composite
  steps:
    - shell: sh
      env: { NAME: '\${{ inputs.name }}', FILES: '\${{ inputs.path }}' }
      run: ${script}
`,
    )
    return directory
  }

  async close(): Promise<void> {
    await this.emulator.close()
    await this.github.close()
    rmSync(this.#directory, { recursive: true, maxRetries: 3 })
  }
}

/** A Git repository with one commit. */
function newProject(directory: string, build: string): string {
  mkdirSync(directory)
  cpSync(build, join(directory, 'gradlew'))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: directory })
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--quiet', '--message=Fix the login')
  git('remote', 'add', 'origin', 'https://github.com/octo/app.git')
  return directory
}

/** Writes files with different contents. `$$` in a name is a different number in each build. */
function buildScript(files: readonly string[], fails: boolean): string {
  const lines = files.map((file) => `mkdir -p "${dirname(file)}" && echo "${file} $$" > "${file}"`)
  return ['#!/bin/sh', 'set -e', ...(fails ? ['exit 2'] : lines), ''].join('\n')
}
