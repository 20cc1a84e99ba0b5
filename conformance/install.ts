// Installs this folder's packages before the tests if they are missing or the lock file has changed.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LOCK = join(import.meta.dirname, 'package-lock.json')
/**
 * A copy of the installed lock file. npm removes it at the start of an installation. npm's own copy is of no use, because it
 * changes with the lock file even if no package is installed.
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
