import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { format } from 'prettier'
import { bars } from './bars.ts'
import { chart, type Panel } from './chart.ts'
import { median, short, spread, type Figures } from './figures.ts'
import { REPEATED } from './job.ts'
import type { PieceName } from './pieces.ts'
import { writeResults, type Results } from './results.ts'

const DOCS = join(dirname(import.meta.dirname), 'docs')
const PICTURE = 'benchmarks.svg'

/** Writes the figures, `docs/benchmarks.md` and its picture. */
export async function publish(results: Results): Promise<void> {
  const options = { semi: false, singleQuote: true, printWidth: 110 } as const
  writeResults(await format(JSON.stringify(results), { ...options, parser: 'json' }))
  mkdirSync(DOCS, { recursive: true })
  writeFileSync(join(DOCS, 'benchmarks.md'), await format(page(results), { ...options, parser: 'markdown' }))
  if (results.curve) writeFileSync(join(DOCS, PICTURE), chart(panels(results.curve.figures)))
}

function page(results: Results): string {
  return [
    '# Benchmarks',
    'Written by `npm run bench`. The action is the committed bundle, run as a runner would; every rival runs in turn with it (A B A B …) on the same machine, into the same server. **Ratios are of medians; every other figure is as of the machine below** and says little about yours. In brackets: the least and the most of all runs.',
    table(
      ['', 'bar', 'measured', ''],
      bars(results).map(({ title, bar, measured, met }) => [
        title,
        bar,
        measured,
        met ? 'met' : '**not met**',
      ]),
    ),
    ...SECTIONS.flatMap(([piece, section]) => {
      const result = results[piece]
      return result ? section(result.figures) : []
    }),
    ...measuredOn(results),
    '## To repeat',
    '```sh\nnpm ci\nnpm run bench\n```',
    'It takes about half an hour and wants a machine that does nothing else. The first run installs the rivals from npm into `bench/node_modules`; `curl` must be there. `npm run bench -- --only capped,memory` measures a part and writes nothing (with `--write` it does), `--runs 9` measures more often, `--quick` only shows that all of it works. Each single value is in `bench/results.json`.',
  ].join('\n\n')
}

