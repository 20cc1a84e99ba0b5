// SECURITY.md, line by line: each group is named after the words in bold of the line that it shows.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { EOL, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Play } from '../../emulator/emulator.ts'
import { startGitHub } from '../../emulator/github/github.ts'
import { Oss } from '../../src/dingtalk/oss.ts'
import { actionsRunner } from '../../src/github/actions-runner.ts'
import { releaseFiles } from '../../src/github/release.ts'
import { fixedConcurrency } from '../../src/http/concurrency.ts'
import { environmentOf } from '../../src/http/environment.ts'
import { Http } from '../../src/http/http.ts'
import { verbatim } from '../../src/http/text.ts'
import { Caller } from '../../test-support/emulator-caller.ts'
import { job, type Job } from '../../test-support/job.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { sourceJob } from '../../test-support/source-job.ts'

const ROOT = join(import.meta.dirname, '../..')

let given: Job
beforeEach(async () => {
  given = await job()
  writeFileSync('a.bin', 'a')
})
afterEach(() => given.end())

const byWebhook = () => {
  const { webhook, secret } = given.emulator.others.customRobot
  return { message: 'a build', 'robot-webhook': webhook, 'robot-secret': secret }
}
/** Everything that a job has written. */
const writtenBy = ({ log, errors, warnings, outputs, summaries }: Awaited<ReturnType<Job['run']>>) =>
  JSON.stringify([log, errors, warnings, outputs, summaries])
const queryOf = (path: string) => new URL(path, 'http://host').searchParams

/** Lines that say what a person must do, or what is visible, and nothing that a program does. */
const subjects = new Set(['The app secret', 'The repository', 'The job', 'The log'])

function line(subject: string, tests: () => void): void {
  subjects.add(subject)
  describe(subject, tests)
}

afterAll(() => {
  const text = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')
  const lines = text.slice(text.indexOf('\n## Who'), text.indexOf('\n## Verify'))
  expect([...subjects].sort()).toEqual(
    [...lines.matchAll(/^- \*\*(.+?)\.\*\*/gm)].map(([, subject]) => subject).sort(),
  )
})

line('The folder', () => {
  test.each([
    ['a version by the operator', 'operator', []],
    ['a version by a colleague', 'colleague', []],
    ['nothing else', undefined, ['a.bin']],
  ] as const)('keep-last, after %s', async (_, by, deleted) => {
    await given.restart({ appProperties: 'first-kept' })
    const inRun = (run: string) => ({
      source: { workflow: '0'.repeat(16), run, job: '1'.repeat(16) },
      attempt: 1,
    })
    await given.run({}, inRun('1'))
    const { values, others } = given.emulator
    const caller = new Caller(given.emulator)
    const unionId = by === 'operator' ? values.unionId : others.secondUser.unionId
    const option = { conflictStrategy: 'OVERWRITE' }
    if (by) await caller.commit(await caller.stored('b'), 'a.bin', option, {}, unionId)
    await given.run({ name: 'b.bin', 'keep-last': '1' }, inRun('2'))
    expect(given.emulator.deleted().map(({ name }) => name)).toEqual(deleted)
    const { outputs } = await given.run({ 'conflict-strategy': 'return-existing', path: 'a.bin' })
    const [file] = JSON.parse(outputs['files']!) as { status: string; md5?: string }[]
    if (by) expect(file).toMatchObject({ status: 'existing' })
    if (by) expect(file).not.toHaveProperty('md5')
  })
})

line('Forks', () => {
  test('without secrets, makes no request', async () => {
    const { ok } = await given.run({ ...byWebhook(), 'app-key': '', 'app-secret': '', 'robot-webhook': '' })
    expect(ok).toBe(false)
    expect(given.emulator.requests).toEqual([])
  })
})

