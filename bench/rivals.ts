import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const MODULES = join(import.meta.dirname, 'node_modules')
/** Beside the packages it is made of, so that it goes when they do. */
const ARTIFACT = join(MODULES, '.bundles/artifact')

/** The programs measured beside the action, and what one of them is measured with. */
export const RIVALS = {
  /** A bare Node script with one request. */
  bare: script('bare.cjs'),
  /** Inputs, glob and `@actions/artifact`, bundled by ncc as actions/upload-artifact is: that one is not on npm. */
  artifact: join(ARTIFACT, 'index.js'),
  /** The bundle that Cypress publishes of its action; its `wait-on` makes one request. */
  cypress: join(MODULES, '@cypress/github-action/dist/index.js'),
  multipartUpload: script('multipart-upload.cjs'),
  /** A preload that writes down what a process used. */
  usage: script('usage.cjs'),
} as const

/** Installs the rivals' packages, if they are missing, and bundles what is run as a bundle. */
export function installRivals(): void {
  if (!existsSync(join(MODULES, '.package-lock.json'))) run('npm', ['ci', '--no-audit', '--no-fund'])
  const source = script('artifact.js')
  if (existsSync(RIVALS.artifact) && statSync(RIVALS.artifact).mtimeMs > statSync(source).mtimeMs) return
  const ncc = join(import.meta.dirname, '../node_modules/@vercel/ncc/dist/ncc/cli.js')
  run(process.execPath, [ncc, 'build', source, '-o', ARTIFACT, '-q'])
}

/** The versions of the rivals' packages, as they are pinned. */
export function rivalVersions(): Record<string, string> {
  const text = readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')
  return (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies
}

function script(name: string): string {
  return join(import.meta.dirname, 'rivals', name)
}

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: import.meta.dirname, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`)
}
