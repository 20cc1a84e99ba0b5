import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { Announcer } from './send/announcer.ts'
import type { Clock, Environment } from './dingtalk/transport/environment.ts'
import { collisions } from './files/collisions.ts'
import { DingTalk } from './dingtalk/client.ts'
import { postByWebhook } from './dingtalk/custom-robot.ts'
import { Committer } from './dingtalk/committer.ts'
import { DingTalkError } from './dingtalk/errors.ts'
import type { ConflictStrategy } from './dingtalk/folder.ts'
import { Http } from './dingtalk/transport/http.ts'
import { Oss } from './dingtalk/oss.ts'
import type { RetryOptions } from './dingtalk/transport/retry.ts'
import { ExistingFiles } from './upload/existing-files.ts'
import type { LocalFile } from './files/local-file.ts'
import { findFiles, refuseNames, renamed } from './files/find-files.ts'
import { folderBelow } from './upload/folder-path.ts'
import { isLoopback, readInputs, type Inputs } from './inputs/inputs.ts'
import { messageFor } from './send/message.ts'
import { findRecipients, type Recipient } from './send/recipients.ts'
import {
  failureText,
  fileLine,
  found,
  foundLine,
  merged,
  outputs,
  summary,
  total,
  type Failure,
  type FileReport,
} from './report/report.ts'
import type { Runner } from './github/runner.ts'
import { TemporaryDirectory } from './files/temporary-directory.ts'
import { upload, type Destination, type UploadContext, type Uploaded } from './upload/upload.ts'
import { Cancelled, InputError } from './errors.ts'

/** What became of the job so far: the files in order, and everything that was asked for and did not happen. */
interface Outcome {
  reports: FileReport[]
  failures: Failure[]
  /** From the start to the last message, in ms. */
  elapsed: number
}

/**
 * The whole job: inputs → files → destination → upload → announce → report. What did get there is told, in outputs
 * and summary, whether or not all of it did.
 *
 * @returns whether everything asked for happened
 */
export async function run(runner: Runner, environment: Environment): Promise<boolean> {
  const outcome: Outcome = { reports: [], failures: [], elapsed: 0 }
  const started = environment.clock.now()
  const temporary = new TemporaryDirectory(runner.temp())
  let http: Http | undefined
  try {
    const inputs = inputsFrom(runner)
    http = new Http(environment.clock, inputs.requestTimeout, inputs.concurrency)
    if (inputs.mode === 'check') return await check(inputs, http, runner, environment)
    const files = await filesFrom(runner, inputs, temporary, environment)
    if (files.length > 0) runner.group(found(files), files.map(foundLine))
    outcome.reports = files.map((file) => ({ file, sentTo: [], failures: [], duration: 0 }))
    if (files.length > 0) await transfer(outcome, inputs, http, runner, environment)
  } catch (error) {
    outcome.failures.push(stopped(error, runner))
  } finally {
    outcome.elapsed = environment.clock.now() - started
    await http?.close()
    await temporary.remove().catch((error: unknown) => {
      runner.warning(`a temporary directory could not be removed / 临时目录无法删除: ${String(error)}`)
    })
  }
  await report(outcome, runner)
  return outcome.failures.length === 0
}

/** `mode: check`. @returns whether nothing that an upload needs is missing */
async function check(inputs: Inputs, http: Http, runner: Runner, environment: Environment): Promise<boolean> {
  // Loaded only when they are needed.
  const [{ checkup }, findings] = await Promise.all([
    import('./check/check.ts'),
    import('./check/finding.ts'),
  ])
  // It is to answer soon, also where a firewall lets nothing through.
  const patient = { ...inputs, retries: Math.min(inputs.retries, 1) }
  const { dingtalk, oss } = toolsFor(patient, http, runner, environment)
  const found = await checkup(inputs, { dingtalk, oss, signal: environment.signal })
  for (const line of found.flatMap(findings.findingLines)) runner.info(line)
  runner.info(findings.checkupTotal(found))
  for (const [name, value] of Object.entries(outputs([]))) runner.output(name, value)
  await summarise(runner, findings.checkupSummary(found))
  const holds = found.every(({ verdict }) => verdict !== 'fails')
  if (!holds) runner.error(findings.checkupFailure(found))
  await runner.flush()
  return holds
}

function inputsFrom(runner: Runner): Inputs {
  // A secret before anything can fail, or be said.
  const given = (name: string) => runner.input(name).trim()
  const token = URL.parse(given('robot-webhook'))?.searchParams.get('access_token') ?? ''
  const secrets = ['app-secret', 'robot-webhook', 'robot-secret', 'github-token'].map(given)
  for (const secret of [...secrets, token].filter(Boolean)) runner.secret(secret)
  return readInputs((name) => runner.input(name))
}

/** What becomes of files whose names collide. */
const CLASHES: Readonly<Record<ConflictStrategy, string>> = {
  AUTO_RENAME: 'where they clash, the later one gets a number / 同名时后者自动改名',
  OVERWRITE:
    'where they clash, the later one becomes a new version of the earlier / 同名时后者成为前者的新版本',
  RETURN_DENTRY_IF_EXISTS:
    'where they clash, the earlier one stays and the later one is not uploaded / 同名时保留前者，不上传后者',
  RETURN_ERROR_IF_EXISTS: 'where they clash, the later one fails / 同名时后者失败',
}

