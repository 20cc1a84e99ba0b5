import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The scripts that the action is compared with. */
export const RIVALS = {
  /** A bare Node script that makes the action's requests. */
  bareJob: script('bare-job.cjs'),
  multipartUpload: script('multipart-upload.cjs'),
} as const

/** A preload that writes a process's CPU time and memory to a file. */
export const USAGE_PRELOAD = script('usage.cjs')

/** Installs the rivals' packages, if they are missing. */
export function installRivals(): void {
  if (existsSync(join(import.meta.dirname, 'node_modules/.package-lock.json'))) return
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) throw new Error('npm ci failed in bench/')
}

/** The pinned versions of the rivals' packages. */
export function rivalVersions(): Record<string, string> {
  const text = readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')
  return (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies
}

function script(name: string): string {
  return join(import.meta.dirname, 'rivals', name)
}