line('Pull requests', () => {
  const HOSTILE =
    '[x](https://evil.example) <a href="https://evil.example">@all</a> ![](http://evil.example) ::error::'

  test('their contents are text in the message', async () => {
    await given.end()
    const step = await sourceJob()
    try {
      const { customRobot, secondUser } = step.emulator.others
      step.file(process.platform === 'win32' ? 'a.txt' : '[x](http:evil.example) @all.txt')
      step.file(
        'event.json',
        JSON.stringify({
          pull_request: { title: HOSTILE, head: { ref: HOSTILE } },
          commits: [{ message: HOSTILE }],
        }),
      )
      const { exitCode } = await step.run(
        {
          path: '*.txt',
          message: '{title} {ref} {changes} {actor} {files}',
          buttons: '[{title}](https://good.example/{title})',
          'robot-webhook': customRobot.webhook,
          'robot-secret': customRobot.secret,
          mention: secondUser.userId,
        },
        { env: { GITHUB_EVENT_PATH: join(step.directory, 'event.json'), GITHUB_ACTOR: HOSTILE } },
      )
      expect(exitCode).toBe(0)
      const message = step.emulator.messages.at(-1)!
      const links = [...message.text!.matchAll(/\]\(([^)]*)\)|https?:\/\/[^\s)]*|<[^>]*>/g)].map(
        ([link]) => link,
      )
      expect(links.filter((link) => link.includes('evil'))).toEqual([])
      expect(message.text).toContain('evil')
      expect(message).toMatchObject({ mentions: [secondUser.userId] })
      expect(message.buttons!.map(({ url }) => url).join()).toMatch(/good\.example/)
    } finally {
      await step.end()
      given = await job()
    }
  })
})

line('The emulator', () => {
  test('accepts connections only on loopback', async () => {
    const { port } = new URL(given.emulator.values.apiBaseUrl)
    const connected = (host: string) =>
      new Promise<boolean>((resolve) => {
        const socket = connect({ host, port: Number(port), timeout: 2000 })
        const end = (is: boolean) => () => {
          socket.destroy()
          resolve(is)
        }
        socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false))
      })
    expect(await connected('127.0.0.1')).toBe(true)
    // On Linux, every address that starts with 127 is this machine's.
    expect(await connected('127.0.0.2')).toBe(false)
  })

  test.each([
    [{ origin: 'https://page.example' }, 403],
    [{ host: 'page.example:80' }, 403],
    [{ host: '127.0.0.1.page.example' }, 403],
    [{ host: 'localhost' }, 200],
  ])('its control API is not for web pages: %j gets HTTP %i', async (headers, status) => {
    const url = `${given.emulator.values.apiBaseUrl}/_emulator/messages`
    const response = await new Caller(given.emulator).http(url, { method: 'GET', headers })
    expect(response.status).toBe(status)
  })
})

