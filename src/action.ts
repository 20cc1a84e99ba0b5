import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { runCheck } from './check/check.ts'
import { DingTalk } from './dingtalk/client.ts'
import type { Folder } from './dingtalk/drive.ts'
import { Oss } from './dingtalk/oss.ts'
import {
  type About,
  type Failure,
  failuresOf,
  type FileResult,
  NOTHING_UPLOADED,
  type PostedMessage,
  type Report,
  type Retained,
  type SentTo,
  shownName,
  sizeOf,
  type Stage,
} from './domain.ts'
import { collectFiles } from './files/find.ts'
import { TemporaryDirectory } from './files/temporary-directory.ts'
import { patternRules } from './github/patterns.ts'
import { readRepository, releaseFiles } from './github/release.ts'
import type { Release, Runner } from './github/runner.ts'
import { fixedConcurrency, MAX_CONCURRENCY } from './http/concurrency.ts'
import type { Environment } from './http/environment.ts'
import { Http } from './http/http.ts'
import { isLoopback } from './http/proxies.ts'
import type { Text } from './http/text.ts'
import {
  type Inputs,
  type MessageInputs,
  readInputs,
  secretInputs,
  type UploadInputs,
} from './inputs/inputs.ts'
import { fileLine, filesHeading, foundLine } from './report/log.ts'
import { writeReport } from './report/report.ts'
import { keepLast, NOT_DELETED } from './retention/keep-last.ts'
import { announce, findChats, findPeople } from './send/announcer.ts'
import { mentionsOf } from './send/mentions.ts'
import { postMessage } from './send/message.ts'
import { type Facts, filePlaceholders, placeholderWarnings } from './send/placeholders.ts'
import { releaseNotes } from './send/release-notes.ts'
import { subfoldersOf } from './upload/subfolders.ts'
import { Uploader } from './upload/uploader.ts'

/** How many release assets are downloaded at once with `concurrency: auto`. */
const DOWNLOADS = 4

/** The variables that contain the workspace on GitHub Actions, GitLab CI, and Jenkins. */
const WORKSPACES = ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR', 'WORKSPACE']

/** For a message about files if none was found. */
export const NO_FILES_NO_MESSAGE: Text = {
  en: 'The message was not posted, because there are no files.',
  zh: '没有文件，因此未发送消息。',
}

/** For a message if all files existed already. */
export const NOTHING_NEW: Text = {
  en: 'No message was posted, because nothing was uploaded or sent.',
  zh: '没有上传或发送任何文件，因此未发送消息。',
}

/** For `keep-last` if something has failed. */
const NOT_KEPT: Text = {
  en: 'keep-last deleted nothing, because not everything succeeded.',
  zh: '由于并非全部成功，keep-last 没有删除任何文件。',
}

/** The consequences of an error that ends a step. */
const CONSEQUENCES: Readonly<Record<Stage, Text>> = {
  inputs: NOTHING_UPLOADED,
  files: NOTHING_UPLOADED,
  upload: NOTHING_UPLOADED,
  send: { en: 'Some files may not have been uploaded or sent.', zh: '部分文件可能未上传或未发送。' },
  message: { en: 'The message was not posted.', zh: '消息未发送。' },
  retention: NOT_DELETED,
}

/** The consequence of a folder that can't be listed. */
const NOT_SEARCHED: Text = {
  en: 'Every file is uploaded, because the folder could not be searched for existing files (conflict-strategy, re-runs).',
  zh: '无法在文件夹中查找已有文件，因此会上传所有文件（conflict-strategy、重新运行）。',
}

/** What the steps did. */
type Done = Omit<Report, 'elapsed'>

const NOTHING: Done = { files: [], deleted: [], warnings: [], failures: [] }

/**
 * Runs the job: reads the inputs, then checks, posts a message, or uploads files. Outputs, log, and summary report what happened, even
 * if the job fails.
 *
 * @returns whether everything succeeded
 */
