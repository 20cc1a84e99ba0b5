import { median, short, spread, type Figures } from './figures.ts'
import { defaultsTable, linksLine, MODEL, processorLines, settingsTable } from './links/section.ts'
import type { PieceName } from './pieces.ts'

/** The chart, in the folder of the page. */
export const PICTURE = 'benchmarks.svg'

/** The page's section about each piece, as Markdown blocks. */
export const SECTIONS: Readonly<Record<PieceName, (figures: Figures) => string[]>> = {
  job: jobSection,
  loopback: loopbackSection,
  capped: cappedSection,
  small: smallSection,
  memory: memorySection,
  curve: curveSection,
  links: linksSection,
}

function jobSection(figures: Figures): string[] {
  const rows = [
    ['ours', 'this action'],
    ['bare', 'bare Node script, CommonJS'],
  ] as const
  return [
    '## The whole job for one small file',
    'One file of 50 KB is uploaded to the emulator and sent to one chat, over loopback. The bare Node script ([bare-job.cjs](../bench/rivals/bare-job.cjs), `node:http` with a keep-alive agent) makes the same seven requests. The benchmark fails if the method, path, or status of a request differs. The script validates no inputs, verifies no MD5, never retries, and writes no log, outputs, or summary. The time runs from just before the process starts until it exits.',
    table(
      ['', 'ms', 'CPU ms', 'ms, ratio to the bare script'],
      rows.map(([name, title]) => [
        title,
        spread(figures[`${name} ms`]),
        spread(figures[`${name} CPU ms`]),
        `${short(median(figures[`${name} ms`]) / median(figures['bare ms']))} ×`,
      ]),
    ),
  ]
}

function loopbackSection(figures: Figures): string[] {
  const rows = [
    ['ours', 'this action, default settings'],
    ['parts', 'this action, `concurrency: 16`'],
    ['curl', '`curl -T`'],
  ] as const
  const md5 = figures['md5 MB/s']
  const [puts, parts] = [median(figures['ours puts']), median(figures['parts puts'])]
  const ratio = (speeds: readonly number[] = []) =>
    `${short(median(speeds) / median(figures['curl transfer MB/s']))} ×`
  return [
    '## 1 GiB over loopback',
    "The server discards the bytes and returns an ETag that isn't an MD5 hash, so only the sender is measured. The action computes the MD5 of everything it sends; `curl` does not. CPU time is that of the sender's process, user and system.",
    table(
      [
        '',
        'MB/s, first byte to last',
        'ratio to `curl`',
        'MB/s, whole process',
        'CPU s per GiB',
        'Server CPU s per GiB',
      ],
      [
        ...rows.map(([name, title]) => [
          title,
          spread(figures[`${name} transfer MB/s`]),
          ratio(figures[`${name} transfer MB/s`]),
          spread(figures[`${name} process MB/s`]),
          spread(figures[`${name} CPU s per GiB`]),
          spread(figures[`${name} sink CPU s per GiB`]),
        ]),
        [
          'MD5 alone, once, in one thread',
          spread(md5),
          ratio(md5),
          '—',
          short(1073.741824 / median(md5)),
          '—',
        ],
      ],
    ),
    'The last row is the limit of the whole process: it hashes a block in memory, and reads and sends nothing. The MD5 of a file is computed from its first byte to its last, so it cannot be shared among cores. The action computes it while it sends, and may finish sending before it finishes hashing; it needs the MD5 to save the file. On a slower network, hashing costs no time.',
    `With default settings, the action sent the file in ${puts} PUT${puts === 1 ? '' : 's'}. With 16 connections, it sent ${parts} parts. These are hashed twice: once for the MD5 of the file, and once to compare each part with what the storage received.`,
  ]
}

function cappedSection(figures: Figures): string[] {
  const rows = [
    ['default', 'this action, default settings'],
    ['ours', 'this action, `concurrency: 8`'],
    ['ali-oss', 'ali-oss, `multipartUpload`, `parallel: 8`, the same part size'],
    ['ali-oss-default', 'ali-oss, `multipartUpload`, `parallel: 8`, its own part size'],
    ['curl', '`curl -T`'],
  ] as const
  return [
    '## 200 MiB over a capped link',
    'Each connection goes through a proxy that carries 4 MB/s towards the server. A round trip takes 150 ms, and opening a connection takes one more. API calls take a round trip too. There is no TLS. ali-oss runs with the part size that the action chose and with its own default. It calls only OSS, while the action calls the API as well.',
    table(
      ['', 's, whole process', 's, first byte to last', 'connections', 'PUTs', 'times as fast as `curl`'],
      rows.map(([name, title]) => [
        title,
        spread(figures[`${name} process s`]),
        spread(figures[`${name} transfer s`]),
        spread(figures[`${name} connections`]),
        spread(figures[`${name} puts`]),
        short(median(figures['curl process s']) / median(figures[`${name} process s`])),
      ]),
    ),
    `Part size: ${short(median(figures['ours part MiB']))} MiB. Quota calls: ${median(figures['ours quota calls'])}.`,
  ]
}

