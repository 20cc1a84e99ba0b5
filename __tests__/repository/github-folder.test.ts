// What GitHub reads beside workflows, and drops or ignores without a word when a key of it is wrong.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import * as v from 'valibot'
import { parse } from 'yaml'
import { repository } from '../../scripts/repository.ts'

const ROOT = dirname(dirname(import.meta.dirname))
// To GitHub, as in YAML 1.1, a bare "No" is a boolean.
const yaml = (text: string): unknown => parse(text, { version: '1.1' })
const read = (path: string): unknown => yaml(readFileSync(join(ROOT, '.github', path), 'utf8'))

/** What GitHub takes of an issue form, from https://docs.github.com/communities, "Syntax for GitHub's form schema". */
const text = v.pipe(v.string(), v.nonEmpty())
const options = v.pipe(
  v.array(text),
  v.nonEmpty(),
  v.check((values) => allDiffer(values), 'an option stands twice'),
)
const element = v.variant('type', [
  v.strictObject({ type: v.literal('markdown'), attributes: v.strictObject({ value: text }) }),
  question('input', { placeholder: v.optional(text), value: v.optional(text) }),
  question('textarea', { placeholder: v.optional(text), value: v.optional(text), render: v.optional(text) }),
  question('dropdown', { options, multiple: v.optional(v.boolean()), default: v.optional(v.number()) }),
])
const FORM = v.strictObject({
  name: text,
  description: text,
  labels: v.optional(v.array(text)),
  body: v.pipe(
    v.array(element),
    v.check((body) => questions(body).length > 0, 'nothing is asked'),
    v.check((body) => allDiffer(questions(body).map(({ id }) => id)), 'an id stands twice'),
    v.check(
      (body) => allDiffer(questions(body).map(({ attributes }) => attributes.label)),
      'a label stands twice',
    ),
  ),
})

function question<Type extends string, Attributes extends v.ObjectEntries>(
  type: Type,
  attributes: Attributes,
) {
  return v.strictObject({
    type: v.literal(type),
    id: v.pipe(v.string(), v.regex(/^[a-z-]+$/)),
    attributes: v.strictObject({ label: text, description: v.optional(text), ...attributes }),
    validations: v.optional(v.strictObject({ required: v.boolean() })),
  })
}

function questions(body: readonly v.InferOutput<typeof element>[]) {
  return body.filter((element) => element.type !== 'markdown')
}

function allDiffer(values: readonly string[]): boolean {
  return new Set(values).size === values.length
}

describe.each(['bug', 'feature'])('the form %s', (name) => {
  const form = read(`ISSUE_TEMPLATE/${name}.yml`)

  test('is one that GitHub shows', () => {
    expect(v.safeParse(FORM, form).issues).toBeUndefined()
  })

  test('speaks both languages', () => {
    const { name, description, body } = v.parse(FORM, form)
    const texts = [
      name,
      description,
      ...body.flatMap(({ attributes }) =>
        'label' in attributes ? [attributes.label, attributes.description ?? []].flat() : attributes.value,
      ),
    ]
    expect(texts.filter((text) => !/[a-z]/.test(text) || !/\p{Script=Han}/u.test(text))).toEqual([])
  })
})

test('the form for a bug asks for what is needed to find it', () => {
  const { body } = v.parse(FORM, read('ISSUE_TEMPLATE/bug.yml'))
  expect(questions(body).map(({ id }) => id)).toEqual([
    'version',
    'happened',
    'inputs',
    'log',
    'code',
    'check',
    'runner',
  ])
})

describe('a form that GitHub would not show is found out', () => {
  const input = '{ type: input, id: text, attributes: { label: Text } }'
  const form = (...body: string[]) => ({ name: 'Form', description: 'A form', body: body.map(yaml) })

  test.each([
    ['without a question', form('{ type: markdown, attributes: { value: Hello } }'), 'body'],
    ['with a key of another kind of template', { ...form(input), about: 'A form' }, 'about'],
    ['with an id that is there twice', form(input, input.replace('Text', 'Other')), 'body'],
    ['with a label that is there twice', form(input, input.replace('id: text', 'id: other')), 'body'],
    [
      'with an attribute of another type',
      form('{ type: input, id: text, attributes: { label: Text, render: yaml } }'),
      'body.0.attributes.render',
    ],
    ['with a question without an id', form('{ type: input, attributes: { label: Text } }'), 'body.0.id'],
    [
      'with a choice that YAML takes for a boolean',
      form('{ type: dropdown, id: text, attributes: { label: Text, options: [Perhaps, No] } }'),
      'body.0.attributes.options.1',
    ],
  ])('%s', (_, broken, where) => {
    expect(v.is(FORM, form(input))).toBe(true)
    expect(v.safeParse(FORM, broken).issues?.map((issue) => v.getDotPath(issue))).toEqual([where])
  })
})

test('the form for a new issue links to private reporting and the setup guide', () => {
  const link = (path: string) =>
    v.strictObject({ name: text, url: v.literal(`https://github.com/${repository()}/${path}`), about: text })
  const config = v.strictObject({
    blank_issues_enabled: v.literal(false),
    contact_links: v.strictTuple([link('security/advisories/new'), link('blob/main/docs/setup.md')]),
  })
  expect(v.safeParse(config, read('ISSUE_TEMPLATE/config.yml')).issues).toBeUndefined()
})

describe('Dependabot', () => {
  const { version, updates } = read('dependabot.yml') as {
    version: number
    updates: readonly {
      'package-ecosystem': string
      directories: readonly string[]
      schedule: { interval: string }
      groups: Readonly<Record<string, object>>
    }[]
  }
  const directories = (ecosystem: string) =>
    updates
      .filter((update) => update['package-ecosystem'] === ecosystem)
      .flatMap((update) => update.directories)

  test('looks every week, and brings what belongs together in one pull request', () => {
    expect(version).toBe(2)
    expect(
      updates.map(({ schedule, groups }) => [schedule.interval, Object.keys(groups).length > 0]),
    ).toEqual(updates.map(() => ['weekly', true]))
  })

  test('looks at every package of the project', () => {
    const packages = globSync('**/package-lock.json', {
      cwd: ROOT,
      exclude: (path) => /(^|[\\/])(node_modules|build|dist)$/.test(path),
    })
    const found = packages.map((path) => join('/', dirname(path)).replaceAll('\\', '/'))
    expect(found).toContain('/')
    expect([...directories('npm')].sort()).toEqual(found.sort())
  })

  test('looks at every workflow, the examples too', () => {
    expect(directories('github-actions')).toEqual(['/', '/examples'])
    expect(['.github/workflows', 'examples'].filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })
})
