// Runs the jobs of the release workflow as a runner does: each in its own directory, with its unchanged scripts. As stand-ins for
// actions, checkout clones the tag, artifacts are directories, and attest records what it would sign.
import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { parse } from 'yaml'
import type { ReleaseRepository } from './release-repository.ts'
import type { Step, Workflow } from './workflow-rules.ts'

export interface ReleaseRunOptions {
  /** The text of the workflow. */
  workflow: string
  repository: ReleaseRepository
  /** The directory that `npm ci` installs. */
  packages?: string
  /** Variables of every job. */
  env?: Readonly<Record<string, string>>
  /** Variables of a job that may request an ID token. */
  idTokenVariables?: Readonly<Record<string, string>>
}

export interface JobResult {
  exitCode: number
  log: string
  summary: string
}

export class ReleaseRun {
  /** The parent of the jobs' directories, which have their names. */
  readonly directory = mkdtempSync(join(tmpdir(), 'release-run-'))
  /** The signed files: path below the job's directory → SHA-256. */
  readonly attested = new Map<string, string>()
  readonly #options: ReleaseRunOptions
  readonly #jobs: Workflow['jobs']
  /** `needs.pack.outputs.sums` → its value. */
  readonly #values = new Map([['github.token', 'the-token']])

  constructor(options: ReleaseRunOptions) {
    this.#options = options
    this.#jobs = (parse(options.workflow) as Workflow).jobs
    mkdirSync(join(this.directory, 'bin'))
    mkdirSync(join(this.directory, 'artifacts'))
    const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim()
    const script = `#!/bin/sh\n[ "$1" = ci ] && exec cp -R "$PACKAGES" node_modules\nexec '${npm}' "$@"\n`
    writeFileSync(join(this.directory, 'bin/npm'), script)
    chmodSync(join(this.directory, 'bin/npm'), 0o755)
  }

  /** Runs a job at a tag, until a step fails. */
  async job(name: string, tag: string): Promise<JobResult> {
    const { steps = [], outputs = {} } = this.#jobs[name]!
    rmSync(join(this.directory, name), { recursive: true, force: true })
    mkdirSync(join(this.directory, name))
    const result: JobResult = { exitCode: 0, log: '', summary: '' }
    for (const step of steps) {
      if (step.run === undefined) this.#action(name, step, tag)
      else await this.#script(name, step, tag, result)
      if (result.exitCode !== 0) return result
    }
    for (const [key, value] of Object.entries(outputs))
      this.#values.set(`needs.${name}.outputs.${key}`, this.#filled(value))
    return result
  }

  close(): void {
    rmSync(this.directory, { recursive: true })
  }

  #action(name: string, { uses = '', with: given = {}, id = '' }: Step, tag: string): void {
    const job = join(this.directory, name)
    const artifact = join(this.directory, 'artifacts', String(given['name']))
    const path = join(job, String(given['path'] ?? ''))
    if (uses.startsWith('actions/checkout@'))
      execFileSync('git', ['clone', '--quiet', '--branch', tag, this.#options.repository.directory, job], {
        stdio: 'ignore',
      })
    else if (uses.startsWith('actions/upload-artifact@')) {
      rmSync(artifact, { recursive: true, force: true })
      cpSync(path, artifact, { recursive: true })
    } else if (uses.startsWith('actions/download-artifact@')) cpSync(artifact, path, { recursive: true })
    else if (uses.startsWith('actions/attest@')) {
      for (const file of globSync(String(given['subject-path']).trim().split('\n'), { cwd: job }))
        this.attested.set(file, sha256(readFileSync(join(job, file))))
      const bundle = join(this.directory, 'attestation.json')
      // Each attempt has its own signature.
      writeFileSync(bundle, `signed at ${performance.now()}`)
      this.#values.set(`steps.${id}.outputs.bundle-path`, bundle)
    } else if (!uses.startsWith('actions/setup-node@')) throw new Error(`There is no stand-in for ${uses}.`)
  }

  async #script(
    name: string,
    { run = '', env = {}, id = '' }: Step,
    tag: string,
    result: JobResult,
  ): Promise<void> {
    const { repository, packages = '', idTokenVariables } = this.#options
    const permissions = this.#jobs[name]?.permissions
    const mayHaveIdToken = typeof permissions === 'object' && permissions['id-token'] === 'write'
    const [summary, output] = [join(this.directory, 'summary'), join(this.directory, 'output')]
    for (const file of [summary, output]) writeFileSync(file, '')
    await new Promise<void>((resolve) => {
      const child = execFile(
        'bash',
        ['-e', '-o', 'pipefail', '-c', run],
        {
          cwd: join(this.directory, name),
          env: {
            HOME: this.directory,
            PATH: [join(this.directory, 'bin'), dirname(process.execPath), process.env['PATH']].join(
              delimiter,
            ),
            PACKAGES: packages,
            GITHUB_ACTIONS: 'true',
            GITHUB_API_URL: repository.api.url,
            GITHUB_REPOSITORY: 'someone/an-action',
            GITHUB_REF_NAME: tag,
            GITHUB_STEP_SUMMARY: summary,
            GITHUB_OUTPUT: output,
            ...(mayHaveIdToken ? idTokenVariables : {}),
            ...this.#options.env,
            ...Object.fromEntries(Object.entries(env).map(([key, value]) => [key, this.#filled(value)])),
          },
        },
        (_, stdout, stderr) => {
          result.exitCode = child.exitCode ?? -1
          result.log += stdout + stderr
          result.summary += readFileSync(summary, 'utf8')
          for (const [, key = '', value = ''] of readFileSync(output, 'utf8').matchAll(/^([\w-]+)=(.*)$/gm))
            this.#values.set(`steps.${id}.outputs.${key}`, value)
          resolve()
        },
      )
    })
  }

  #filled(text: string): string {
    return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => this.#values.get(expression) ?? '')
  }
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
