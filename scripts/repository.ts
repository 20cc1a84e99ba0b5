import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = dirname(import.meta.dirname)

/** The placeholder for the account that publishes the action. */
export const PLACEHOLDER = 'OWNER'

/** The placeholder for the scope on npm. No one can register it, because npm's scopes have no capital letters. */
export const SCOPE_PLACEHOLDER = 'SCOPE'

/** A GitHub account in a place where a file names the owner of this repository. CODEOWNERS has only the account. */
const OWNER_PATTERN =
  /(?<![\w.@-])[A-Za-z\d][A-Za-z\d-]*(?=\/upload-to-dingtalk(?![\w-]|\.yml))|(?<=^\* @)[A-Za-z\d][A-Za-z\d-]*$/gm

/** A scope on npm in a place where a file names the package. */
const SCOPE_PATTERN = /(?<=@)[\w.~-]+(?=\/upload-to-dingtalk(?![\w-]))/g

/** The repository that the files name, such as `OWNER/upload-to-dingtalk`. package.json is the source. */
export function repository(): string {
  return manifest().repository.replace(/^github:/, '')
}

/** The package on npm that the files name, such as `@SCOPE/upload-to-dingtalk`. */
export function npmPackage(): string {
  return manifest().name
}

function manifest(): { name: string; repository: string } {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { name: string; repository: string }
}

/** The owners of this repository that a text names. */
export function ownersIn(text: string): string[] {
  return [...text.matchAll(OWNER_PATTERN)].map(([owner]) => owner)
}

/**
 * Replaces one owner of this repository with another. Other accounts stay.
 *
 * @throws Error for an invalid name of a GitHub account
 */
export function withOwner(text: string, before: string, after: string): string {
  if (!/^[a-z\d](?:-?[a-z\d]){0,38}$/i.test(after)) throw new Error(`${after} is not a GitHub account`)
  return text.replace(OWNER_PATTERN, (owner) => (owner === before ? after : owner))
}

/** The scopes of this package that a text names. */
export function scopesIn(text: string): string[] {
  return [...text.matchAll(SCOPE_PATTERN)].map(([scope]) => scope)
}

/**
 * Replaces one scope of this package with another. Other scopes stay.
 *
 * @throws Error for an invalid scope on npm
 */
export function withScope(text: string, before: string, after: string): string {
  if (!/^[a-z\d][a-z\d._~-]*$/.test(after)) throw new Error(`${after} is not a scope on npm`)
  return text.replace(SCOPE_PATTERN, (scope) => (scope === before ? after : scope))
}

/** The files that may name the repository. dist/ is built from them. */
export function filesWithOwner(): string[] {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return files
    .split('\0')
    .filter((name) => name !== '' && !name.startsWith('dist/') && !/\.(?:png|ico)$/.test(name))
}
