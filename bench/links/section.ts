import { median, short, spread, type Figures } from '../figures.ts'
import { CASES, type Case } from './cases.ts'
import { physicalLimit } from './limit.ts'
import { CONCURRENCIES } from './settings.ts'
import { bestFixed, bestTuning } from './verdict.ts'

/** Heads and rows of a table. */
export interface Table {
  head: readonly string[]
  rows: readonly (readonly string[])[]
}

/** The cases that were measured. */
export function casesOf(figures: Figures): Case[] {
  return CASES.filter(({ name }) => `${name} link MiB/s` in figures)
}

export const MODEL =
  'A link is a process between the action and its servers. It delays every byte by half a round trip in each direction, limits the rate towards the storage, per connection and in all, and adds a round trip before the first byte of a connection. Each connection goes through TCP slow start: ten segments at first, and one byte more for each byte that is acknowledged. Nothing is lost, so the window never shrinks. The storage and the API speak TLS with a self-signed certificate, and both are behind the round trip. Buffers of the machine (some 100 KB per connection) come in addition to those of a real link.'

/** Default settings against the fastest fixed setting. */
export function defaultsTable(figures: Figures): Table {
  return {
    head: [
      'Link and files',
      'limit, s',
      'default settings, s',
      'best fixed, s',
      'ratio',
      'quota calls',
      'connections',
    ],
    rows: casesOf(figures).map((one) => {
      const of = (quantity: string) => figures[`${one.name} default ${quantity}`]
      const best = bestFixed(one, figures)
      const limit = physicalLimit(one)
      const seconds = median(of('process s'))
      return [
        `${one.name}: ${one.title}`,
        short(limit),
        of('process s') ? spread(of('process s')) : 'failed',
        `${spread(figures[`${one.name} ${best.name} process s`])}: ${best.name}`,
        `${shown(seconds / best.seconds)} ×`,
        shown(median(of('quota calls'))),
        shown(median(of('connections'))),
      ]
    }),
  }
}

/** Every fixed concurrency, and the rivals. */
export function settingsTable(figures: Figures): Table {
  const rival = (one: Case, name: string) => shown(median(figures[`${one.name} ${name} process s`]))
  return {
    head: ['', ...CONCURRENCIES.map(String), '`curl -T`', 'ali-oss (defaults)', 'ali-oss (tuned)'],
    rows: casesOf(figures).map((one) => {
      const tuned = bestTuning(one, figures)
      return [
        one.name,
        ...CONCURRENCIES.map((concurrency) => shown(bestFixed(one, figures, concurrency).seconds)),
        rival(one, 'curl'),
        rival(one, 'ali-oss'),
        Number.isNaN(tuned.seconds) ? '—' : `${short(tuned.seconds)} (${tuned.name.replace('ali-oss ', '')})`,
      ]
    }),
  }
}

/** What limits the transfer over links without a rate. */
export function processorLines(figures: Figures): string[] {
  return casesOf(figures)
    .filter(({ network }) => network.rate === undefined && network.total === undefined)
    .map((one) => {
      const best = bestFixed(one, figures)
      const cpu = [cpuOf(one, 'default', figures), cpuOf(one, best.name, figures)].map(shown)
      return `Link ${one.name} sets no limit: the action, the link, and the storage share the processor, which is the bottleneck. The action takes ${cpu[0]} CPU s with default settings, and ${cpu[1]} with the best fixed setting (${best.name}). Parts cost a second MD5 of every byte.`
    })
}

/** The measured rates of the links. */
export function linksLine(figures: Figures): string {
  const measured = casesOf(figures).map(({ name }) => {
    const of = (quantity: string) => figures[`${name} link ${quantity}`]
    const total = of('total MiB/s') ? `, ${spread(of('total MiB/s'))} in all` : ''
    return `${name} ${spread(of('MiB/s'))} MiB/s${total}, ${spread(of('round trip ms'))} ms`
  })
  return `The links as measured, on a connection that has left slow start: ${measured.join('; ')}.`
}

/** s of CPU of the action, all threads */
function cpuOf({ name }: Case, setting: string, figures: Figures): number {
  return median(figures[`${name} ${setting} CPU s`])
}

function shown(value: number): string {
  return Number.isNaN(value) ? '—' : short(value)
}
