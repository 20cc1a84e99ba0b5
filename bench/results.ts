import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Figures } from './figures.ts'
import type { Machine } from './machine.ts'
import type { PieceName } from './pieces.ts'

/** The figures of a piece, and how they were measured. */
export interface Result {
  /** ISO 8601 */
  date: string
  runs: number
  machine: Machine
  figures: Figures
}

export type Results = Partial<Record<PieceName, Result>>

/** The published figures: every value of every run. */
const PATH = join(import.meta.dirname, 'results.json')

export function readResults(): Results {
  return existsSync(PATH) ? (JSON.parse(readFileSync(PATH, 'utf8')) as Results) : {}
}

export function writeResults(text: string): void {
  writeFileSync(PATH, text)
}
