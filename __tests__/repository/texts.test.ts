// Every text for users is a pair of complete sentences, each in its own language.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'

const ROOT = join(import.meta.dirname, '../..')
const SOURCES = globSync(['src/**/*.ts', 'scripts/**/*.ts'], { cwd: ROOT })

const CHINESE = /\p{Script=Han}/u
/** Names of the console without an English form, besides those in parentheses. */
const CONSOLE_NAMES = ['加签']
/** Text that isn't part of a sentence: names of inputs, links, quotations, and placeholders. */
const VERBATIM = /https?:\/\/\S+|^[\w-]+[:：]|「[^」]*」|"[^"]*"|\{\w+\}/g
/** Four English words in a row are a sentence; Chinese text can contain English names of fewer words. */
const ENGLISH_SENTENCE = /(?:[A-Za-z][a-z']+[ ,]+){3}[A-Za-z][a-z']+/
/** Functions that insert values in one language, and the halves of other pairs. */
const GRAMMAR = new Set(['counted', 'en', 'zh', 'undefined', 'several'])

interface Half {
  /** The words, with a mark for each value. */
  readonly words: string
  /** Names of the values. */
  readonly values: readonly string[]
}

/** What is wrong with the texts of a source. */
function defects(name: string, source: string): string[] {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const tell = (node: ts.Node, what: string) => {
    found.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${what}`)
  }
  const visit = (node: ts.Node): void => {
    const pair = ts.isObjectLiteralExpression(node) ? halvesOf(node) : undefined
    if (pair) for (const what of wrongHalves(pair.en, pair.zh)) tell(node, what)
    if (isLiteral(node) && !isInPair(node) && CHINESE.test(node.text) && node.text.includes(' / '))
      tell(node, 'two languages in one string')
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function wrongHalves(en: Half, zh: Half): string[] {
  const wrong: [boolean, string][] = [
    [(en.words === '') !== (zh.words === ''), 'a half is empty'],
    [
      /[A-Za-z]{4}/.test(en.words.replaceAll(VERBATIM, '')) && !CHINESE.test(zh.words),
      'the Chinese half has no Chinese',
    ],
    [ENGLISH_SENTENCE.test(zh.words.replaceAll(VERBATIM, '「」')), 'the Chinese half holds English'],
    [CHINESE.test(withoutNames(en.words)), 'the English half holds Chinese'],
    [
      [...new Set(en.values)].toSorted().join() !== [...new Set(zh.values)].toSorted().join(),
      `values differ: ${en.values.join()} | ${zh.values.join()}`,
    ],
  ]
  return wrong.flatMap(([isWrong, what]) => (isWrong ? what : []))
}

function withoutNames(words: string): string {
  return words.replaceAll(new RegExp(`\\([^()]*\\)|${CONSOLE_NAMES.join('|')}`, 'g'), '')
}

/** The halves of a pair, if an object literal is one. Halves that are not written here are empty. */
function halvesOf(node: ts.ObjectLiteralExpression): { en: Half; zh: Half } | undefined {
  const half = (name: string) =>
    node.properties.find(
      (property): property is ts.PropertyAssignment =>
        ts.isPropertyAssignment(property) && property.name.getText() === name,
    )
  const [en, zh] = [half('en'), half('zh')]
  return en && zh ? { en: read(en.initializer), zh: read(zh.initializer) } : undefined
}

function read(expression: ts.Expression): Half {
  let words = ''
  const values: string[] = []
  const visit = (node: ts.Node, isValue: boolean): void => {
    if (isLiteral(node)) words += node.text
    else if (ts.isIdentifier(node)) {
      if (isValue && !GRAMMAR.has(node.text) && !isMember(node)) values.push(node.text)
    } else if (ts.isTemplateSpan(node)) {
      words += '§'
      visit(node.expression, true)
      visit(node.literal, false)
    } else if (ts.isCallExpression(node)) {
      words += '§'
      visit(node.expression, isValue)
      for (const argument of node.arguments) visit(argument, true)
    } else
      ts.forEachChild(node, (child) => {
        visit(child, isValue)
      })
  }
  visit(expression, false)
  return { words, values }
}

/** Whether a name is the member of something. */
function isMember(node: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node
}

type Literal =
  ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail

function isLiteral(node: ts.Node): node is Literal {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node)
  )
}

function isInPair(node: ts.Node): boolean {
  for (let at: ts.Node = node; !ts.isSourceFile(at); at = at.parent)
    if (ts.isPropertyAssignment(at) && ['en', 'zh'].includes(at.name.getText())) return true
  return false
}

test('every text of the sources is complete in both languages', () => {
  expect(SOURCES.flatMap((path) => defects(path, readFileSync(join(ROOT, path), 'utf8')))).toEqual([])
})

test('finds texts', () => {
  const pairs = SOURCES.map((path) => readFileSync(join(ROOT, path), 'utf8').split(/\bzh: ['"`]/).length - 1)
  expect(pairs.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(300)
})

describe('detects', () => {
  test.each([
    ['a missing half', `const x = { en: 'Not found.', zh: '' }`],
    ['English for Chinese', `const x = { en: 'Not found.', zh: 'Not found.' }`],
    ['an English sentence in Chinese', `const x = { en: 'a', zh: '错误：the file was not found here' }`],
    ['Chinese in English', `const x = { en: 'The file 文件 is lost.', zh: '文件丢失。' }`],
    ['a value that one half lacks', 'const x = { en: `${a} is lost.`, zh: `丢失。` }'],
    ['another value', 'const x = { en: `${a.name} is lost.`, zh: `${b.name} 丢失。` }'],
    ['two languages in a string', `log('not found / 没有找到')`],
    ['two languages in a template', 'log(`${a} not found / 没有找到`)'],
  ])('%s', (_, source) => {
    expect(defects('x.ts', source)).not.toEqual([])
  })

  test.each([
    `const x = { en: 'Enable it (加签).', zh: '请开启「加签」。' }`,
    `const x = { en: \`\${counted(n, 'file')} lost\`, zh: \`\${n} 个文件丢失\` }`,
    `const x = { en: 'See "a b c d e".', zh: '参见 "a b c d e"。' }`,
    `const x = { en: name, zh: name }`,
  ])('but not %s', (source) => {
    expect(defects('x.ts', source)).toEqual([])
  })
})
