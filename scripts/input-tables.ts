import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { ACTION } from './act.ts'
import { withParts } from './page-parts.ts'

const ROOT = dirname(import.meta.dirname)

/** Descriptions by name. */
interface Words {
  /** The file that they are from. */
  source: string
  inputs: Record<string, string>
  outputs: Record<string, string>
  /** The tables' headings, and the word for an input that must be set. */
  heads: { input: string; output: string; default: string; meaning: string; required: string }
}

const described = (entries: Record<string, { description: string }>) =>
  Object.fromEntries(Object.entries(entries).map(([name, { description }]) => [name, description]))

export const ENGLISH: Words = {
  source: 'action.yml',
  inputs: described(ACTION.inputs),
  outputs: described(ACTION.outputs),
  heads: {
    input: 'Input',
    output: 'Output',
    default: 'Default',
    meaning: 'Description',
    required: 'required',
  },
}

const CHINESE_SOURCE = 'docs/action.zh-CN.yml'

export const CHINESE: Words = {
  source: CHINESE_SOURCE,
  ...(parse(readFileSync(join(ROOT, CHINESE_SOURCE), 'utf8')) as Pick<Words, 'inputs' | 'outputs'>),
  heads: { input: '输入', output: '输出', default: '默认值', meaning: '说明', required: '必填' },
}

/** A page with the tables of action.yml, formatted. @throws Error for an entry without a description */
export async function withInputTables(page: string, words: Words): Promise<string> {
  const { heads } = words
  const text = (descriptions: Record<string, string>, name: string) => {
    const description = descriptions[name]
    if (!description) throw new Error(`${words.source} does not describe ${name}`)
    return description.replaceAll('|', '\\|')
  }
  const inputs = Object.entries(ACTION.inputs).map(([name, { required, default: preset }]) => {
    const shown = required ? heads.required : preset ? `\`${preset}\`` : ''
    return `| \`${name}\` | ${shown} | ${text(words.inputs, name)} |`
  })
  const outputs = Object.keys(ACTION.outputs).map((name) => `| \`${name}\` | ${text(words.outputs, name)} |`)
  const tables = {
    inputs: [`| ${heads.input} | ${heads.default} | ${heads.meaning} |`, '| --- | --- | --- |', ...inputs],
    outputs: [`| ${heads.output} | ${heads.meaning} |`, '| --- | --- |', ...outputs],
  }
  return withParts(page, tables)
}

/** Both languages of the page with the tables, and their words. */
export const INPUT_PAGES: readonly (readonly [name: string, words: Words])[] = [
  ['docs/inputs.md', ENGLISH],
  ['docs/inputs.zh-CN.md', CHINESE],
]
