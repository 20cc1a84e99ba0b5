import { median, short } from './figures.ts'
import type { Results } from './results.ts'

/** Something that is to be reached, and how it stands. */
export interface Bar {
  title: string
  bar: string
  measured: string
  met: boolean
}

/** The bars of the pieces that were measured. Of times and speeds the medians' ratios. */
export function bars({ loopback, capped, small, memory }: Results): Bar[] {
  const found: Bar[] = []
  const atLeast = (title: string, least: number, ratio: number, bar = `≥ ${least}`) =>
    found.push({ title, bar, measured: `${Number(ratio.toPrecision(4))} ×`, met: ratio >= least })
  const atMost = (title: string, most: number, ratio: number) =>
    found.push({
      title,
      bar: `≤ ${most} ×`,
      measured: `${Number(ratio.toPrecision(4))} ×`,
      met: ratio <= most,
    })

  if (capped) {
    const faster = (rival: string, quantity: string) =>
      median(capped.figures[`${rival} ${quantity}`]) / median(capped.figures[`ours ${quantity}`])
    const link = 'Capped link, 200 MiB, 8 parallel'
    atLeast(`${link}, whole process, against \`curl -T\``, 6, faster('curl', 'process s'), '≥ 6 × as fast')
    for (const [rival, title] of [
      ['ali-oss', 'ali-oss with the same part size'],
      ['ali-oss-default', 'ali-oss with its own part size'],
    ] as const) {
      const bar = 'at least as fast'
      atLeast(`${link}, first byte to last, against ${title}`, 1, faster(rival, 'transfer s'), bar)
      atLeast(`${link}, whole process, against ${title}`, 1, faster(rival, 'process s'), bar)
    }
    const puts = median(capped.figures['ours puts'])
    const expected = 2 + (puts > 1 ? Math.ceil(puts / 30) : 0)
    const calls = median(capped.figures['ours quota calls'])
    found.push({
      title: `Quota calls of one file in ${puts} part${puts === 1 ? '' : 's'}`,
      bar: '2, and 1 per 30 parts',
      measured: String(calls),
      met: calls <= expected,
    })
  }
  if (loopback) {
    const { figures } = loopback
    const ratio = median(figures['ours transfer MB/s']) / median(figures['curl transfer MB/s'])
    atLeast(
      "Loopback, 1 GiB, first byte to last, against `curl -T`'s throughput",
      0.9,
      ratio,
      "≥ 0.9 of curl's",
    )
  }
  if (small) {
    const { figures } = small
    atMost(
      '100 small files, first request to the end, against the ideal',
      1.3,
      median(figures['ours transfer ÷ ideal']),
    )
    const calls = (contestant: string) => median(figures[`${contestant} quota calls per file`])
    found.push({
      title: 'Quota calls per small file, without a chat and with one',
      bar: '2 and 3',
      measured: `${short(calls('ours'))} and ${short(calls('to-chat'))}`,
      met: calls('ours') <= 2 && calls('to-chat') <= 3,
    })
  }
  if (memory) {
    const larger = median(memory.figures['larger peak MiB'])
    const difference = larger - median(memory.figures['large peak MiB'])
    const met = (title: string, most: number, value: number) =>
      found.push({ title, bar: `≤ ${most} MiB`, measured: `${value.toFixed(0)} MiB`, met: value <= most })
    met('Peak memory, 4 GiB file', 160, larger)
    met("Its distance from the 256 MiB file's", 15, Math.abs(difference))
  }
  return found
}
