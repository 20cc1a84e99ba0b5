import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Figures } from './figures.ts'
import type { Machine } from './machine.ts'
import type { PieceName } from './pieces.ts'

/** A piece, measured. */
export interface Result {
  /** ISO 8601 */
  date: string
  runs: number
  machine: Machine
  figures: Figures
}

export type Results = Partial<Record<PieceName, Result>>

/** All that was measured for publication, each value of each run. */
const PATH = join(import.meta.dirname, 'results.json')

export function readResults(): Results {
  return existsSync(PATH) ? (JSON.parse(readFileSync(PATH, 'utf8')) as Results) : {}
}

export function writeResults(text: string): void {
  writeFileSync(PATH, text)
}