function smallSection(figures: Figures): string[] {
  const rows = [
    ['first request to the end', 'ours', 'transfer'],
    ['whole process', 'ours', 'process'],
    ['whole process, sent to a chat too (one run)', 'to-chat', 'process'],
  ] as const
  return [
    '## 100 files of 50 KB',
    'The emulator waits 100 ms before every API response, and the action runs with `concurrency: 4`. The ideal time is the number of calls × 100 ms ÷ 4.',
    table(
      ['', 's', 'ratio to the ideal'],
      [
        ['ideal', spread(figures['ours ideal s']), '1 ×'],
        ...rows.map(([title, name, span]) => [
          title,
          spread(figures[`${name} ${span} s`]),
          `${short(median(figures[`${name} ${span} ÷ ideal`]))} ×`,
        ]),
      ],
    ),
    'The chat is given as an open conversation ID (`cid…`). A `chat…` ID costs one more call per run.',
  ]
}

function memorySection(figures: Figures): string[] {
  const rows = [
    ['large over 16', 'one file of 256 MiB, `concurrency: 16`'],
    ['larger over 16', 'one file of 4 GiB, `concurrency: 16`'],
    ['larger', 'one file of 4 GiB'],
    ['most', 'one file of 4 GiB over a link of 4 MiB/s per connection, 50 ms'],
    ['many', '32 files of 34 MiB, `concurrency: 32`'],
  ] as const
  return [
    '## Peak memory',
    'The largest resident set of the process, threads included, over loopback unless stated. The files are sparse. Settings are the defaults unless stated.',
    table(
      ['Upload', 'MiB', 'connections'],
      rows.flatMap(([name, title]) => {
        const peaks = figures[`${name} peak MiB`]
        return peaks ? [[title, spread(peaks), spread(figures[`${name} connections`])]] : []
      }),
    ),
  ]
}

function curveSection(figures: Figures): string[] {
  return [
    '## Throughput by file size',
    `![MB/s by file size, over loopback and over the capped link](${PICTURE})`,
    'File size ÷ time of the whole process, including startup and API calls. The action runs with `concurrency: 8` over the capped link, and with default settings over loopback. Over the capped link, all runs of `curl` take place at the same time; each has its own 4 MB/s.',
    table(
      ['', 'this action, MB/s', '`curl -T`, MB/s', 'ratio'],
      LINKS.flatMap(([link, title]) =>
        sizesOf(figures).map((size) => {
          const [ours, curl] = [figures[`${link} ${size} ours MB/s`], figures[`${link} ${size} curl MB/s`]]
          return [
            `${title}, ${shownSize(size)}`,
            spread(ours),
            spread(curl),
            `${short(median(ours) / median(curl))} ×`,
          ]
        }),
      ),
    ),
  ]
}

function linksSection(figures: Figures): string[] {
  const [defaults, settings] = [defaultsTable(figures), settingsTable(figures)]
  return [
    '## Default settings over simulated links',
    'Seconds of the whole process, from its start to its exit. *Best fixed* is the fastest of all fixed settings: every `concurrency` below. The *limit* is the shortest possible time: the bytes at the full rate of the link (of at most 32 connections), and the round trips of the calls that depend on each other. It includes neither TCP slow start nor the time that the machine itself needs. A file of up to 4 MiB is never uploaded in parts by default, because parts cost an extra call of the monthly quota; link L shows what that means far away. The cases from G on try to mislead a scheme that adapts, or that decides by size and distance.',
    table(defaults.head, defaults.rows),
    'Each `concurrency` with the best of its ways to send the file, and the rivals. ali-oss and `curl` only send bytes: they make no API calls. The fixed settings ran once to find the fastest two, which then took turns with the defaults.',
    table(settings.head, settings.rows),
    ...processorLines(figures),
    MODEL,
    linksLine(figures),
  ]
}

/** The links of the curve: as its figures name them, and as the page does. */
export const LINKS = [
  ['capped', 'Capped link'],
  ['loopback', 'Loopback'],
] as const

/** The file sizes of the curve, in MiB, ascending. */
export function sizesOf(figures: Figures): number[] {
  return [...new Set(Object.keys(figures).map((name) => Number(name.split(' ')[1])))].sort((a, b) => a - b)
}

export function shownSize(mib: number): string {
  return mib >= 1024 ? `${mib / 1024} GiB` : `${mib} MiB`
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
