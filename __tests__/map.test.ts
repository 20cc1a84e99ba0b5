// The map of the code in CONTRIBUTING.md leads nobody astray: it names what is there, and draws what is so.
import { describe, expect, test } from '@jest/globals'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = dirname(import.meta.dirname)
const MAP = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8').split('\n## The map of the code\n')[1] ?? ''

/** First cells of the tables, with second ones. */
const rows = [...MAP.matchAll(/^\| \[?`([^`]+)`(?:\]\([^)]+\))? +\| (.*?) *\|$/gm)].map(
  ([, name = '', is = '']) => [name, is] as const,
)
const files = rows.filter(([name]) => name.startsWith('src/'))
const folders = rows.filter(([name]) => name.endsWith('/')).map(([name]) => name)

const drawing = /```mermaid\n(.*?)```/s.exec(MAP)?.[1] ?? ''
const drawn = new Map([...drawing.matchAll(/(\w+)\["(.+?)"\]/g)].map(([, id = '', file = '']) => [id, file]))
const arrows = [...drawing.matchAll(/^ +(\w+)(?:\[.*?\])? -->(?:\|[^|]+\|)? (\w+)(?:\[.*?\])?$/gm)].map(
  ([, from = '', to = '']) => [drawn.get(from) ?? from, drawn.get(to) ?? to],
)

test('it names every file of src/, once, and no other', () => {
  const there = globSync('src/**/*.*', { cwd: ROOT }).map((path) => path.replaceAll('\\', '/'))
  expect(files.map(([name]) => name).sort()).toEqual(there.sort())
})

test('it says of each what it is, in its own words', () => {
  const said = files.map(([, is]) => is)
  expect(new Set(said).size).toBe(files.length)
  expect(said.filter((is) => is.length < 15)).toEqual([])
})

test('the folders that it names are there', () => {
  expect(folders).toContain('emulator/')
  expect(folders.filter((name) => !existsSync(join(ROOT, name)))).toEqual([])
})

describe('the drawing', () => {
  test('every line of it is read here', () => {
    const lines = drawing.split('\n').filter((line) => line.includes('-->'))
    expect(arrows).toHaveLength(lines.length)
    expect(arrows.length).toBeGreaterThan(15)
  })

  test.each(arrows)('%s leads to %s: it imports it', (from, to) => {
    const target = to.includes('/') && dirname(from) === dirname(to) ? to.slice(dirname(to).length + 1) : to
    expect(readFileSync(join(ROOT, 'src', from), 'utf8')).toContain(`'./${target}'`)
  })
})