/** What a piece's figures say beside its bars. */
const SECTIONS: readonly [PieceName, (figures: Figures) => string[]][] = [
  [
    'job',
    (figures) => [
      '## The whole job for one small file',
      'One file of 50 KB is uploaded to the emulator and sent to one chat, over loopback. The bare Node script ([`bench/rivals/bare-job.cjs`](../bench/rivals/bare-job.cjs), `node:http` with a keep-alive agent) makes the same seven requests; the benchmark fails if method, path, or status of a request differ. The script checks no input and no MD5, never retries, and writes no log, outputs, or summary. The time runs from just before the process starts until it exits.',
      table(
        ['', 'ms', 'CPU ms', 'ms, ratio to the bare script'],
        (
          [
            ['ours', 'this action'],
            ['bare', 'bare Node script, CommonJS'],
          ] as const
        ).map(([name, title]) => [
          title,
          spread(figures[`${name} ms`]),
          spread(figures[`${name} CPU ms`]),
          `${short(median(figures[`${name} ms`]) / median(figures['bare ms']))} ×`,
        ]),
      ),
    ],
  ],
  [
    'loopback',
    (figures) => [
      '## 1 GiB over loopback',
      'Into a server that drops the bytes and answers with an ETag that is no MD5, so that only the sender is measured. The action computes the MD5 of all it sends, `curl` does not.',
      table(
        ['', 'MB/s, first byte to last', 'MB/s, whole process', 'CPU s', 'CPU s of the server'],
        (
          [
            ['ours', 'this action, as it is by default'],
            ['single', 'this action, `multipart-threshold: 0`'],
            ['curl', '`curl -T`'],
          ] as const
        ).map(([name, title]) => [
          title,
          spread(figures[`${name} transfer MB/s`]),
          spread(figures[`${name} process MB/s`]),
          spread(figures[`${name} CPU s`]),
          spread(figures[`${name} sink CPU s`]),
        ]),
      ),
      `The limit: no byte is believed to be stored until its MD5 has been compared, and a file in parts is hashed twice, for the parts and for itself. On two cores, 1 GiB keeps them busy for ${short((2 * 1073.741824) / median(figures['md5 MB/s']) / 2)} s at the least, whatever is sent meanwhile; \`curl\` hashes nothing. On any network slower than that the hash costs no time.`,
      `MD5 alone, one thread, nothing read or sent: ${spread(figures['md5 MB/s'])} MB/s. By default the action sent parts of ${short(median(figures['ours part MiB']))} MiB over ${median(figures['ours connections'])} connections.`,
    ],
  ],
  [
    'capped',
    (figures) => [
      '## 200 MiB over a capped link',
      'Every connection goes through a proxy that lets 4 MB/s pass towards the server, with a round trip of 150 ms and one more to set it up; the calls to the API take a round trip too. Without TLS. ali-oss runs with the part size that the action chose, and with its own; it talks to OSS only, the action to the API as well.',
      table(
        ['', 's, whole process', 's, first byte to last', 'connections', 'PUTs', 'times as fast as `curl`'],
        (
          [
            ['ours', 'this action, `concurrency: 8`'],
            ['ali-oss', 'ali-oss, `multipartUpload`, `parallel: 8`, the same part size'],
            ['ali-oss-default', 'ali-oss, `multipartUpload`, `parallel: 8`, its own part size'],
            ['curl', '`curl -T`'],
          ] as const
        ).map(([name, title]) => [
          title,
          spread(figures[`${name} process s`]),
          spread(figures[`${name} transfer s`]),
          spread(figures[`${name} connections`]),
          spread(figures[`${name} puts`]),
          short(median(figures['curl process s']) / median(figures[`${name} process s`])),
        ]),
      ),
      `Part size: ${short(median(figures['ours part MiB']))} MiB. Calls on quota: ${median(figures['ours quota calls'])}.`,
    ],
  ],
  [
    'small',
    (figures) => [
      '## 100 files of 50 KB',
      'Against the emulator with 100 ms before every answer of the API, `concurrency: 4`. Ideal: all calls × 100 ms ÷ 4.',
      table(
        ['', 's', 'against the ideal'],
        [
          ['ideal', spread(figures['ours ideal s']), '1 ×'],
          [
            'first request to the end',
            spread(figures['ours transfer s']),
            `${short(median(figures['ours transfer ÷ ideal']))} ×`,
          ],
          [
            'whole process',
            spread(figures['ours process s']),
            `${short(median(figures['ours process ÷ ideal']))} ×`,
          ],
          [
            'whole process, sent to a chat too (one run)',
            spread(figures['to-chat process s']),
            `${short(median(figures['to-chat process ÷ ideal']))} ×`,
          ],
        ],
      ),
      'The chat is given as an open conversation id (`cid…`); a `chat…` id costs one call more per run.',
    ],
  ],
  [
    'memory',
    (figures) => [
      '## Peak memory',
      'The largest resident set of the process (threads included) with default settings, sparse files, over loopback.',
      table(
        ['file', 'MiB'],
        [
          ['256 MiB', spread(figures['large peak MiB'])],
          ['4 GiB', spread(figures['larger peak MiB'])],
        ],
      ),
    ],
  ],
  [
    'curve',
    (figures) => [
      '## Throughput by file size',
      `![MB/s by file size, over loopback and over the capped link](${PICTURE})`,
      'Size ÷ time of the whole process, start and API calls included; over the capped link with `concurrency: 8`, over loopback as it is by default. Over the capped link the runs of `curl` go side by side (each has its own 4 MB/s).',
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
    ],
  ],
]

const LINKS = [
  ['capped', 'Capped link'],
  ['loopback', 'Loopback'],
] as const

/** MiB, ascending */
function sizesOf(figures: Figures): number[] {
  return [...new Set(Object.keys(figures).map((name) => Number(name.split(' ')[1])))].sort((a, b) => a - b)
}

function shownSize(mib: number): string {
  return mib >= 1024 ? `${mib / 1024} GiB` : `${mib} MiB`
}

function panels(figures: Figures): Panel[] {
  return LINKS.map(([link, title]) => ({
    title: link === 'capped' ? `${title}: 4 MB/s per connection, 150 ms` : title,
    lines: (['ours', 'curl'] as const).map((name) => ({
      label: name === 'ours' ? 'this action' : 'curl -T',
      points: sizesOf(figures).map((size) => ({
        x: size,
        label: shownSize(size),
        y: median(figures[`${link} ${size} ${name} MB/s`]),
      })),
    })),
  }))
}

/** When, on what and with what; pieces measured under the same circumstances share a line. */
function measuredOn(results: Results): string[] {
  const circumstances = new Map<string, string[]>()
  for (const [piece, { date, runs, machine }] of Object.entries(results)) {
    const rivals = Object.entries(machine.rivals).map(([name, version]) => `${name} ${version}`)
    const repeated = 'job' in results ? ` (job: ${runs * REPEATED})` : ''
    const text = `${date}, ${runs} runs of each${repeated}; ${machine.cores} cores (${machine.cpu}), ${machine.memory} GiB, ${machine.kernel}; Node ${machine.node}, curl ${machine.curl}, ${rivals.join(', ')}; dist/index.js ${machine.bundle}`
    circumstances.set(text, [...(circumstances.get(text) ?? []), piece])
  }
  return [
    '## Measured',
    [...circumstances].map(([text, pieces]) => `- ${pieces.join(', ')}: ${text}`).join('\n'),
  ]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
