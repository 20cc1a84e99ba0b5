// The workflows of the documentation: the examples, and what the pages show.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { parse, stringify } from 'yaml'
import { ACTION } from '../scripts/act.ts'
import { repository } from '../scripts/repository.ts'

const ROOT = join(import.meta.dirname, '..')
const EXAMPLES = globSync('examples/{,ci/}*.yml', { cwd: ROOT }).sort()
const PAGES = globSync('{,docs/}*.md', { cwd: ROOT }).sort()

export interface Step {
  readonly uses?: string
  readonly if?: string
  readonly with?: Readonly<Record<string, string | boolean>>
}

interface Job {
  readonly 'runs-on': string
  readonly container?: unknown
  readonly steps: readonly Step[]
}

export interface Workflow {
  readonly on: string | Readonly<Record<string, unknown>>
  readonly jobs: Readonly<Record<string, Job>>
}

export interface Recipe {
  /** The files, and the pages with a line, that contain it. */
  name: string
  readonly text: string
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
export const isOurs = ({ uses = '' }: Step) => uses.includes(`${repository()}@`)

/**
 * The complete workflows among the examples, and every YAML block of a page. A block is a workflow, the steps of one, or inputs
 * of its step. Steps and inputs complete the example that is linked before them, together with the inputs that the example shares
 * with the quick start. Without an example, inputs only illustrate a format. The same workflow in several places is one recipe.
 *
 * @throws Error if a block is neither of these nor an example for another CI
 */
export function recipes(): Recipe[] {
  const examples = EXAMPLES.map((name) => ({ name, text: read(name) }))
  const ofPages = PAGES.flatMap((page) => {
    let example: string | undefined
    return blocks(page).flatMap(({ line, link, yaml }): Recipe[] => {
      if (link) example = link
      if (yaml === undefined || (!example && isInputs(parse(yaml)))) return []
      const text = completed(yaml, example)
      if (text === undefined && !examples.some((other) => sameCode(other.text, yaml)))
        throw new Error(`${page}:${line} is no workflow, no steps, no inputs, and no example`)
      return text === undefined ? [] : [{ name: `${page}:${line}`, text }]
    })
  })
  const found: Recipe[] = []
  for (const recipe of [...examples.filter(({ text }) => isWorkflow(parse(text))), ...ofPages]) {
    const same = found.find(({ text }) => isDeepStrictEqual(parse(text), parse(recipe.text)))
    if (same) same.name += `, ${recipe.name}`
    else found.push({ ...recipe })
  }
  return found
}

/** Links to examples, and blocks of YAML, in the order of the page. */
function blocks(page: string): { line: number; link?: string; yaml?: string }[] {
  const found: ReturnType<typeof blocks> = []
  const visit = (node: object & { type: string }) => {
    const { position, url, lang, value, children } = node as {
      position?: { start: { line: number } }
      url?: string
      lang?: string
      value?: string
      children?: { type: string }[]
    }
    const line = position?.start.line ?? 0
    const [link] = /examples\/.*\.yml$/.exec(url ?? '') ?? []
    if (link) found.push({ line, link })
    if (node.type === 'code' && lang === 'yaml' && value) found.push({ line, yaml: value })
    children?.forEach(visit)
  }
  visit(fromMarkdown(read(page)))
  return found
}

const isWorkflow = (value: unknown): value is Workflow => typeof value === 'object' && 'jobs' in value!

const isInputs = (value: unknown) => Object.keys(value as object).every((name) => name in ACTION.inputs)

/** A block as a workflow; undefined if it is for another CI. */
function completed(block: string, example: string | undefined): string | undefined {
  const value = parse(block) as unknown
  if (isWorkflow(value)) return block
  if (!Array.isArray(value) && !isInputs(value)) return undefined
  const base = example ? (parse(read(example)) as Workflow) : ON_ITS_OWN
  const stepsInPlaceOf = (step: Step): readonly Step[] => {
    if (!isOurs(step)) return [step]
    if (Array.isArray(value)) return value as Step[]
    const common = Object.entries(quickStart()).filter(([name]) => name in (step.with ?? {}))
    return [{ ...step, with: { ...Object.fromEntries(common), ...(value as Step['with']) } }]
  }
  const jobs = Object.entries(base.jobs).map(([name, job]) => {
    return [name, { ...job, steps: job.steps.flatMap(stepsInPlaceOf) }]
  })
  return stringify({ ...base, jobs: Object.fromEntries(jobs) as Workflow['jobs'] })
}

/** For steps without a linked example. */
const ON_ITS_OWN: Workflow = {
  on: 'push',
  jobs: {
    job: { 'runs-on': 'ubuntu-latest', steps: [{ run: 'make' } as Step, { uses: `${repository()}@v0` }] },
  },
}

/** The inputs of the first block of the README. */
function quickStart(): Record<string, string | boolean> {
  const first = blocks('README.md').find(({ yaml }) => yaml)
  const [step] = parse(first?.yaml ?? '') as [Step]
  return { ...step.with }
}

/** Whether two files differ only in comments and empty lines. */
function sameCode(one: string, other: string): boolean {
  const code = (text: string) => text.replace(/^\s*(#.*)?\n/gm, '').trim()
  return code(one) === code(other)
}
