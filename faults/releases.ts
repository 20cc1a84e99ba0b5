// Assets of releases, as GitHub has them, and as Gitea and Forgejo do: each arrives once, with its own bytes.
import type { Play } from '../emulator/emulator.ts'
import { startGitHub, type GitHub } from '../emulator/github/github.ts'
import { doubts } from '../test-support/doubt.ts'
import { job } from '../test-support/job.ts'
import type { Case, Result } from './campaign.ts'
import type { Violation } from './verdict.ts'

const TROUBLES: readonly (readonly [string, (github: GitHub) => void])[] = [
  ['no trouble', () => undefined],
  ['a download is cut off', (github) => (github.cutDownloads = 1)],
  [
    'HTTP 502',
    (github) => {
      let times = 2
      github.onRequest = (_, response) => {
        if (times-- <= 0) return false
        response.writeHead(502).end('<html></html>')
        return true
      }
    },
  ],
]

const COMMITS: readonly (readonly [string, Play])[] = [
  ['no fault', { kind: 'delay', ms: 0 }],
  ['cut before', { kind: 'cut-before' }],
  ['cut after', { kind: 'cut-after' }],
]

const ASSETS = ['a.apk', 'A.apk', 'b c.apk'].map((name) => ({
  name,
  content: Buffer.from(`the bytes of ${name}`),
}))

/** Every forge × every trouble with it × every fault of the commit. */
export function releaseCases(): Case[] {
  return ['GitHub', 'Gitea'].flatMap((forge) =>
    TROUBLES.flatMap(([trouble, prepare]) =>
      COMMITS.map(([fault, play]): Case => {
        const name = ['releases', forge, trouble, 'commitV1', fault].join(' · ')
        const run = () => runRelease(name, forge === 'Gitea', prepare, play)
        return {
          name,
          operation: 'commitV1',
          setting: { options: {}, faults: [{ operation: 'commitV1', play }] },
          isInSample: trouble !== 'no trouble' && fault === 'cut after',
          run,
        }
      }),
    ),
  )
}

async function runRelease(
  name: string,
  isGitea: boolean,
  prepare: (github: GitHub) => void,
  play: Play,
): Promise<Result> {
  const [given, github] = [await job(), await startGitHub([{ tag: 'v1', assets: ASSETS }])]
  const variables = { GITHUB_API_URL: github.apiUrl, GITHUB_REPOSITORY: 'octo/app' }
  const before = { ...process.env }
  const started = given.clock.now()
  try {
    Object.assign(process.env, variables)
    github.isGitea = isGitea
    prepare(github)
    const { emulator } = given
    emulator.faults.add({ operation: 'commitV1', play })
    const inputs = { path: '', 'release-tag': 'v1', 'github-token': github.token }
    const { ok, errors } = await given.run(inputs)
    const wrong = ASSETS.flatMap(({ name, content }): Violation[] => {
      const [file, ...others] = given.files(name)
      const messages = emulator.messages.filter((message) => message.name === name).length
      return [
        ...(others.length > 0 || messages > 1 ? [{ breach: 'duplicate' as const, what: name }] : []),
        ...(messages === 0 ? [{ breach: 'not delivered' as const, what: name }] : []),
        ...(file && emulator.contents(file.id).equals(content)
          ? []
          : [{ breach: 'wrong bytes' as const, what: name }]),
      ]
    })
    const failed: Violation[] = ok ? [] : [{ breach: 'policy', what: errors.join() }]
    return {
      name,
      survived: ok,
      inDoubt: doubts(errors) > 0,
      elapsed: given.clock.now() - started,
      violations: [...wrong, ...failed],
    }
  } finally {
    for (const key of Object.keys(variables)) {
      if (before[key] === undefined) Reflect.deleteProperty(process.env, key)
      else process.env[key] = before[key]
    }
    await github.close()
    await given.end()
  }
}
