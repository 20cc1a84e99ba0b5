import { DingTalk } from '../dingtalk/client.ts'
import { Committer } from '../dingtalk/committer.ts'
import type { Folder, Region } from '../dingtalk/drive.ts'
import type { GatewayOptions, Logger } from '../dingtalk/gateway.ts'
import { Oss } from '../dingtalk/oss.ts'
import { type Job, sourceText } from '../domain.ts'
import { AdaptiveConcurrency, type Concurrency, fixedConcurrency } from '../http/concurrency.ts'
import type { Environment } from '../http/environment.ts'
import type { Http } from '../http/http.ts'
import { isLoopback } from '../http/proxies.ts'
import type { Text } from '../http/text.ts'
import { DigestThread } from './digest.ts'
import { firstConnections } from './parts.ts'

/** What the inputs say about how to upload. */
export interface UploadOptions extends Omit<GatewayOptions, 'http' | 'logger'> {
  readonly concurrency: number | 'auto'
  readonly retries: number
  readonly preferRegion: Region | undefined
  /** Default: a job outside any workflow. */
  readonly job?: Job
}

/** What an upload works with: the client, its storage, and the settings. */
export interface UploadContext {
  dingtalk: DingTalk
  committer: Committer
  oss: Oss
  digests: DigestThread
  environment: Environment
  /** Attempts of a call after the first. */
  retries: number
  log: (line: Text) => void
  job: Job
  warn: (message: Text) => void
  /** How many PUTs are under way at once. */
  concurrency: Concurrency
  /** How far away DingTalk is, in ms, as far as that is known. */
  roundTrip: () => number | undefined
  /** Larger files (bytes) are uploaded in parts; 0: none is. */
  multipartThreshold: number | 'auto'
  /** bytes */
  partSize: number | 'auto'
  /** Resolved once the platform has taken on a file: what concerns every file does not refuse them. */
  accepted: PromiseWithResolvers<void>
  /** The folders for which multipart upload turned out to be unavailable. */
  wholeOnly: WeakSet<Folder>
}

/** The client, its storage and its committer, on one HTTP client and one retry policy. */
export function createUploadContext(
  options: UploadOptions,
  http: Http,
  logger: Logger & { warning(message: Text): void },
): UploadContext {
  const { apiBaseUrl, retries } = options
  const { job = { source: undefined, attempt: 1 } } = options
  const plainHttp = isLoopback(apiBaseUrl)
  const { environment } = http
  const log = (line: Text) => {
    logger.info(line)
  }
  const dingtalk = new DingTalk({ ...options, http, logger })
  const source = job.source && sourceText(job.source)
  const committer = new Committer(dingtalk.drive, { environment, retries, log }, { source })
  const roundTrip = () => http.roundTrip(apiBaseUrl)
  const concurrency =
    options.concurrency === 'auto'
      ? new AdaptiveConcurrency(() => firstConnections(roundTrip()))
      : fixedConcurrency(options.concurrency)
  const oss = new Oss({ http, logger, plainHttp, concurrency, retries })
  const digests = new DigestThread()
  const warn = (message: Text) => {
    logger.warning(message)
  }
  return {
    dingtalk,
    committer,
    oss,
    digests,
    environment,
    retries,
    log,
    job,
    warn,
    concurrency,
    roundTrip,
    multipartThreshold: 'auto',
    partSize: 'auto',
    accepted: Promise.withResolvers(),
    wholeOnly: new WeakSet(),
  }
}