async function filesFrom(
  runner: Runner,
  inputs: Inputs,
  temporary: TemporaryDirectory,
  environment: Environment,
): Promise<LocalFile[]> {
  const { path, includeHiddenFiles, ifNoFilesFound, name, archive, conflictStrategy } = inputs
  const { files: local, directories } = await findFiles(
    path,
    (patterns) => runner.glob(patterns, includeHiddenFiles),
    (skipped) => {
      runner.warning(`${skipped} is neither a file nor a directory: left out / 不是文件或目录，已跳过`)
    },
  )
  const assets = inputs.releaseTag ? await releaseFrom(runner, inputs, temporary, environment) : []
  const found = [...local, ...assets]
  if (archive && found.length > 0) {
    // Loaded only when it is needed.
    const { pack } = await import('./files/archive.ts')
    return [await pack([local, assets], name || 'artifact.zip', await temporary.path(), environment.signal)]
  }
  const files = name ? renamed(found, name) : found
  refuseNames(files)
  for (const group of collisions(files)) {
    const paths = group.map((file) => file.path).join(', ')
    runner.warning(
      `path: ${paths} have one name in DingTalk, or names that differ in case only: ${CLASHES[conflictStrategy]}`,
    )
  }
  if (files.length > 0) return files
  const empty = directories > 0 ? ' (only directories without files)' : ''
  const hidden = includeHiddenFiles ? '' : '; hidden files are left out, see include-hidden-files'
  const nothing = `path: no file was found at ${path.split('\n').join(', ')}${empty}${hidden} / 没有找到匹配的文件`
  if (ifNoFilesFound === 'error') throw new InputError([nothing])
  if (ifNoFilesFound === 'warn') runner.warning(nothing)
  else runner.info(nothing)
  return []
}

