import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { runCheck } from './check/check.ts'
import { DingTalk } from './dingtalk/client.ts'
import { Oss } from './dingtalk/oss.ts'
import type { JobResult } from './domain.ts'
import { collectFiles } from './files/find.ts'
import type { LocalFile } from './files/local-file.ts'
import { TemporaryDirectory } from './files/temporary-directory.ts'
import { searchPaths } from './github/actions-runner.ts'
import { readRepository, releaseFiles } from './github/release.ts'
import type { Runner } from './github/runner.ts'
import { fixedConcurrency, MAX_CONCURRENCY } from './http/concurrency.ts'
import type { Environment } from './http/environment.ts'
import { Http } from './http/http.ts'
import { isLoopback } from './http/proxies.ts'
import type { Text } from './http/text.ts'
import { type InputName, type Inputs, readInputs, secretInputs, type UploadInputs } from './inputs/inputs.ts'
import { NO_FILES_NO_MESSAGE, postAlone, postWithFiles } from './post.ts'
import { notSkipped } from './report/failures.ts'
import { fileLine, filesHeading, foundLine } from './report/log-lines.ts'
import { reportResult } from './report/report.ts'
import { NOTHING_UPLOADED, stoppedBy } from './report/stopped.ts'
import { keepLast } from './retention/keep-last.ts'
import { Announcer } from './send/announcer.ts'
import { findPeople } from './send/people.ts'
import { unknownPlaceholders } from './send/placeholders.ts'
import { Subfolders } from './upload/subfolders.ts'
import { Uploader } from './upload/uploader.ts'

/** How many release assets are downloaded at once with `concurrency: auto`. */
const DOWNLOADS = 4

/**
 * Runs the step: inputs → files → destination → upload → send → keep-last → report. Outputs and summary report what
 * happened, also when the step fails.
 *
 * @returns whether everything that was asked for happened
 */
export async function run(runner: Runner, environment: Environment): Promise<boolean> {
  const result: JobResult = { files: [], failures: [], warnings: [], deleted: [], elapsed: 0 }
  const started = environment.clock.monotonic()
  const temporary = new TemporaryDirectory(runner.temp())
  let http: Http | undefined
  try {
    const given = (name: InputName) => runner.input(name)
    for (const secret of secretInputs(given)) runner.secret(secret)
    const inputs = readInputs(given, process.env)
    const buttons = inputs.buttons.flatMap(({ title, url }) => [title, url]).join('\n')
    for (const unknown of [unknownPlaceholders(inputs.message), unknownPlaceholders(buttons, 'buttons')])
      if (unknown) runner.warning(unknown)
    http = new Http(environment, inputs.requestTimeout, mostConnections(inputs))
    if (inputs.mode === 'check') return await check(inputs, http, runner)
    if (!inputs.folder) {
      await postAlone(result, inputs, { http, context: clientFor(inputs, http, runner), runner })
    } else {
      const files = await findFiles(inputs, runner, temporary, http)
      result.files = files.map((file) => ({ file, sentTo: [], failures: [], duration: 0 }))
      if (files.length > 0) await deliver(result, inputs, http, runner)
      else if (inputs.message) runner.info(NO_FILES_NO_MESSAGE)
    }
  } catch (error) {
    for (const failure of result.failures) if (failure.about) failure.consequence = NOTHING_UPLOADED
    result.failures.push(stoppedBy(error, runner))
  } finally {
    result.elapsed = environment.clock.monotonic() - started
    await http?.close()
    await temporary.remove().catch((error: unknown) => {
      runner.warning({
        en: `Could not remove a temporary directory: ${String(error)}`,
        zh: `无法删除临时目录：${String(error)}`,
      })
    })
  }
  await reportResult(result, runner)
  return result.failures.length === 0
}

function mostConnections({ concurrency }: Inputs): number {
  return concurrency === 'auto' ? MAX_CONCURRENCY : concurrency
}

