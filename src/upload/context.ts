import { DingTalk } from '../dingtalk/client.ts'
import { Committer } from '../dingtalk/committer.ts'
import type { GatewayOptions, Logger } from '../dingtalk/gateway.ts'
import { Oss } from '../dingtalk/oss.ts'
import type { Environment } from '../dingtalk/transport/environment.ts'
import type { Http } from '../dingtalk/transport/http.ts'
import { isLoopback } from '../dingtalk/transport/loopback.ts'
import type { RetryOptions } from '../dingtalk/transport/retry.ts'
import { DigestThread } from './digest.ts'
import type { UploadContext } from './upload.ts'

/** What the inputs say about how to upload. */
export interface UploadOptions extends Omit<GatewayOptions, 'http' | 'retryOptions' | 'logger'> {
  readonly concurrency: number
  /** bytes; 0: never */
  readonly multipartThreshold: number
  /** bytes */
  readonly partSize: number | 'auto'
  readonly retries: number
}

/** The client, its storage and its committer, on one HTTP client and one retry policy. */
export function createUploadContext(
  options: UploadOptions,
  http: Http,
  logger: Logger,
  environment: Environment,
): UploadContext {
  const { apiBaseUrl, concurrency, multipartThreshold, partSize, retries } = options
  const plainHttp = isLoopback(apiBaseUrl)
  const { halting } = http
  const retryOptions = { ...retryOptionsFor(retries, logger, environment), halting }
  const dingtalk = new DingTalk({ ...options, http, retryOptions, logger })
  const committer = new Committer(dingtalk.drive, retryOptions)
  const oss = new Oss({ http, logger, plainHttp, concurrency, retryOptions })
  const digests = new DigestThread()
  return { dingtalk, committer, oss, digests, retryOptions, concurrency, multipartThreshold, partSize }
}

/** The retry policy's options, with waits logged. */
export function retryOptionsFor(retries: number, logger: Logger, environment: Environment): RetryOptions {
  const log = (line: string) => {
    logger.info(line)
  }
  return { ...environment, retries, log }
}