line('Secrets', () => {
  test('are masked before they are used, and never written', async () => {
    const result = await given.run()
    const sent = given.emulator.requests
    const token = sent.find(({ operation }) => operation === 'commitV1')!.headers[
      'x-acs-dingtalk-access-token'
    ]!
    const signature = sent.find(({ operation }) => operation === 'put')!.headers['authorization']!
    expect(result.secrets).toEqual([given.emulator.values.appSecret, token, signature])
    for (const secret of result.secrets) expect(writtenBy(result)).not.toContain(secret)
  })

  test('of the inputs are masked before anything can fail', async () => {
    const { webhook, secret } = given.emulator.others.customRobot
    const numbers = { mention: '13800138000', 'github-token': 'ghs_1' }
    const { secrets } = await given.run({ ...byWebhook(), ...numbers, 'app-key': '' })
    const token = queryOf(webhook).get('access_token')
    const appSecret = given.emulator.values.appSecret
    expect(secrets).toEqual(
      expect.arrayContaining([appSecret, webhook, token, secret, '13800138000', 'ghs_1']),
    )
  })

  test("of a robot's message: its signature", async () => {
    const { secrets } = await given.run(byWebhook())
    const { path } = given.emulator.requests.find(({ operation }) => operation === 'postByWebhook')!
    expect(secrets).toContain(queryOf(path).get('sign'))
  })

  test('that the platform quotes are redacted in all output', () => {
    const written: string[] = []
    const write = process.stdout.write.bind(process.stdout)
    process.stdout.write = (text: unknown) => (written.push(String(text)), true)
    try {
      const runner = actionsRunner()
      runner.secret('s3cr3t/+')
      runner.info(verbatim('it said s3cr3t/+ and s3cr3t%2F%2B'))
      runner.error(verbatim('first\n::error::s3cr3t/+'))
    } finally {
      process.stdout.write = write
    }
    expect(written.join('').split(EOL)).toEqual([
      '::add-mask::s3cr3t/+',
      'it said *** and ***',
      '::error::first%0A\\::error::***',
      '',
    ])
  })

  // No digit, so that it has to be known to be a secret.
  const TOKEN = 'Token.of.letters.and.dots.'.repeat(3)
  test.each<[string, Play]>([
    [
      'message',
      { kind: 'answer', status: 400, body: { code: 'paramError', message: `${'字'.repeat(980)} ${TOKEN}` } },
    ],
    ['page', { kind: 'answer', status: 502, body: `<p>${'字'.repeat(180)} ${TOKEN}</p>` }],
  ])('are not split if a long %s is truncated', async (_, play) => {
    given.emulator.faults.add({ operation: 'send', play })
    const result = await given.run({ retries: '0' })
    expect(writtenBy(result)).toContain('字字字')
    expect(writtenBy(result)).not.toContain(TOKEN.slice(0, 12))
  })

  test('are not shown for an invalid proxy URL', () => {
    process.env['HTTPS_PROXY'] = 'http://me:hunter2@[bad'
    try {
      expect(() => new Http(environmentOf(), 1000, 4)).toThrow(/^HTTP_PROXY or HTTPS_PROXY /)
    } finally {
      delete process.env['HTTPS_PROXY']
    }
  })
})