/** The release's assets that `path` does not leave out, on disk. */
async function releaseFrom(
  runner: Runner,
  { releaseTag, githubToken, path, retries, requestTimeout, concurrency }: Inputs,
  temporary: TemporaryDirectory,
  { clock, random, signal }: Environment,
): Promise<LocalFile[]> {
  // Loaded only when they are needed.
  const { chosenAssets, download, releaseAssets } = await import('./github/release.ts')
  const log = (line: string) => {
    runner.info(line)
  }
  const retryOptions: RetryOptions = { clock, random, retries, log, signal }
  const repository = await runner.repository(githubToken)
  const within = await temporary.path()
  const assets = await chosenAssets(
    await releaseAssets(releaseTag, repository, retryOptions),
    path,
    await mkdtemp(join(within, 'names-')),
    (patterns) => runner.glob(patterns, true),
  )
  const atOnce = pLimit(concurrency)
  const directory = join(within, 'assets')
  const downloads = assets.map((asset) =>
    atOnce(() => download(asset, repository, directory, retryOptions, requestTimeout)),
  )
  await Promise.allSettled(downloads)
  const files = await Promise.all(downloads)
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Gets every file into the folder, several at once, and in their order into the groups; fills in the outcome. */
async function transfer(
  outcome: Outcome,
  inputs: Inputs,
  http: Http,
  runner: Runner,
  environment: Environment,
): Promise<void> {
  const tools = toolsFor(inputs, http, runner, environment)
  // Side by side, for neither needs the other; both are waited for, so that both refusals are told.
  const operator = operatorUnionId(inputs, tools.dingtalk)
  const { chats, users } = inputs
  const lookups = [
    operator,
    findRecipients(chats, users, operator, tools.dingtalk, (given, error) => {
      outcome.failures.push({ what: `nothing can be sent to ${given}`, error })
    }),
  ] as const
  await Promise.allSettled(lookups)
  const [unionId, recipients] = await Promise.all(lookups)
  // With nobody to send to, nothing is uploaded either: the corrected run would leave a second copy.
  if (chats.length + users.length > 0 && recipients.length === 0) return
  const folder = await folderBelow(inputs.folder, inputs.folderPath, unionId, tools.dingtalk)
  const destination: Destination = { folder, unionId, conflictStrategy: inputs.conflictStrategy }
  const existing =
    inputs.conflictStrategy === 'RETURN_DENTRY_IF_EXISTS'
      ? await ExistingFiles.among(
          outcome.reports.map(({ file }) => file),
          destination,
          tools,
        )
      : { upload }
  const announcer = new Announcer(recipients)
  const atOnce = pLimit(inputs.concurrency)
  const uploads = outcome.reports.map((report) =>
    atOnce(async () => {
      if (isHopeless(outcome)) return
      await uploadFile(report, () => existing.upload(report.file, destination, tools), environment.clock)
    }),
  )
  for (const [index, report] of outcome.reports.entries()) {
    await uploads[index]
    if (report.uploaded) await announceFile(report, report.uploaded, announcer)
    outcome.failures.push(...report.failures)
    if (report.uploaded || report.failures.length > 0) runner.info(fileLine(report))
  }
  if (inputs.message) await postMessage(outcome, inputs, recipients, http, tools, runner)
}

/** Whether a file has failed in a way in which the next would fail too. */
function isHopeless({ reports }: Outcome): boolean {
  return reports
    .flatMap((report) => (report.uploaded ? [] : report.failures))
    .some(
      ({ error }) =>
        error instanceof Cancelled || (error instanceof DingTalkError && error.concernsEveryFile),
    )
}

function toolsFor(
  inputs: Inputs,
  http: Http,
  runner: Runner,
  { clock, random, signal }: Environment,
): UploadContext {
  const log = (line: string) => {
    runner.info(line)
  }
  const retryOptions: RetryOptions = { clock, random, retries: inputs.retries, log, signal }
  const { concurrency, multipartThreshold, partSize } = inputs
  const dingtalk = new DingTalk({ ...inputs, http, retryOptions, logger: runner })
  return {
    dingtalk,
    committer: new Committer(dingtalk, retryOptions),
    oss: new Oss({
      http,
      logger: runner,
      plainHttp: isLoopback(inputs.apiBaseUrl),
      concurrency,
      retryOptions,
    }),
    retryOptions,
    concurrency,
    multipartThreshold,
    partSize,
  }
}

async function operatorUnionId({ operator }: Inputs, dingtalk: DingTalk): Promise<string> {
  return 'unionId' in operator ? operator.unionId : dingtalk.unionId(operator.userId)
}

async function uploadFile(
  report: FileReport,
  uploading: () => Promise<Uploaded>,
  clock: Clock,
): Promise<void> {
  const started = clock.now()
  try {
    report.uploaded = await uploading()
  } catch (error) {
    const what = `${report.file.name} ${isInDoubt(error) ? 'may or may not be uploaded' : 'was not uploaded'}`
    report.failures.push({ what, error })
  }
  report.duration = clock.now() - started
}

/** Whether it may have happened all the same, and once more would make a second of it. */
function isInDoubt(error: unknown): boolean {
  return error instanceof DingTalkError && error.isInDoubt
}

async function announceFile(report: FileReport, { dentry }: Uploaded, announcer: Announcer): Promise<void> {
  await announcer.announce(
    dentry,
    ({ id }) => report.sentTo.push(id),
    ({ given }, error) => {
      const sent = isInDoubt(error) ? 'may or may not have been sent' : 'was not sent'
      report.failures.push({ what: `${report.file.name} was uploaded, but ${sent} to ${given}`, error })
    },
  )
}

/** Posts the message once in each group, if there is a file to tell of. */
async function postMessage(
  { reports, failures }: Outcome,
  { message, robot }: Inputs,
  recipients: readonly Recipient[],
  http: Http,
  { dingtalk, retryOptions }: UploadContext,
  runner: Runner,
): Promise<void> {
  const files = reports.flatMap(({ uploaded }) =>
    uploaded ? [{ name: uploaded.dentry.name, url: uploaded.url }] : [],
  )
  if (files.length === 0 || !robot) return
  const markdown = messageFor(message, files, runner.workflowRun())
  const posts =
    'code' in robot
      ? recipients
          .filter(({ kind }) => kind === 'chat')
          .map(({ given, id }) => ({ where: given, post: () => dingtalk.post(markdown, robot.code, id) }))
      : [{ where: "the robot's group", post: () => postByWebhook(robot, markdown, http, retryOptions) }]
  for (const { where, post } of posts) {
    try {
      await post()
      runner.info(`message posted in ${where}`)
    } catch (error) {
      const posted = isInDoubt(error) ? 'may or may not have been posted' : 'was not posted'
      failures.push({ what: `the message ${posted} in ${where}`, error })
    }
  }
}

function stopped(error: unknown, runner: Runner): Failure {
  if (error instanceof InputError) {
    return { what: 'the inputs are wrong, nothing was done / 输入有误，未执行任何操作', error }
  }
  if (!(error instanceof DingTalkError)) runner.debug(error instanceof Error ? (error.stack ?? '') : '')
  return { what: 'nothing more was done / 已停止', error }
}

async function report({ reports, failures, elapsed }: Outcome, runner: Runner): Promise<void> {
  const told = merged(failures)
  const appKey = runner.input('app-key').trim()
  for (const [name, value] of Object.entries(outputs(reports))) runner.output(name, value)
  if (reports.length > 0) runner.info(total(reports, elapsed))
  for (const failure of told) runner.error(failureText(failure, appKey))
  const run = reports.length > 0 ? runner.workflowRun() : undefined
  await summarise(runner, summary(reports, told, elapsed, run, appKey))
  await runner.flush()
}

/** Writes the job summary. What happened is told by the outputs and the log: the step does not fail for its summary. */
async function summarise(runner: Runner, markdown: string): Promise<void> {
  try {
    await runner.summary(markdown)
  } catch (error) {
    runner.warning(
      `the job summary could not be written / 任务摘要无法写入: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
