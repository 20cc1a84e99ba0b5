// Before the tests: installs this folder's packages once, and again when its lock file has changed.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LOCK = join(import.meta.dirname, 'package-lock.json')
/**
 * A copy of the lock file that is installed. npm removes it at the start of an installation. npm's own copy says nothing:
 * it changes with the lock file even where no package is installed.
 */
const INSTALLED = join(import.meta.dirname, 'node_modules', 'installed-lock.json')

/** @throws Error if npm fails */
export default function install(): void {
  if (existsSync(INSTALLED) && readFileSync(INSTALLED).equals(readFileSync(LOCK))) return
  // A shell, because npm is a command file on Windows.
  const { status, error } = spawnSync('npm ci --no-audit --no-fund --loglevel=error', {
    cwd: import.meta.dirname,
    stdio: ['ignore', 2, 2],
    shell: true,
  })
  if (error) throw error
  if (status !== 0) throw new Error('npm ci failed in conformance/')
  copyFileSync(LOCK, INSTALLED)
}