line('Destinations', () => {
  test('each secret is sent only where it is needed', async () => {
    const result = await given.run({
      ...byWebhook(),
      'user-id': given.emulator.values.userId,
      'union-id': '',
    })
    expect(result.ok).toBe(true)
    const { appSecret } = given.emulator.values
    const whereIs = (secret: string) =>
      given.emulator.requests
        .filter(({ path, headers, body }) =>
          [decodeURIComponent(path), ...Object.values(headers), body].some((text) => text?.includes(secret)),
        )
        .map(({ operation }) => operation)
    expect(whereIs(appSecret)).toEqual(['accessToken'])
    const atStorage = given.emulator.requests.filter(({ server }) => server === 'oss')
    expect(atStorage).not.toEqual([])
    for (const { headers } of atStorage)
      expect(Object.keys(headers).sort()).toEqual([
        'authorization',
        'connection',
        'content-length',
        'host',
        'x-oss-date',
      ])
    const token = result.secrets.find((secret) => whereIs(secret).includes('commitV1'))!
    expect(given.emulator.secrets()).toContain(token)
    expect(whereIs(token)).not.toContain('put')
    expect(whereIs(token)).not.toContain('postByWebhook')
  })

  test('redirects are not followed', async () => {
    const asked: (string | undefined)[] = []
    const elsewhere = createServer((request, response) => {
      asked.push(request.url)
      response.end('{}')
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`
    for (const operation of ['uploadInfoV1', 'put'] as const) {
      given.emulator.faults.add({ operation, play: { kind: 'answer', status: 307, headers: { location } } })
    }
    const first = await given.run()
    const second = await given.run()
    elsewhere.close()
    expect(first.errors.join()).toContain('HTTP307')
    expect(second.errors.join()).toContain('HTTP307')
    expect(asked).toEqual([])
  })

  test.each([
    ['api-base-url', 'http://api.example.com'],
    ['oapi-base-url', 'https://me:hunter2@oapi.example.com'],
    ['robot-webhook', 'http://oapi.example.com/robot/send?access_token=hunter2'],
  ])("%s can't be %s", async (name, url) => {
    const result = await given.run({ ...byWebhook(), 'robot-secret': '', [name]: url })
    expect(result.ok).toBe(false)
    expect(writtenBy(result)).toContain(name)
    expect(writtenBy(result)).not.toContain('hunter2')
    expect(given.emulator.requests).toEqual([])
  })

  const refused = { code: 'InsecureResourceUrl', mayHaveHappened: false }
  test.each([
    ['http://10.0.0.1/x', refused],
    ['http://oss.example.com/x', refused],
    // The request may be sent, but no server listens there.
    ['https://127.0.0.1:1/x', { code: 'ConnectionFailed' }],
  ])('a storage address, with an API that is not on this machine: %s', async (url, error) => {
    const http = new Http(environmentOf(), 1000, 4)
    const logger = { secret: () => undefined, info: () => undefined, debug: () => undefined }
    const oss = new Oss({ http, logger, plainHttp: false, concurrency: fixedConcurrency(1), retries: 0 })
    const payload = () => ({
      size: 0,
      md5: () => Promise.resolve(''),
      async *[Symbol.asyncIterator]() {
        /* empty */
      },
    })
    const sign = () => Promise.resolve({ resourceUrls: [url], headers: {}, expirationSeconds: 900 })
    await expect(oss.store(sign, payload)).rejects.toMatchObject(error)
    await expect(oss.probe(url)).rejects.toMatchObject(error)
    await http.close()
  })
})

line('GitHub', () => {
  test('the token is not sent to the storage that a download is redirected to', async () => {
    const github = await startGitHub()
    const http = new Http(environmentOf(), 1000, 4)
    try {
      github.releases.push({ tag: 'v1', assets: [{ name: 'a.apk', content: Buffer.from('a') }] })
      const { token, apiUrl } = github
      const asked = {
        http,
        token,
        apiUrl,
        repository: 'octo/app',
        tag: 'v1',
        path: '',
        concurrency: 1,
        retries: 0,
      }
      await releaseFiles({ ...asked, log: () => undefined }, process.cwd())
      const { requests } = github
      expect(requests.at(-1)).toEqual({ path: '/0', authorized: false })
      expect(requests.slice(0, -1).every(({ authorized }) => authorized)).toBe(true)
    } finally {
      await http.close()
      await github.close()
    }
  })
})

line('Proxies', () => {
  test('requests to this machine use none, and its password is never shown', async () => {
    const before = process.env
    // Nothing listens there.
    process.env = {
      ...before,
      HTTP_PROXY: 'http://me:hunter2@127.0.0.1:1',
      HTTPS_PROXY: 'http://me:hunter2@127.0.0.1:1',
    }
    try {
      const local = await given.run()
      expect(local.ok).toBe(true)
      const elsewhere = await given.run({ 'api-base-url': 'https://api.example.com', retries: '0' })
      expect(elsewhere.ok).toBe(false)
      expect(writtenBy(elsewhere)).toContain('127.0.0.1:1')
      expect(writtenBy(elsewhere)).not.toContain('hunter2')
    } finally {
      process.env = before
    }
  })
})

line('Untrusted text', () => {
  const HOSTILE = '::error::x ##[warning] <img src=x> [y](http:z) `%0A::stop-commands::t'

  onPosix('file names and messages are text in the log and the summary', async () => {
    await given.end()
    const step = await sourceJob()
    try {
      step.file(`${HOSTILE}.bin`)
      step.file('b.bin')
      const play: Play = { kind: 'answer', status: 400, body: { code: HOSTILE, message: `m\n${HOSTILE}` } }
      step.emulator.faults.add({ operation: 'commitV1', play, times: 2 })
      const { stdout, summary } = await step.run({ path: '*.bin' }, { env: { RUNNER_DEBUG: '1' } })
      const commands = stdout.split('\n').flatMap((text) => /^\s*(::[\w-]+)|##\[\w+\]/.exec(text)?.[0] ?? [])
      const own = ['::add-mask', '::debug', '::error', '::group', '::endgroup', '::notice', '::warning']
      expect(commands.filter((command) => !own.includes(command))).toEqual([])
      expect(stdout).not.toMatch(/^::error::x /m)
      expect(stdout).toContain('stop-commands')
      expect(summary).toContain('img')
      expect(summary).not.toMatch(/<img|\]\(http:z\)/)
    } finally {
      await step.end()
      given = await job()
    }
  })
})

// Also: arguments (command/arguments.test.ts), and what the programs write (e2e/command.test.ts, e2e/desk.test.ts).
line('Local commands', () => {
  test('Git ignores the file of secrets', () => {
    expect(readFileSync(join(ROOT, '.gitignore'), 'utf8').split(/\r?\n/)).toContain('.env')
  })
})

// Also: time (http/slow-server.test.ts), GitHub (github/release.test.ts).
line('Hostile servers', () => {
  test('an endless response is cut', async () => {
    const body = `{"accessToken":"${'x'.repeat(1024 * 1024)}"}`
    given.emulator.faults.add({
      operation: 'uploadInfoV1',
      times: Infinity,
      play: { kind: 'answer', status: 200, body },
    })
    const { errors } = await given.run({ retries: '1' })
    expect(errors.join()).toMatch(/1 MiB.*1 MiB.*AnswerTooLarge/s)
    expect(given.count('uploadInfoV1')).toBe(2)
  })
})

line('Marks', () => {
  test('are three private properties without names', async () => {
    given.emulator.faults.add({
      operation: 'send',
      play: { kind: 'answer', status: 400, body: { code: 'paramError' } },
    })
    const source = { workflow: '0'.repeat(16), run: '42', job: '1'.repeat(16) }
    await given.run({}, { source, attempt: 1 })
    const bodies = given.emulator.requests.flatMap(({ operation, body = '' }) =>
      operation === 'commitV1' || operation === 'appProperties' ? [JSON.parse(body) as object] : [],
    )
    const properties = bodies.map((body) => {
      const { option = body } = body as { option?: object }
      return (option as { appProperties: { name: string; value: string; visibility: string }[] })
        .appProperties
    })
    expect(properties.map(({ length }) => length)).toEqual([3, 1])
    for (const { value, visibility } of properties.flat()) {
      expect(visibility).toBe('PRIVATE')
      expect(value).toMatch(/^[0-9a-f]{32}(@\d+)?(![0-9a-f]{8})?$|^0{16}\.42\.1{16}$/)
    }
  })
})

line('Files', () => {
  onPosix('a link that a wildcard matches is followed only inside the workspace', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'))
    try {
      writeFileSync(join(outside, 'secret.bin'), 'secret')
      mkdirSync('other')
      writeFileSync('other/c.bin', 'c')
      mkdirSync('out')
      symlinkSync(join(outside, 'secret.bin'), 'out/secret.bin')
      symlinkSync(outside, 'out/etc')
      symlinkSync('../other/c.bin', 'out/c.bin')
      const before = process.env['RUNNER_TEMP']
      process.env['RUNNER_TEMP'] = process.cwd()
      const names = async (path: string) =>
        (JSON.parse((await given.run({ path })).outputs['files']!) as { name: string }[]).map(
          ({ name }) => name,
        )
      try {
        expect(await names('out/**')).toEqual(['c.bin'])
        expect(await names('out/secret.bin')).toEqual(['secret.bin'])
      } finally {
        if (before === undefined) delete process.env['RUNNER_TEMP']
        else process.env['RUNNER_TEMP'] = before
      }
    } finally {
      rmSync(outside, { recursive: true })
    }
  })
})
