import { median, short, type Figures } from './figures.ts'
import { linkTargets } from './links/targets.ts'
import { PIECES, type PieceName } from './pieces.ts'
import type { Results } from './results.ts'

/** A value that the action should reach, and whether it does. */
export interface Target {
  title: string
  target: string
  measured: string
  met: boolean
}

/** The targets of the pieces that were measured. Ratios of times and speeds are ratios of medians. */
export function targets(results: Results): Target[] {
  return (Object.keys(PIECES) as PieceName[]).flatMap((piece) => {
    const figures = results[piece]?.figures
    return figures ? (TARGETS[piece]?.(figures) ?? []) : []
  })
}

/** A piece that is missing here is measured for information only. */
const TARGETS: Partial<Record<PieceName, (figures: Figures) => Target[]>> = {
  capped: cappedTargets,
  small: smallTargets,
  memory: memoryTargets,
  links: linkTargets,
}

function cappedTargets(figures: Figures): Target[] {
  const faster = (rival: string, quantity: string) =>
    median(figures[`${rival} ${quantity}`]) / median(figures[`ours ${quantity}`])
  const link = 'Capped link, 200 MiB, 8 parallel'
  const puts = median(figures['ours puts'])
  const calls = median(figures['ours quota calls'])
  const expected = 2 + (puts > 1 ? Math.ceil(puts / 30) : 0)
  return [
    atLeast(
      1,
      median(figures['ali-oss process s']) / median(figures['default process s']),
      'Capped link, 200 MiB, default settings, whole process, against ali-oss with 8 in parallel',
      'at least as fast',
    ),
    atLeast(6, faster('curl', 'process s'), `${link}, whole process, against \`curl -T\``, '≥ 6 × as fast'),
    ...(
      [
        ['ali-oss', 'ali-oss with the same part size'],
        ['ali-oss-default', 'ali-oss with its own part size'],
      ] as const
    ).flatMap(([rival, title]) => [
      atLeast(1, faster(rival, 'transfer s'), `${link}, first byte to last, against ${title}`),
      atLeast(1, faster(rival, 'process s'), `${link}, whole process, against ${title}`),
    ]),
    {
      title: `Quota calls for one file in ${puts} part${puts === 1 ? '' : 's'}`,
      target: '2, and 1 per 30 parts',
      measured: String(calls),
      met: calls <= expected,
    },
  ]
}

function smallTargets(figures: Figures): Target[] {
  const ratio = median(figures['ours transfer ÷ ideal'])
  const calls = (contestant: string) => median(figures[`${contestant} quota calls per file`])
  return [
    {
      title: '100 small files, first request to the end, against the ideal',
      target: '≤ 1.3 ×',
      measured: times(ratio),
      met: ratio <= 1.3,
    },
    {
      title: 'Quota calls per small file, without a chat and with one',
      target: '2 and 3',
      measured: `${short(calls('ours'))} and ${short(calls('to-chat'))}`,
      met: calls('ours') <= 2 && calls('to-chat') <= 3,
    },
  ]
}

function memoryTargets(figures: Figures): Target[] {
  const larger = median(figures['larger peak MiB'])
  const difference = Math.abs(
    median(figures['larger over 16 peak MiB']) - median(figures['large over 16 peak MiB']),
  )
  const most = figures['most peak MiB']
  const many = figures['many peak MiB']
  return [
    atMostMiB(160, larger, 'Peak memory, 4 GiB file'),
    atMostMiB(
      15,
      difference,
      'Peak memory, difference between a 4 GiB and a 256 MiB file, both over 16 connections',
    ),
    ...(most
      ? [atMostMiB(200, median(most), 'Peak memory, 4 GiB file over a link for many connections')]
      : []),
    ...(many ? [atMostMiB(250, median(many), 'Peak memory, 32 files of 34 MiB, all at the same time')] : []),
  ]
}

function atLeast(least: number, ratio: number, title: string, target = 'at least as fast'): Target {
  return { title, target, measured: times(ratio), met: ratio >= least }
}

function atMostMiB(most: number, value: number, title: string): Target {
  return { title, target: `≤ ${most} MiB`, measured: `${value.toFixed(0)} MiB`, met: value <= most }
}

function times(ratio: number): string {
  return `${Number(ratio.toPrecision(4))} ×`
}
