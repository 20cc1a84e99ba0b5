import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { page } from '../../bench/publication.ts'
import { readResults, type Results } from '../../bench/results.ts'

const MACHINE = {
  cores: 2,
  cpu: 'CPU',
  memory: 8,
  kernel: 'Linux 6',
  node: '24.0.0',
  curl: '8.0.0',
  bundle: '0',
  rivals: {},
}

function results(figures: Record<string, number[]>): Results {
  return { memory: { date: '2026-01-01', runs: 1, machine: MACHINE, figures } }
}

const ONE_FILE = { 'large peak MiB': [120], 'larger peak MiB': [200] }

function headings(markdown: string): string[] {
  return [...markdown.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading)
}

test('docs/benchmarks.md is the page of bench/results.json', async () => {
  const published = readFileSync(join(import.meta.dirname, '../../docs/benchmarks.md'), 'utf8')
  expect(published.replaceAll('\r\n', '\n')).toBe(await page(readResults()))
})

test('a piece that was not measured has no section and no target', async () => {
  const markdown = await page(results(ONE_FILE))
  expect(headings(markdown)).toEqual(['Peak memory', 'Measured on', 'Repeat the measurements'])
  expect(markdown).not.toMatch(/Loopback|NaN|—/)
})

test('a case that was not measured has no row', async () => {
  const manyFiles = { 'many peak MiB': [300] }
  expect(await page(results(ONE_FILE))).not.toContain('32 files')
  const markdown = await page(results({ ...ONE_FILE, ...manyFiles }))
  expect(markdown.match(/^\| .*32 files.*$/gm)).toHaveLength(2)
})

test('a target is met or not met', async () => {
  const markdown = await page(results(ONE_FILE))
  expect(markdown).toMatch(/4 GiB file +\| ≤ 160 MiB \| 200 MiB +\| \*\*not met\*\* \|/)
  expect(await page(results({ ...ONE_FILE, 'larger peak MiB': [130] }))).toMatch(/\| 130 MiB +\| met +\|/)
})
