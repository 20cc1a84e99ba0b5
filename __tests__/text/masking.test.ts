// Secrets of every kind of character, in every text that a job writes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { terminalRunner } from '../../src/command/terminal-runner.ts'
import { DingTalkError } from '../../src/dingtalk/errors.ts'
import type { Failure, Report } from '../../src/domain.ts'
import { InputError, TextError } from '../../src/errors.ts'
import { actionsRunner } from '../../src/github/actions-runner.ts'
import type { Runner } from '../../src/github/runner.ts'
import { verbatim } from '../../src/http/text.ts'
import { writeReport } from '../../src/report/report.ts'
import { markdownText } from '../../src/text/plain-text.ts'
import { Redaction } from '../../src/text/redaction.ts'

const SECRETS = ['+852-51234567', 'aB3-_.~+/=', '%2B&<b>\'"|`*\\', 'a=b&c=d#e', '::x##[y', 'q"r\\s']

// One for all tests: `@actions/core` remembers the file of the summary.
const directory = mkdtempSync(join(tmpdir(), 'masking-'))
const variables = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_REPOSITORY', 'GITHUB_WORKFLOW'] as const
const before = variables.map((name) => process.env[name])
beforeEach(() => {
  for (const name of ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'] as const) {
    process.env[name] = join(directory, name)
    writeFileSync(join(directory, name), '')
  }
  process.env['GITHUB_REPOSITORY'] = 'o/r'
})
afterEach(() => {
  for (const [index, name] of variables.entries())
    if (before[index] === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = before[index]
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

/** A report with a secret in every text. */
function reportWith(secret: string): Report {
  const failure = (stage: Failure['stage'], error: unknown): Failure => ({
    stage,
    consequence: verbatim(`${secret} was not sent.`),
    error,
    about: { input: 'chat-id', value: secret },
  })
  const refused = new DingTalkError({
    operation: 'send',
    code: `E${secret}`,
    kind: 'refused',
    mayHaveHappened: false,
    message: `it says ${secret}`,
    requestId: secret,
  })
  const file = { path: `out/${secret}`, name: secret, size: 1, modified: 0 }
  const dentry = { id: '1', name: secret, spaceId: '2', parentId: '3', uuid: secret, size: 1 }
  const uploaded = {
    dentry: dentry as never,
    existing: false,
    isNew: true,
    fromEarlierAttempt: false,
    md5: undefined,
    url: `https://example.com/${encodeURIComponent(secret)}`,
    region: secret,
  }
  return {
    files: [
      { file, uploaded, sentTo: [{ kind: 'chat', id: secret, given: secret }], failures: [], duration: 1 },
      { file, sentTo: [], failures: [failure('upload', refused)], duration: 1 },
    ],
    message: {
      title: secret,
      pictures: 1,
      to: [{ kind: 'user', id: secret, given: secret, name: verbatim(secret) }],
      failures: [failure('message', new Error(secret))],
    },
    deleted: [{ id: '1', name: secret, size: 1, run: '1' }],
    warnings: [failure('retention', new TextError(verbatim(secret)))],
    failures: [
      failure(
        'inputs',
        new InputError([
          { input: 'name', text: verbatim(secret) },
          { input: 'path', text: verbatim(secret) },
        ]),
      ),
    ],
    elapsed: 1,
  }
}

/** What is written to standard output meanwhile. */
async function written(act: () => Promise<void>): Promise<string> {
  const texts: string[] = []
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = (text: unknown) => (texts.push(String(text)), true)
  try {
    await act()
  } finally {
    process.stdout.write = write
  }
  return texts.join('')
}

/** A secret as text, JSON, URLs, and Markdown have it. */
function forms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  const url = encodeURIComponent(secret)
  return [secret, json, url, encodeURI(secret), markdownText(secret), markdownText(url), markdownText(json)]
}

describe.each(SECRETS)('%j', (secret) => {
  test.each<[string, (write: (text: string) => void) => Runner & { outputs?: () => unknown }]>([
    ['a runner of GitHub', () => actionsRunner()],
    [
      'the command',
      (write) => terminalRunner({ inputs: {}, literalPaths: [] }, { RUNNER_DEBUG: '1' }, write),
    ],
  ])('is not in the output of %s', async (_, runnerFor) => {
    process.env['GITHUB_WORKFLOW'] = secret
    const log: string[] = []
    const runner = runnerFor((text) => log.push(text))
    const printed = await written(async () => {
      runner.secret(secret)
      await writeReport(reportWith(secret), 'dingkey', runner)
      runner.info(verbatim(secret))
      runner.group(verbatim(secret), [verbatim(secret)])
    })
    const outputs = runner.outputs
      ? JSON.stringify(runner.outputs())
      : readFileSync(join(directory, 'GITHUB_OUTPUT'), 'utf8')
    const summary = readFileSync(join(directory, 'GITHUB_STEP_SUMMARY'), 'utf8')
    const all = [...log, printed.replace(/^::add-mask::.*$/m, ''), outputs, summary].join('\n')
    expect(forms(secret).filter((form) => all.includes(form))).toEqual([])
    expect(outputs).toContain('"name":"***"')
    if (!runner.outputs) expect(summary).toContain(markdownText('***'))
  })
})

test('keeps the type and identity of redacted errors', () => {
  const redaction = new Redaction()
  redaction.add('s3cr+t')
  const cause = new TextError(verbatim('s3cr+t'), { cause: new Error('s3cr+t') })
  const [one, other] = redaction.redacted([{ error: cause }, { error: cause }])
  expect(one.error).toBe(other.error)
  expect(one.error).toBeInstanceOf(TextError)
  expect(one.error).toMatchObject({ message: '***', text: verbatim('***'), cause: { message: '***' } })
  expect(one.error.stack).not.toContain('s3cr+t')
  expect(cause.message).toBe('s3cr+t')
})
