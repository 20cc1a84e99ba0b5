// Runs a script of this folder from a fresh clone, on whatever Node is there (20 or later): installs the project once, then
// goes on with the project's own Node. `node scripts/start.js demo` runs demo.ts.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** @param {string} command @param {string[]} args */
function run(command, ...args) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    // On Windows both are command files, which only a shell starts.
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}

const [script, ...args] = process.argv.slice(2)
if (!existsSync(join(root, 'node_modules/.package-lock.json'))) run('npm', 'ci', '--no-audit', '--no-fund')
// npm puts node_modules/.bin first on the path: this is the Node that package.json pins.
run('node', `scripts/${script}.ts`, ...args)
