// The programs that the setup runs, as npm and installers put them into PATH.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { environmentOf } from '../../src/http/environment.ts'
import { runProgram } from '../../src/setup/program.ts'
import { plainEnvironment } from '../../test-support/command.ts'
import { onWindows } from '../../test-support/on-posix.ts'

let directory: string
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'program-')))
  for (const name of ['a bin', 'project']) mkdirSync(join(directory, name))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

/** Writes a program that prints its arguments and its input, and ends with 3. */
function install(place: string, name = 'dws') {
  const script = join(directory, 'program.mjs')
  writeFileSync(
    script,
    `import { text } from 'node:stream/consumers'
console.log(JSON.stringify([process.argv.slice(2), await text(process.stdin)]))
process.exitCode = 3`,
  )
  const [file, line] =
    process.platform === 'win32'
      ? [`${name}.cmd`, `@"${process.execPath}" "${script}" %*\r\n`]
      : [name, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`]
  writeFileSync(join(directory, place, file), line, { mode: 0o755 })
}

const run = (...args: string[]) =>
  runProgram(
    'dws',
    args,
    {
      variables: { ...plainEnvironment(), PATH: join(directory, 'a bin') },
      directory: join(directory, 'project'),
      environment: environmentOf(),
    },
    '输入',
  )

test('a program of PATH gets its arguments and its input', async () => {
  install('a bin')
  const { exitCode, stdout, stderr } = await run('app', 'create', '构建 助手', '')
  expect([exitCode, JSON.parse(stdout), stderr]).toEqual([
    3,
    [['app', 'create', '构建 助手', ''], '输入'],
    '',
  ])
})

test('a program of the working directory is not run', async () => {
  install('project')
  expect(await run()).toMatchObject({ exitCode: undefined, stdout: '' })
})

onWindows.each(['a"b', '%PATH%', 'a&calc', 'a^b', 'a\nb'])('no shell gets %j', async (arg) => {
  install('a bin')
  expect(await run(arg)).toMatchObject({ exitCode: undefined, stdout: '' })
})
