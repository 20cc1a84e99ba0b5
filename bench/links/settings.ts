import { MIB } from '../sample-file.ts'
import type { Case } from './cases.ts'
import { MAX_CONNECTIONS } from './limit.ts'

/** Settings that a user could have chosen instead of the defaults. */
export interface Setting {
  name: string
  concurrency: number
  inputs: Readonly<Record<string, string>>
}

/** The ones that are measured by default. */
export const CONCURRENCIES = [1, 2, 4, 8, 16, 32]

/** All values that the action allows. */
export const EVERY_CONCURRENCY = Array.from({ length: MAX_CONNECTIONS }, (_, index) => index + 1)

/** Every fixed concurrency. @param concurrencies default: from 1 to 32 */
export function settingsOf(concurrencies: readonly number[] = EVERY_CONCURRENCY): Setting[] {
  return concurrencies.map((concurrency) => ({
    name: `concurrency ${concurrency}`,
    concurrency,
    inputs: { concurrency: String(concurrency) },
  }))
}

/** The smallest part that ali-oss sends, in bytes. */
const MIN_PART_SIZE = 100 * 1024

/** Options of ali-oss's `multipartUpload`. */
export interface Tuning {
  name: string
  parallel: number
  /** bytes; default: its own */
  partSize?: number
}

/** ali-oss with its own defaults. */
export const AS_IT_COMES: Tuning = { name: 'ali-oss', parallel: 5 }

/** ali-oss as someone would tune it: more connections, and parts of several sizes. */
export function tunings({ size }: Case): Tuning[] {
  return [8, 16, 32].flatMap((parallel) => [
    { name: `ali-oss ${parallel}, 1 MiB parts`, parallel, partSize: MIB },
    {
      name: `ali-oss ${parallel}, ${parallel} parts`,
      parallel,
      partSize: Math.max(Math.ceil(size / parallel), MIN_PART_SIZE),
    },
  ])
}
