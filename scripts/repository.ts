import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = dirname(import.meta.dirname)

/** The placeholder for the account that publishes the action, until there is one. */
export const PLACEHOLDER = 'OWNER'

/** A GitHub account, wherever a file names it as the owner of this repository. CODEOWNERS has the account alone. */
const OWNER_PATTERN =
  /(?<![\w.-])[A-Za-z\d][A-Za-z\d-]*(?=\/upload-to-dingtalk(?![\w-]))|(?<=^\* @)[A-Za-z\d][A-Za-z\d-]*$/gm

/** The repository that the files name, such as `OWNER/upload-to-dingtalk`. package.json is the source. */
export function repository(): string {
  const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    repository: string
  }
  return repository.replace(/^github:/, '')
}

/** The owners of this repository that a text names. */
export function ownersIn(text: string): string[] {
  return [...text.matchAll(OWNER_PATTERN)].map(([owner]) => owner)
}

/**
 * Replaces one owner of this repository with another. Other accounts stay.
 *
 * @throws Error for what cannot be the name of a GitHub account
 */
export function withOwner(text: string, before: string, after: string): string {
  if (!/^[a-z\d](?:-?[a-z\d]){0,38}$/i.test(after)) throw new Error(`${after} is not a GitHub account`)
  return text.replace(OWNER_PATTERN, (owner) => (owner === before ? after : owner))
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
