// Which versions of Node start the bundle. Real old ones are in runners/.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { CLI, start } from '../../test-support/command.ts'

const STEP = join(dirname(CLI), 'start.cjs')

let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'node-version-'))
})
afterAll(() => {
  rmSync(cwd, { recursive: true })
})

/** Starts a file of the bundle on this Node, which reports another version. */
function startAs(version: string, ...args: string[]) {
  const versions = `Object.defineProperty(process,"versions",{value:{...process.versions,node:"${version}"}})`
  return start(process.execPath, ['--import', `data:text/javascript,${versions}`, ...args], { cwd })
}

describe.each(['18.20.8', '20.19.0', '22.9.0', '22.18.0'])('Node %s is too old', (version) => {
  const [inEnglish, inChinese] = [
    expect.stringMatching(`Node\\.js 22\\.19 .*${version}.*actions/setup-node`),
    expect.stringMatching(`Node\\.js 22\\.19 .*${version}.*[一-鿿].*actions/setup-node`),
  ]
  const linesOf = (text: string) => text.trim().split('\n')

  test('for the step: one annotation in both languages', async () => {
    const { exitCode, stdout, stderr } = await startAs(version, STEP)
    expect(exitCode).toBe(1)
    expect(linesOf(stdout)).toEqual([inEnglish, inChinese])
    expect(stdout).toMatch(/^::error::/)
    expect(stderr).toBe('')
  })

  test('for the command: both languages, and an empty JSON object', async () => {
    const { exitCode, stdout, stderr } = await startAs(version, CLI, '--json')
    expect(exitCode).toBe(1)
    expect(linesOf(stderr)).toEqual([inEnglish, inChinese])
    expect(JSON.parse(stdout)).toEqual({})
  })
})

test.each(['22.19.0', '22.23.5', '23.0.0', '24.0.0', '100.0.0'])('Node %s is new enough', async (version) => {
  const { exitCode, stdout } = await startAs(version, CLI, '--version')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})
