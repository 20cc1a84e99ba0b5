import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, sep } from 'node:path'
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/emulator.ts'
import { Cancelled } from '../src/errors.ts'
import { environmentOf } from '../src/http/environment.ts'
import { setUp } from '../src/setup/setup.ts'
import { plainEnvironment } from './command.ts'
import type { DwsState, GhState, GlabState } from './programs/state.ts'
import { simulatedClock } from './simulated-clock.ts'
import { Terminal } from './terminal.ts'

interface States {
  readonly dws: DwsState
  readonly gh: GhState
  readonly glab: GlabState
}

/**
 * What is waited for on the screen, and what is done then: a text is entered, and a key, such as `<down>`, pressed. A function is
 * called.
 */
export type Line = readonly [awaited: string, ...answers: (string | (() => void))[]]

export interface Played {
  readonly exitCode: number
  /** Everything that was on the screen. */
  readonly text: string
}

/** A person's machine: an empty directory, a home directory, and stand-ins for the programs that a test names. */
export interface SetupSession {
  readonly emulator: Emulator
  readonly directory: string
  readonly folderUrl: string
  /** Environment variables of all that is started. */
  readonly variables: Record<string, string>
  /** Runs the setup in a terminal. @param script undefined: there is no terminal */
  play(
    script: readonly Line[] | undefined,
    argv?: readonly string[],
    variables?: Record<string, string>,
  ): Promise<Played>
  /** Every call of a stand-in so far. */
  calls(): { name: string; args: string[]; input?: string }[]
  /** Installs a stand-in, or changes what it knows. */
  install<N extends keyof States>(name: N, state?: Partial<States[N]>): void
  state<N extends keyof States>(name: N): States[N]
  /** Every file that holds a text, below the directories of the machine; the stand-ins' own state is not looked at. */
  filesWith(text: string): string[]
  end(): Promise<void>
}

export async function setupSession(options: EmulatorOptions = {}): Promise<SetupSession> {
  const emulator = await startEmulator(options)
  const machine = mkdtempSync(join(tmpdir(), 'setup-'))
  const [directory, bin, home, standIns] = ['project', 'bin', 'home', 'stand-ins'].map((name) =>
    join(machine, name),
  ) as [string, string, string, string]
  for (const path of [directory, bin, home, standIns]) mkdirSync(path)
  const { apiBaseUrl, oapiBaseUrl, spaceId, parentId } = emulator.values
  const variables = {
    ...plainEnvironment(),
    PATH: [bin, process.env['PATH']].join(delimiter),
    HOME: home,
    LOCALAPPDATA: join(home, 'state'),
    XDG_STATE_HOME: join(home, 'state'),
    STAND_INS: standIns,
    DINGTALK_API_BASE_URL: apiBaseUrl,
    DINGTALK_OAPI_BASE_URL: oapiBaseUrl,
  }
  const clock = simulatedClock()
  return {
    emulator,
    directory,
    folderUrl: `https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=${spaceId}&fileId=${parentId}&type=folder`,
    variables,
    play: async (script, argv = [], more = {}) => {
      const terminal = new Terminal({ isTTY: script !== undefined })
      const leaving = new AbortController()
      const running = setUp(argv, {
        screen: terminal,
        variables: { ...variables, ...more },
        directory,
        environment: environmentOf({ clock, signal: leaving.signal }),
        leave: () => {
          leaving.abort(new Cancelled())
        },
      })
      for (const [awaited, ...answers] of script ?? []) {
        await terminal.until(awaited, running)
        for (const answer of answers) {
          const [, key] = /^<(.+)>$/.exec(typeof answer === 'string' ? answer : '') ?? []
          if (typeof answer !== 'string') answer()
          else if (key !== undefined) terminal.press(key as Parameters<Terminal['press']>[0])
          else {
            terminal.type(answer)
            terminal.press('enter')
          }
        }
      }
      return { exitCode: await running, text: terminal.text }
    },
    calls: () => {
      const path = join(standIns, 'calls.jsonl')
      if (!existsSync(path)) return []
      const lines = readFileSync(path, 'utf8').trim().split('\n')
      return lines.map((line) => JSON.parse(line) as { name: string; args: string[]; input?: string })
    },
    install: (name, state = {}) => {
      const program = join(import.meta.dirname, 'programs', `${name}.ts`)
      const command = `"${process.execPath}" --disable-warning=ExperimentalWarning "${program}"`
      const [path, script] =
        process.platform === 'win32'
          ? [`${name}.cmd`, `@${command} %*\r\n`]
          : [name, `#!/bin/sh\nexec ${command} "$@"\n`]
      writeFileSync(join(bin, path), script, { mode: 0o755 })
      const file = join(standIns, `${name}.json`)
      const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object) : {}
      writeFileSync(file, JSON.stringify({ ...before, ...state }))
    },
    state: (name) => JSON.parse(readFileSync(join(standIns, `${name}.json`), 'utf8')) as never,
    filesWith: (text) =>
      [directory, home].flatMap((root) =>
        readdirSync(root, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .filter((path) => readFileSync(path, 'utf8').includes(text))
          .map((path) => path.slice(machine.length + 1).replaceAll(sep, '/')),
      ),
    end: async () => {
      await emulator.close()
      rmSync(machine, { recursive: true })
    },
  }
}
