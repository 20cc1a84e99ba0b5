import type { Network } from '../contest.ts'
import { MIB } from '../sample-file.ts'

/** Files to upload over a simulated link. */
export interface Case {
  name: string
  title: string
  network: Network
  /** bytes of each file */
  size: number
  files: number
}

/** By default, a file of up to this size (bytes) is never uploaded in parts, which need one more call. */
const SMALL = 4 * MIB

/** Whether all files of a case are small. */
export function isSmall({ size }: Case): boolean {
  return size <= SMALL
}

/** Between a hosted runner and a storage that is an ocean away: 2 MiB/s per connection, 150 ms. */
const OCEAN: Network = { rate: 2 * MIB, roundTrip: 150, slowStart: true, tls: true }

/** Every case. Those from G on try to mislead an algorithm that adapts to measurements, or decides by size and distance. */
export const CASES: readonly Case[] = [
  { name: 'A', title: '2 MiB/s per connection, 150 ms, 96 MiB', network: OCEAN, size: 96 * MIB, files: 1 },
  {
    name: 'B',
    title: '0.5 MiB/s per connection, 150 ms, 12 MiB',
    network: { ...OCEAN, rate: MIB / 2 },
    size: 12 * MIB,
    files: 1,
  },
  {
    name: 'C',
    title: '2 MiB/s per connection, 6 MiB/s in all, 150 ms, 48 MiB',
    network: { ...OCEAN, total: 6 * MIB },
    size: 48 * MIB,
    files: 1,
  },
  {
    name: 'D',
    title: '20 MiB/s per connection, 2 ms, 12 MiB',
    network: { ...OCEAN, rate: 20 * MIB, roundTrip: 2 },
    size: 12 * MIB,
    files: 1,
  },
  {
    name: 'E',
    title: 'unlimited, 2 ms, 256 MiB',
    network: { roundTrip: 2, slowStart: true, tls: true },
    size: 256 * MIB,
    files: 1,
  },
  { name: 'F', title: '100 files of 3 MiB over the link of A', network: OCEAN, size: 3 * MIB, files: 100 },
  {
    name: 'G',
    title: 'A, 4 MiB/s in all at first, 24 MiB/s after 4 s; 64 MiB',
    network: {
      ...OCEAN,
      total: [
        { from: 0, rate: 4 * MIB },
        { from: 4000, rate: 24 * MIB },
      ],
    },
    size: 64 * MIB,
    files: 1,
  },
  {
    name: 'H',
    title: 'A, the second connection stalls for 8 s; 48 MiB',
    network: { ...OCEAN, stall: { connection: 2, after: MIB / 2, duration: 8000 } },
    size: 48 * MIB,
    files: 1,
  },
  {
    name: 'I',
    title: 'A, `SlowDown` above 8 PUTs at once; 48 MiB',
    network: { ...OCEAN, maxPuts: 8 },
    size: 48 * MIB,
    files: 1,
  },
  {
    name: 'J',
    title: 'A, the second connection has a tenth of the rate; 48 MiB',
    network: { ...OCEAN, slow: { connection: 2, rate: 0.2 * MIB } },
    size: 48 * MIB,
    files: 1,
  },
  {
    name: 'K',
    title: 'A, each connection is reset after 16 MiB on average; 96 MiB',
    network: { ...OCEAN, reset: { mean: 16 * MIB } },
    size: 96 * MIB,
    files: 1,
  },
  { name: 'L', title: 'one file of 3 MiB over the link of A', network: OCEAN, size: 3 * MIB, files: 1 },
  {
    name: 'M',
    title: '20 MiB/s per connection, 2 ms, 256 MiB',
    network: { ...OCEAN, rate: 20 * MIB, roundTrip: 2 },
    size: 256 * MIB,
    files: 1,
  },
]
