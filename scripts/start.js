// Runs Node 24 or later with the arguments given, below the repository's root: `node scripts/start.js scripts/demo.ts`. Every
// npm script uses this, with any Node (20 or later). It first installs what is missing: the project's packages, and a packaged
// Node 24 if the running one is older.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath, URL } from 'node:url'
import { packagedNode } from './packaged-node.js'

/** @param {string} path below the repository */
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** @param {string} path of a JSON file below the repository */
const read = (path) => JSON.parse(readFileSync(at(path), 'utf8'))

/** @param {string} directory below the repository */
function install(directory) {
  // A shell, because npm is a command file on Windows. Standard output belongs to the script: the emulator's is read by programs.
  const { status, error } = spawnSync('npm ci --no-audit --no-fund --loglevel=error', {
    cwd: at(directory),
    stdio: ['ignore', 2, 2],
    shell: true,
  })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

/**
 * Whether a package of scripts/node24/ is installed in its pinned version.
 *
 * @param {string} name
 */
function isInstalled(name) {
  // npm writes this file last.
  const done = 'scripts/node24/node_modules/.package-lock.json'
  if (!existsSync(at(done))) return false
  const pinned = read('scripts/node24/package.json').optionalDependencies[name]
  return read(done).packages[`node_modules/${name}`]?.version === pinned
}

function newEnoughNode() {
  const packaged = packagedNode(process)
  if (packaged === 'none needed') return process.execPath
  if (packaged === 'none available') {
    console.error(
      `Node ${process.versions.node} is too old, and npm has no newer one for this platform: install Node 24`,
    )
    process.exit(1)
  }
  if (!isInstalled(packaged.name)) {
    console.error(`Installing Node 24 in scripts/node24, once: this is Node ${process.versions.node}`)
    console.error(`正在 scripts/node24 中安装 Node 24（仅首次）：当前为 Node ${process.versions.node}`)
    install('scripts/node24')
  }
  return at(`scripts/node24/node_modules/${packaged.name}/${packaged.binary}`)
}

if (!existsSync(at('node_modules/.package-lock.json'))) install('.')

// Node 24.0 to 24.2 warn that types are stripped.
const args = ['--disable-warning=ExperimentalWarning', ...process.argv.slice(2)]
const child = spawn(newEnoughNode(), args, { cwd: at('.'), stdio: 'inherit' })
child.on('error', (error) => {
  console.error(`${error.message}: install Node 24`)
  process.exitCode = 1
})
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})
process.on('SIGTERM', () => child.kill('SIGTERM'))
process.on('SIGINT', () => {
  // A terminal sends it to the child as well.
  if (!process.stdin.isTTY) child.kill('SIGINT')
})