export async function run(runner: Runner, environment: Environment): Promise<boolean> {
  const { clock } = environment
  const started = clock.monotonic()
  const temporary = new TemporaryDirectory(runner.temp())
  let http: Http | undefined
  let appKey: string | undefined
  let stage: Stage = 'inputs'
  let done: Done
  let elapsed: number
  try {
    for (const secret of secretInputs(runner.input)) runner.secret(secret)
    const inputs = readInputs(runner, process.env)
    appKey = inputs.appKey
    const templates = {
      message: inputs.message,
      buttons: inputs.buttons.flatMap(({ title, url }) => [title, url]).join('\n'),
      images: inputs.images.flatMap((image) => (image.kind === 'qr' ? image.link : [])).join('\n'),
    }
    for (const [input, template] of Object.entries(templates))
      for (const warning of placeholderWarnings(template, input)) runner.warning(warning)
    const { requestTimeout, concurrency } = inputs
    http = new Http(environment, requestTimeout, concurrency === 'auto' ? MAX_CONCURRENCY : concurrency)
    if (inputs.mode === 'check') return await check(inputs, http, runner)
    if (inputs.folder) done = await deliver(inputs, http, temporary, runner)
    else {
      stage = 'message'
      done = await postAlone(inputs, http, runner)
    }
  } catch (error) {
    done = { ...NOTHING, failures: [{ stage, consequence: CONSEQUENCES[stage], error }] }
  } finally {
    elapsed = clock.monotonic() - started
    await close(() => http?.close(), runner)
    await close(() => temporary.remove(), runner)
  }
  await writeReport({ ...done, elapsed }, appKey, runner)
  return failuresOf(done).length === 0
}

/** Closes something that the job has opened. A failure is a warning, so that the rest is closed and the report is written. */
async function close(what: () => Promise<void> | undefined, runner: Runner): Promise<void> {
  try {
    await what()
  } catch (error) {
    runner.warning({ en: `Could not clean up: ${String(error)}`, zh: `清理失败：${String(error)}` })
  }
}

/** Runs `mode: check`. @returns whether an upload would have everything that it needs */
async function check(inputs: Inputs, http: Http, runner: Runner): Promise<boolean> {
  // A check ends soon even if a firewall drops every connection.
  const retries = Math.min(inputs.retries, 1)
  const { dingtalk, environment } = contextFor({ ...inputs, retries }, http, runner)
  const plainHttp = isLoopback(inputs.apiBaseUrl)
  const oss = new Oss({ http, logger: runner, plainHttp, concurrency: fixedConcurrency(1), retries })
  const { source, notCounted } = runner.job()
  const counted = notCounted ? undefined : source
  return runCheck(inputs, { dingtalk, oss, source: counted, signal: environment.signal }, runner)
}

/** The client, and what the steps need in addition. */
function contextFor(inputs: Inputs, http: Http, runner: Runner) {
  return {
    dingtalk: new DingTalk({ ...inputs, http, logger: runner }),
    environment: http.environment,
    retries: inputs.retries,
    log: runner.info,
    warn: runner.warning,
    secret: runner.secret,
  }
}

/** Posts a message without files. */
async function postAlone(inputs: MessageInputs, http: Http, runner: Runner): Promise<Done> {
  const { robot } = inputs
  if (!robot) return NOTHING
  const missing = filePlaceholders(inputs.message)
  if (missing) runner.warning(missing)
  const context = contextFor(inputs, http, runner)
  const chats = await findChats(robot.kind === 'app' ? inputs.chats : [], 'message', context.dingtalk)
  const users = inputs.users.map((id) => ({ kind: 'user', id, given: id }) as const)
  const to = [...chats.found, ...users]
  const mentions = mentionsOf(inputs, runner)
  const post = { ...inputs, robot, mentions, to, facts: factsOf([], inputs, runner) }
  return { ...NOTHING, message: await postMessage(post, http, context), failures: chats.failures }
}

