import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { parse } from 'yaml'
import { ACTION } from './act.ts'

const ROOT = dirname(import.meta.dirname)

/** Descriptions by name. */
interface Words {
  inputs: Record<string, string>
  outputs: Record<string, string>
  /** The tables' headings, and the word for an input that must be set. */
  heads: { input: string; output: string; default: string; meaning: string; required: string }
}

const described = (entries: Record<string, { description: string }>) =>
  Object.fromEntries(Object.entries(entries).map(([name, { description }]) => [name, description]))

export const ENGLISH: Words = {
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

export const CHINESE: Words = {
  ...(parse(readFileSync(join(ROOT, 'docs/action.zh-CN.yml'), 'utf8')) as Omit<Words, 'heads'>),
  heads: { input: '输入', output: '输出', default: '默认值', meaning: '说明', required: '必填' },
}

/** A README with the tables of action.yml, formatted. @throws Error for an entry without a description */
export async function withTables(readme: string, words: Words): Promise<string> {
  const { heads } = words
  const text = (descriptions: Record<string, string>, name: string) => {
    const description = descriptions[name]
    if (!description) throw new Error(`${name} is not described`)
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
  return withParts(readme, tables)
}

/**
 * A page with its generated parts, formatted. A part is what is between `<!-- name: … -->` and `<!-- /name -->`.
 *
 * @param parts lines by name
 * @throws Error for a part that has no place
 */
export async function withParts(
  page: string,
  parts: Readonly<Record<string, readonly string[]>>,
): Promise<string> {
  let filled = page
  for (const [name, lines] of Object.entries(parts)) {
    const between = new RegExp(`(<!-- ${name}: .* -->)[^]*?(<!-- /${name} -->)`)
    if (!between.test(filled)) throw new Error(`there is no place for ${name}`)
    filled = filled.replace(
      between,
      (_, begin: string, end: string) => `${begin}\n\n${lines.join('\n')}\n\n${end}`,
    )
  }
  return format(filled, { ...(await resolveConfig(join(ROOT, 'README.md'))), parser: 'markdown' })
}

/** Every README with its words and language. */
export const READMES: readonly (readonly [name: string, words: Words, language: 'en' | 'zh'])[] = [
  ['README.md', ENGLISH, 'en'],
  ['README.zh-CN.md', CHINESE, 'zh'],
]
