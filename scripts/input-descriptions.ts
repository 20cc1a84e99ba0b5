import { dirname, join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { CHINESE, ENGLISH } from './input-tables.ts'

/** The descriptions of the inputs that are bundled with the command, which can't read action.yml. */
export const DESCRIPTIONS = 'src/command/descriptions.ts'

/** The module {@link DESCRIPTIONS}, formatted. */
export async function inputDescriptions(): Promise<string> {
  const pairs = Object.entries(ENGLISH.inputs).map(([name, en]) => {
    const zh = CHINESE.inputs[name]
    if (!zh) throw new Error(`${CHINESE.source} does not describe ${name}`)
    return `${JSON.stringify(name)}: ${JSON.stringify({ en, zh })}`
  })
  const source = `// Made from action.yml and docs/action.zh-CN.yml by npm run tables.
import type { Text } from '../http/text.ts'
import type { InputName } from '../inputs/inputs.ts'

/** What each input is for. Markdown. */
export const DESCRIPTIONS: Readonly<Record<InputName, Text>> = { ${pairs.join(', ')} }
`
  const path = join(dirname(import.meta.dirname), DESCRIPTIONS)
  return format(source, { ...(await resolveConfig(path)), parser: 'typescript' })
}
