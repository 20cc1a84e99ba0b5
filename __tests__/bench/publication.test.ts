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

const ONE_FILE = {
  'large over 16 peak MiB': [120],
  'large over 16 connections': [16],
  'larger over 16 peak MiB': [130],
  'larger over 16 connections': [16],
  'larger peak MiB': [200],
  'larger connections': [4],
}

function headings(markdown: string): string[] {
  return [...markdown.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading)
}

test('generates docs/benchmarks.md from bench/results.json', async () => {
  const published = readFileSync(join(import.meta.dirname, '../../docs/benchmarks.md'), 'utf8')
  expect(published.replaceAll('\r\n', '\n')).toBe(await page(readResults()))
})

test('omits the section and target of a piece that was not measured', async () => {
  const markdown = await page(results(ONE_FILE))
  expect(headings(markdown)).toEqual(['Peak memory', 'Measured on', 'Repeat the measurements'])
  expect(markdown).not.toMatch(/Loopback|NaN|—/)
})

test('omits the row of a case that was not measured', async () => {
  const manyFiles = { 'many peak MiB': [300] }
  expect(await page(results(ONE_FILE))).not.toContain('32 files')
  const markdown = await page(results({ ...ONE_FILE, ...manyFiles }))
  expect(markdown.match(/^(\||-) .*32 files.*$/gm)).toHaveLength(2)
})

test('shows a measured link in both tables, with a target', async () => {
  const figures = {
    'A link MiB/s': [2],
    'A link round trip ms': [150],
    'A default process s': [5, 4, 6],
    'A default quota calls': [4, 4, 4],
    'A default connections': [32],
    'A default peak MiB': [120],
    'A concurrency 1 process s': [49],
    'A concurrency 1 quota calls': [2],
    'A concurrency 32 process s': [4, 4, 4],
    'A concurrency 32 quota calls': [4],
    'A ali-oss process s': [15],
    'A ali-oss 32, 1 MiB parts process s': [4.5],
    'A curl process s': [50],
  }
  const measured = { date: '2026-01-01', runs: 3, machine: MACHINE, figures }
  const markdown = await page({ links: measured })
  expect(markdown.match(/^\| A: .* 1\.25 × .*$/gm)).toHaveLength(1)
  expect(markdown.match(/^\| A +\| 49 +\| — .*\| 4 +\| 50 +\| 15 +\| 4\.5 .*$/gm)).toHaveLength(1)
  expect(markdown.match(/^- ✅ Link A, .*$/gm)).toHaveLength(1)
  expect(markdown).not.toMatch(/NaN|^\| B/m)
})

test('shows whether a target is met', async () => {
  const markdown = await page(results(ONE_FILE))
  expect(markdown).toContain('- ❌ Peak memory, 4 GiB file: **200 MiB** (target: ≤ 160 MiB)')
  expect(markdown).toMatch(/^- ✅ .*16 connections: \*\*10 MiB\*\* /m)
  const less = await page(results({ ...ONE_FILE, 'larger peak MiB': [125] }))
  expect(less).toContain('- ✅ Peak memory, 4 GiB file: **125 MiB**')
})
