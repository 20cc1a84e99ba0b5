// Tests real versions of Node that are too old. __tests__/e2e/ runs on the oldest supported version, see jest.config.js.
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { CLI, start } from '../test-support/command.ts'
import { otherNode } from './nodes.ts'

const STEP = join(dirname(CLI), 'start.cjs')

describe.each([12, 20] as const)('Node %i', (major) => {
  const node = otherNode(major)
  const onNode = node ? test : test.skip

  onNode.each([
    ['the step', [STEP], /^::error::.*22\.19.*\n.*22\.19.*[一-鿿].*\n$/],
    ['the command', [CLI, '--json'], /^\{\}\n$/],
  ])('%s shows the fix, and nothing else', async (_, args, stdout) => {
    const started = await start(node!, args, { cwd: import.meta.dirname })
    expect(started.exitCode).toBe(1)
    expect(started.stdout).toMatch(stdout)
    expect(started.stdout + started.stderr).toMatch(/actions\/setup-node/)
    expect(started.stdout + started.stderr).not.toMatch(/^\s+at /m)
  })
})
