import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

const MODULES = join(import.meta.dirname, 'node_modules')
/** Beside the packages they are made of, so that they go when those do. */
const BUNDLES = join(MODULES, '.bundles')

/** The programs measured beside the action, and what one of them is measured with. */
export const RIVALS = {
  /** A bare Node script with one request. */
  bare: script('bare.cjs'),
  /** Inputs, glob and `@actions/artifact`, bundled by ncc as actions/upload-artifact is: that one is not on npm. */
  artifact: join(BUNDLES, 'artifact/index.js'),
  /** undici's dispatcher and nothing else, bundled by ncc: what the action cannot start faster than. */
  dispatcher: join(BUNDLES, 'dispatcher/index.cjs'),
  /** The bundle that Cypress publishes of its action; its `wait-on` makes one request. */
  cypress: join(MODULES, '@cypress/github-action/dist/index.js'),
  multipartUpload: script('multipart-upload.cjs'),
  /** A preload that writes down what a process used. */
  usage: script('usage.cjs'),
} as const

/** Installs the rivals' packages, if they are missing, and bundles what is run as a bundle. */
export function installRivals(): void {
  if (!existsSync(join(MODULES, '.package-lock.json'))) run('npm', ['ci', '--no-audit', '--no-fund'])
  bundle('artifact.js', RIVALS.artifact)
  bundle('dispatcher.cjs', RIVALS.dispatcher)
}

/** The versions of the rivals' packages, as they are pinned. */
export function rivalVersions(): Record<string, string> {
  const text = readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')
  return (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies
}

/** Bundles a script as an action is, unless it has been since it was written. */
function bundle(name: string, into: string): void {
  const source = script(name)
  if (existsSync(into) && statSync(into).mtimeMs > statSync(source).mtimeMs) return
  const ncc = join(import.meta.dirname, '../node_modules/@vercel/ncc/dist/ncc/cli.js')
  run(process.execPath, [ncc, 'build', source, '-o', dirname(into), '-q'])
}

function script(name: string): string {
  return join(import.meta.dirname, 'rivals', name)
}

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: import.meta.dirname, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`)
}
