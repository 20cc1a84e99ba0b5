// The fault campaign on the command line: prints what it comes to, and fails if anything is that must never be.
import { parseArgs } from 'node:util'
import { cases, count, type Result } from './campaign.ts'
import { deliveryCases } from './deliveries.ts'
import { platformCases } from './platforms.ts'
import { releaseCases } from './releases.ts'
import { secretCases } from './secrets.ts'
import { situationCases } from './situations.ts'

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } })
const started = performance.now()
const results: Result[] = []
for (const one of [
  ...cases(),
  ...deliveryCases(),
  ...platformCases(),
  ...releaseCases(),
  ...secretCases(),
  ...situationCases(),
].filter(({ name }) => name.includes(values.only))) {
  const result = await one.run()
  results.push(result)
  for (const { breach, what } of result.violations) console.log(`${result.name}: ${breach}: ${what}`)
}

const { survived, failedClean, inDoubt, breaches, cases: all } = count(results)
const longest = Math.max(0, ...results.map(({ elapsed }) => elapsed))
const lines: [string, string | number][] = [
  ['cases', all],
  ['survived', survived],
  ['failed clean', `${failedClean}, ${inDoubt} of them in doubt, and reported so`],
  ['duplicates', breaches.duplicate],
  ['wrong bytes', breaches['wrong bytes']],
  ["claims of another's", breaches.claim],
  ['leaks', breaches.leak],
  ['untrue outputs', breaches.untrue],
  ['wrong exit status', breaches['exit status']],
  ['green, not delivered', breaches['not delivered']],
  ['took too long', breaches.time],
  ['crashed or hung', breaches.crash],
  ['against the policy', breaches.policy],
  ['longest job', `${Math.round(longest / 1000)} s of simulated time`],
  ['all in', `${Math.round((performance.now() - started) / 1000)} s`],
]
for (const [name, value] of lines) console.log(`${name.padEnd(22)}${value}`)
console.log(`Cases: ${survived + failedClean} passed, ${all - survived - failedClean} failed`)
process.exitCode = all === 0 || Object.values(breaches).some((times) => times > 0) ? 1 : 0