/** Finds files, uploads and sends them, posts the message, and applies `keep-last`. An error is reported with what was done before. */
async function deliver(
  inputs: UploadInputs,
  http: Http,
  temporary: TemporaryDirectory,
  runner: Runner,
): Promise<Done> {
  const hasMessage = inputs.message !== '' || inputs.images.length > 0
  const failures: Failure[] = []
  const warnings: Failure[] = []
  let files: FileResult[] = []
  let sendTo: readonly SentTo[] | undefined
  let message: PostedMessage | undefined
  let retained: Retained = NOTHING
  let uploader: Uploader | undefined
  let stage: Stage = 'files'
  const about = aboutFolder(inputs.folder, runner)
  const withFolder = (failure: Failure) => (failure.stage === 'upload' ? { about, ...failure } : failure)
  const done = () => ({
    ...retained,
    files: files.map((file) => ({ ...file, failures: file.failures.map(withFolder) })),
    sendTo,
    message,
    warnings: [...warnings, ...files.flatMap(({ warnings = [] }) => warnings), ...retained.warnings],
    failures: [...failures, ...retained.failures].map(withFolder),
  })
  try {
    const { files: found, release } = await findFiles(inputs, runner, temporary, http)
    files = found.map((file) => ({ file, sentTo: [], failures: [], duration: 0 }))
    if (found.length === 0) {
      if (hasMessage) runner.info(NO_FILES_NO_MESSAGE)
      return done()
    }
    runner.group(filesHeading(found), found.map(foundLine))

    stage = 'upload'
    const job = runner.job()
    const context = contextFor(inputs, http, runner)
    const { dingtalk } = context
    const { unionId, recipients, failures: notFound } = await findPeople(inputs, context)
    sendTo = [...recipients, ...notFound.flatMap(({ to }) => to ?? [])]
    // If no recipient is found, nothing is uploaded: the corrected run would leave a second copy.
    if (unionId === undefined || (recipients.length === 0 && notFound.length > 0)) {
      failures.push(...notFound.map((failure) => ({ ...failure, consequence: NOTHING_UPLOADED })))
      return done()
    }
    failures.push(...notFound)

    const folder = await subfoldersOf(inputs.folder, unionId, dingtalk.drive)(inputs.folderPath)
    const onUnlisted = (error: unknown) => {
      warnings.push({ stage: 'upload', consequence: NOT_SEARCHED, error })
    }
    const options = { ...inputs, folder, unionId, job, onUnlisted }
    uploader = new Uploader(options, { ...context, http, logger: runner })
    const uploads = await uploader.start(found)

    stage = 'send'
    const record = { ...context, unionId, sendTo, strategy: inputs.conflictStrategy }
    for (const [index, sent] of announce(uploads, recipients, record).entries()) {
      const file = (files[index] = await sent)
      if (file.uploaded || file.failures.length > 0) runner.info(fileLine(file))
    }

    stage = 'message'
    const { robot } = inputs
    const linked = files.flatMap((file) =>
      file.uploaded ? [{ name: shownName(file), url: file.uploaded.url, size: sizeOf(file) }] : [],
    )
    const isNews = files.some((file) => file.isNews)
    if (hasMessage && linked.length > 0 && !isNews) runner.info(NOTHING_NEW)
    if (hasMessage && robot && isNews) {
      const mentions = mentionsOf(inputs, runner)
      const facts = factsOf(linked, inputs, runner, release)
      message = await postMessage({ ...inputs, robot, mentions, to: recipients, facts }, http, context)
    }

    stage = 'retention'
    const { keepLast: keep } = inputs
    if (keep === undefined) return done()
    if (failuresOf(done()).length > 0) runner.info(NOT_KEPT)
    else {
      const own = files.flatMap(({ uploaded }) => uploaded?.dentry ?? [])
      retained = await keepLast(own, { folder, unionId, keep, job }, context)
    }
  } catch (error) {
    failures.push({ stage, consequence: CONSEQUENCES[stage], error })
  } finally {
    uploader?.close()
  }
  return done()
}

/** Finds the files to upload: those that the patterns match, or the assets of a release, which is returned too. */
async function findFiles(inputs: Inputs, runner: Runner, temporary: TemporaryDirectory, http: Http) {
  let release: Release | undefined
  const workspaces = WORKSPACES.flatMap((name) => process.env[name] || [])
  const files = await collectFiles(inputs, {
    rules: patternRules(),
    expectsAll: runner.literalPaths !== undefined,
    inside: [process.cwd(), runner.temp(), ...workspaces],
    releaseAssets: async () => {
      const { releaseTag: tag, githubToken: token, path, retries } = inputs
      const concurrency = inputs.concurrency === 'auto' ? DOWNLOADS : inputs.concurrency
      const options = { http, token, retries, log: runner.info, tag, path, concurrency }
      const directory = await mkdtemp(join(await temporary.path(), 'release-'))
      const found = await releaseFiles({ ...readRepository(process.env), ...options }, directory)
      release = found.release
      return found.files
    },
    temporary,
    signal: http.environment.signal,
    logger: runner,
  })
  return { files, release }
}

/** The target folder, as failures show it. */
function aboutFolder(folder: Folder, runner: Runner): About {
  const input = runner.input('folder-url').trim() ? 'folder-url' : 'parent-id'
  return { input, value: folder.kind === 'uuid' ? folder.uuid : `fileId ${folder.parentId}` }
}

/** The values of a message's placeholders. @param release the one of `release-tag`; default: the event's */
function factsOf(
  files: Facts['files'],
  { message, buttons, status, language }: Inputs,
  runner: Runner,
  release?: Release,
): Facts {
  const run = runner.workflowRun()
  const noted = JSON.stringify([message, buttons]).includes('{notes}') ? (release ?? run?.release) : undefined
  return { files, status, run, language, notes: noted && releaseNotes(noted) }
}
