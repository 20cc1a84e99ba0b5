import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { cpus, release, totalmem, type as system } from 'node:os'
import { join } from 'node:path'
import { environment } from './child.ts'
import { rivalVersions } from './rivals.ts'

const BUNDLE = join(import.meta.dirname, '../dist/index.js')

/** The hardware and software that the figures depend on. */
export interface Machine {
  cores: number
  cpu: string
  /** GiB */
  memory: number
  kernel: string
  node: string
  curl: string
  /** The measured bundle: the beginning of its SHA-256, and its size in KiB. */
  bundle: string
  rivals: Record<string, string>
}

export function machine(): Machine {
  const [cpu] = cpus()
  const curl = spawnSync('curl', ['-q', '--version'], { env: environment(), encoding: 'utf8' }).stdout
  const sha256 = createHash('sha256').update(readFileSync(BUNDLE)).digest('hex')
  return {
    cores: cpus().length,
    cpu: cpu?.model.trim() ?? '',
    memory: Math.round(totalmem() / 1024 ** 3),
    kernel: `${system()} ${/^\d+(\.\d+)*/.exec(release())?.[0] ?? ''}`,
    node: process.version.slice(1),
    curl: /^curl (\S+)/.exec(curl)?.[1] ?? '',
    bundle: `${sha256.slice(0, 12)}, ${Math.round(statSync(BUNDLE).size / 1024)} KiB`,
    rivals: rivalVersions(),
  }
}
