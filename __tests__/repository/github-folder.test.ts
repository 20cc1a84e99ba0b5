// What GitHub reads beside workflows, and drops or ignores without a word when a key of it is wrong.
import { describe, expect, test } from '@jest/globals'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'

const ROOT = dirname(dirname(import.meta.dirname))
// To GitHub, as in YAML 1.1, a bare "No" is a boolean.
const yaml = (text: string): unknown => parse(text, { version: '1.1' })
const read = (path: string): unknown => yaml(readFileSync(join(ROOT, '.github', path), 'utf8'))

interface Element {
  type: string
  id?: string
  attributes?: {
    label?: string
    description?: string
    value?: string
    options?: readonly string[]
    [other: string]: unknown
  }
  validations?: { required?: boolean }
}

interface Form {
  name: string
  description: string
  body: readonly Element[]
  [other: string]: unknown
}

/** What an element's attributes may be: https://docs.github.com/communities, "Syntax for GitHub's form schema". */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  markdown: ['value'],
  input: ['label', 'description', 'placeholder', 'value'],
  textarea: ['label', 'description', 'placeholder', 'value', 'render'],
  dropdown: ['label', 'description', 'multiple', 'options', 'default'],
}

/** Everything for which GitHub would not show the form. */
function problems(form: Form): string[] {
  const asked = form.body.filter(({ type }) => type !== 'markdown')
  return [
    ...Object.keys(form).filter((key) => !['name', 'description', 'labels', 'body'].includes(key)),
    ...(form.name && form.description ? [] : ['a form has a name and a description']),
    ...(asked.length > 0 ? [] : ['a form asks for something']),
    ...twice(asked.map(({ id }) => id ?? 'nothing')).map((id) => `${id} is the id of two elements`),
    ...twice(asked.map(({ attributes }) => attributes?.label ?? '')).map((label) => `${label} stands twice`),
    ...form.body.flatMap((element) => problemsOf(element)),
  ]
}

function problemsOf({ type, id, attributes = {}, validations = {} }: Element): string[] {
  const { label, value, options } = attributes
  const who = id ?? type
  const allowed = ATTRIBUTES[type]
  return [
    ...(allowed ? [] : [`${who}: there is no type ${type}`]),
    ...Object.keys(attributes)
      .filter((name) => allowed?.includes(name) === false)
      .map((name) => `${who}: a ${type} has no ${name}`),
    ...Object.keys(validations)
      .filter((name) => name !== 'required')
      .map((name) => `${who}: there is no validation ${name}`),
    ...(type === 'markdown' ? (value ? [] : [`${who} says nothing`]) : label ? [] : [`${who} has no label`]),
    ...(type === 'markdown' || /^[a-z-]+$/.test(id ?? '') ? [] : [`${who} has no id`]),
    ...(type !== 'dropdown' || (options && options.length > 0 && twice(options).length === 0)
      ? []
      : [`${who} has no options, or one of them twice`]),
    ...(options ?? [])
      .filter((option) => typeof option !== 'string')
      .map((option) => `${who}: ${String(option)} is no text`),
  ]
}

function twice(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index)
}

describe.each(['bug', 'feature'])('the form %s', (name) => {
  const form = read(`ISSUE_TEMPLATE/${name}.yml`) as Form

  test('is one that GitHub shows', () => {
    expect(problems(form)).toEqual([])
  })

  test('speaks both languages', () => {
    const texts = [
      form.name,
      form.description,
      ...form.body.flatMap(({ attributes: { label, description, value } = {} }) => [
        label,
        description,
        value,
      ]),
    ].filter((text) => text !== undefined)
    expect(texts.filter((text) => !/[a-z]/.test(text) || !/\p{Script=Han}/u.test(text))).toEqual([])
  })
})

test('the form for a bug asks for what is needed to find it', () => {
  const { body } = read('ISSUE_TEMPLATE/bug.yml') as Form
  expect(body.flatMap(({ id }) => id ?? [])).toEqual([
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
  const text = { type: 'input', id: 'text', attributes: { label: 'Text' } }
  const form = (...body: Element[]): Form => ({ name: 'Form', description: 'A form', body })

  test.each<[string, Form, string]>([
    [
      'without a question',
      form({ type: 'markdown', attributes: { value: 'Hello' } }),
      'a form asks for something',
    ],
    ['without a description', { ...form(text), description: '' }, 'a form has a name and a description'],
    ['with a key of another kind of template', { ...form(text), about: 'A form' }, 'about'],
    ['with an id that is there twice', form(text, text), 'text is the id of two elements'],
    ['with a type that does not exist', form({ ...text, type: 'number' }), 'text: there is no type number'],
    [
      'with an attribute of another type',
      form({ ...text, attributes: { label: 'Text', render: 'yaml' } }),
      'text: a input has no render',
    ],
    ['with a question without a label', form({ ...text, attributes: {} }), 'text has no label'],
    [
      'with a question without an id',
      form({ type: 'input', attributes: { label: 'Text' } }),
      'input has no id',
    ],
    [
      'with a choice of nothing',
      form({ ...text, type: 'dropdown' }),
      'text has no options, or one of them twice',
    ],
    [
      'with a choice that YAML takes for a boolean',
      form(
        yaml('{ type: dropdown, id: text, attributes: { label: Text, options: [Perhaps, No] } }') as Element,
      ),
      'text: false is no text',
    ],
  ])('%s', (_, broken, problem) => {
    expect(problems(form(text))).toEqual([])
    expect(problems(broken)).toContain(problem)
  })
})

test('whoever opens an issue is shown the private way and the setup', () => {
  const config = read('ISSUE_TEMPLATE/config.yml') as {
    blank_issues_enabled: boolean
    contact_links: readonly { name: string; url: string; about: string }[]
  }
  expect(Object.keys(config)).toEqual(['blank_issues_enabled', 'contact_links'])
  expect(config.blank_issues_enabled).toBe(false)
  expect(config.contact_links.map((link) => Object.keys(link))).toEqual(
    config.contact_links.map(() => ['name', 'url', 'about']),
  )
  const repository = 'https://github.com/upload-to-dingtalk/upload-to-dingtalk'
  expect(config.contact_links.map(({ url }) => url)).toEqual([
    `${repository}/security/advisories/new`,
    `${repository}/blob/main/docs/setup.md`,
  ])
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
