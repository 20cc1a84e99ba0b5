import { defaultOf, INPUT_NAMES, type InputName, INPUTS } from '../inputs/inputs.ts'

/** The inputs that a user can set. */
export const COMMAND_INPUTS = INPUT_NAMES.filter((name) => !INPUTS[name].byRunner)

/** Secrets are not options, because arguments are visible to other processes. */
export function isSecret(name: InputName): boolean {
  return INPUTS[name].secret === true
}

export function isBoolean(name: InputName): boolean {
  return ['true', 'false'].includes(defaultOf(name))
}

export const PREFIX = 'DINGTALK_'

/** The environment variable of an input: `DINGTALK_APP_SECRET` for `app-secret`. */
export function variableOf(input: InputName): string {
  return PREFIX + input.replaceAll('-', '_').toUpperCase()
}

/** The name that a misspelled or shortened name, such as `chat`, may stand for. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  if (names.includes(name)) return name
  const shortened = names.filter((other) => other.startsWith(`${name}-`) || other.endsWith(`-${name}`))
  if (shortened.length === 1) return shortened[0]
  const far = Math.max(1, Math.floor(name.length / 3))
  return names
    .map((other) => ({ other, distance: distance(name, other) }))
    .filter(({ distance }) => distance <= far)
    .sort((a, b) => a.distance - b.distance)[0]?.other
}

/** The Levenshtein distance. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
