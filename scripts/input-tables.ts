import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { GROUPS, INPUT_NAMES, type InputName, INPUTS } from '../src/inputs/inputs.ts'
import { ACTION } from './act.ts'
import { withParts } from './page-parts.ts'

const ROOT = dirname(import.meta.dirname)

/** Descriptions by name. */
interface Words {
  /** Their file. */
  source: string
  inputs: Record<string, string>
  outputs: Record<string, string>
  language: 'en' | 'zh'
  /** The texts for a required input, and for an input with a default. */
  required: string
  preset: (value: string) => string
}

const described = (entries: Record<string, { description: string }>) =>
  Object.fromEntries(Object.entries(entries).map(([name, { description }]) => [name, description]))

export const ENGLISH: Words = {
  source: 'action.yml',
  inputs: described(ACTION.inputs),
  outputs: described(ACTION.outputs),
  language: 'en',
  required: ' (required): ',
  preset: (value) => ` (default \`${value}\`): `,
}

const CHINESE_SOURCE = 'docs/action.zh-CN.yml'

export const CHINESE: Words = {
  source: CHINESE_SOURCE,
  ...(parse(readFileSync(join(ROOT, CHINESE_SOURCE), 'utf8')) as Pick<Words, 'inputs' | 'outputs'>),
  language: 'zh',
  required: '（必填）：',
  preset: (value) => `（默认 \`${value}\`）：`,
}

/** A page with the inputs and outputs of action.yml, formatted. @throws Error for an entry without a description */
export async function withInputTables(page: string, words: Words): Promise<string> {
  const { language, required, preset } = words
  const colon = language === 'en' ? ': ' : '：'
  const text = (descriptions: Record<string, string>, name: string) => {
    const description = descriptions[name]
    if (!description) throw new Error(`${words.source} does not describe ${name}`)
    return description
  }
  const input = (name: InputName) => {
    const { required: isRequired, default: value } = ACTION.inputs[name] ?? {}
    return `- **\`${name}\`**${isRequired ? required : value ? preset(value) : colon}${text(words.inputs, name)}`
  }
  const groups = Object.entries(GROUPS).flatMap(([group, title]) => [
    `### ${title[language]}`,
    '',
    ...INPUT_NAMES.filter((name) => INPUTS[name].group === group).map(input),
    '',
  ])
  const outputs = Object.keys(ACTION.outputs).map(
    (name) => `- **\`${name}\`**${colon}${text(words.outputs, name)}`,
  )
  return withParts(page, { inputs: groups, outputs })
}

/** The page in both languages, with their texts. */
export const INPUT_PAGES: readonly (readonly [name: string, words: Words])[] = [
  ['docs/inputs.md', ENGLISH],
  ['docs/inputs.zh-CN.md', CHINESE],
]