/** `mode: check`. @returns whether nothing that an upload needs is missing */
async function check(inputs: Inputs, http: Http, runner: Runner): Promise<boolean> {
  // A check answers soon, even where a firewall drops every connection.
  const retries = Math.min(inputs.retries, 1)
  const context = clientFor({ ...inputs, retries }, http, runner)
  const plainHttp = isLoopback(inputs.apiBaseUrl)
  const oss = new Oss({ http, logger: runner, plainHttp, concurrency: fixedConcurrency(1), retries })
  return runCheck(inputs, { ...context, oss }, runner)
}

/** The client, and what else sending needs. */
function clientFor(inputs: Inputs, http: Http, runner: Runner) {
  const log = (line: Text) => {
    runner.info(line)
  }
  const dingtalk = new DingTalk({ ...inputs, http, logger: runner })
  return { dingtalk, environment: http.environment, retries: inputs.retries, log }
}

async function findFiles(
  inputs: Inputs,
  runner: Runner,
  temporary: TemporaryDirectory,
  http: Http,
): Promise<LocalFile[]> {
  const { signal } = http.environment
  const files = await collectFiles(inputs, {
    glob: (patterns) => runner.glob(patterns, inputs.includeHiddenFiles, signal),
    globHidden: (patterns) => runner.glob(patterns, true, signal),
    searchPaths,
    releaseAssets: async () => {
      const { releaseTag: tag, githubToken: token, path, retries } = inputs
      const concurrency = inputs.concurrency === 'auto' ? DOWNLOADS : inputs.concurrency
      const log = (line: Text) => {
        runner.info(line)
      }
      const options = { ...readRepository(process.env), http, token, retries, log, tag, path, concurrency }
      const directory = await mkdtemp(join(await temporary.path(), 'release-'))
      return releaseFiles(options, directory, (patterns) => runner.glob(patterns, true, signal))
    },
    temporary,
    signal,
    logger: runner,
  })
  if (files.length > 0) runner.group(filesHeading(files), files.map(foundLine))
  return files
}

/** Uploads the files, several at once, and sends them in their order. Fills in the result. */
async function deliver(result: JobResult, inputs: UploadInputs, http: Http, runner: Runner): Promise<void> {
  const context = clientFor(inputs, http, runner)
  const { dingtalk } = context
  const { unionId, recipients } = await findPeople(inputs, context, result.failures)
  // If no recipient is found, nothing is uploaded: the corrected run would leave a second copy.
  if (recipients.length === 0 && inputs.chats.length + inputs.users.length > 0) {
    for (const failure of result.failures) failure.consequence = NOTHING_UPLOADED
    return
  }
  const folder = await new Subfolders(inputs.folder, unionId, dingtalk).at(inputs.folderPath)
  const onUnlisted = (error: unknown) => {
    runner.warning(notSkipped(error, inputs.appKey))
  }
  const options = { ...inputs, folder, unionId, job: runner.job(), onUnlisted }
  const uploader = new Uploader(options, { dingtalk, http, logger: runner })
  try {
    const outcomes = await uploader.start(result.files.map(({ file }) => file))
    const announcer = new Announcer(recipients)
    for (const [index, file] of result.files.entries()) {
      const outcome = await outcomes[index]
      if (outcome?.kind === 'uploaded') file.uploaded = outcome.uploaded
      if (outcome?.kind === 'failed') file.failures.push(outcome.failure)
      if (outcome && outcome.kind !== 'not-started') file.duration = outcome.duration
      await announcer.announce(file)
      result.failures.push(...file.failures)
      if (file.uploaded || file.failures.length > 0) runner.info(fileLine(file))
    }
  } finally {
    await uploader.close()
  }
  await postWithFiles(result, inputs, recipients, { http, context, runner })
  if (inputs.keepLast !== undefined) {
    const retention = { folder, unionId, keep: inputs.keepLast, source: runner.job().source }
    await keepLast(result, retention, context)
  }
}
