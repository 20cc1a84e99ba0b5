import { type Concurrency, Slots } from '../http/concurrency.ts'
import type { Http } from '../http/http.ts'
import type { Text } from '../http/text.ts'
import { DingTalkError } from './errors.ts'
import type { Logger } from './gateway.ts'
import { isFromOss, readOssResponse } from './responses.ts'
import { repeatCall, sendCall, type Retries } from './retry.ts'
import type { SignatureInfo } from './schema.ts'

/** The maximum size of a single PUT, in bytes. */
export const MAX_PUT = 5 * 1024 ** 3

/** The parameters of a signed URL that contain the signature. */
const SIGNATURES = ['Signature', 'x-oss-signature']

/** Bytes that can be read once, and their MD5. */
export interface Payload extends AsyncIterable<Uint8Array> {
  /** bytes */
  readonly size: number
  /** The MD5 (lower-case hex) of the bytes. Call this after reading all of them. */
  md5(): Promise<string>
}

export interface OssOptions {
  http: Http
  logger: Logger
  /** Whether resource URLs may use plain HTTP, because the gateway is on this machine too. */
  plainHttp: boolean
  /** Limits the number of parallel PUTs of all files and parts. */
  concurrency: Concurrency
  /** Retries of a PUT, after the first attempt. */
  retries: number
}

export interface StoreOptions {
  /** Ends the PUT and its waits. Default: the job's signal. */
  signal?: AbortSignal | undefined
  /** Default: as for the job. */
  retries?: number | undefined
  /** Called before the wait for a retry. */
  onWait?: (() => void) | undefined
}

/** The object storage that stores the bytes. */
export class Oss {
  readonly #options: OssOptions
  readonly #retries: Retries
  readonly #slots: Slots
  /** Origins that could not be reached. They are tried last, because each attempt may take until the timeout. */
  readonly #unreachable = new Set<string>()

  constructor(options: OssOptions) {
    const { http, logger, concurrency, retries } = options
    const log = (line: Text) => {
      logger.info(line)
    }
    this.#options = options
    this.#retries = { environment: http.environment, retries, log }
    this.#slots = new Slots(() => concurrency.limit)
  }

  /**
   * Stores a file or a part with a PUT. If OSS rejects the signature as expired, the PUT is repeated once with a new one.
   * Each attempt waits for a slot before it gets a signature, so that the signature doesn't expire meanwhile.
   *
   * @param sign gets a signature, or a new one in place of an expired one
   * @param read starts reading the bytes, for each attempt
   * @returns the MD5 (lower-case hex) of the bytes. OSS has confirmed it, if it returns an MD5.
   * @throws DingTalkError, or the error of reading the bytes
   */
  async store(
    sign: (expired?: SignatureInfo) => Promise<SignatureInfo>,
    read: () => Payload,
    { signal, retries = this.#retries.retries, onWait }: StoreOptions = {},
  ): Promise<string> {
    const attempt = async () => {
      const signature = await sign()
      try {
        return await this.#put(signature, read, signal)
      } catch (error) {
        if (!(error instanceof DingTalkError) || error.remedy !== 'new-upload-info') throw error
        return this.#put(await sign(signature), read, signal)
      }
    }
    const log = (line: Text) => {
      this.#retries.log(line)
      onWait?.()
    }
    return repeatCall('put', { ...this.#retries, retries, log, signal }, () =>
      this.#slots.run(attempt, signal),
    )
  }

  /**
   * Sends a request without a signature, which OSS always rejects.
   *
   * @returns whether OSS sent the response, and its HTTP status
   * @throws DingTalkError if there is no response, or the address is not allowed
   */
  async probe(origin: string): Promise<{ isOss: boolean; status: number }> {
    const url = new URL(origin)
    this.#rejectPlainHttp(url)
    return repeatCall('probe', this.#retries, async () => {
      const response = await sendCall('probe', this.#options.http, { method: 'GET', url, headers: {} })
      return { isOss: isFromOss(response), status: response.status }
    })
  }

  /** PUTs to the first of the resource URLs that can be reached. */
  async #put(
    { resourceUrls, headers }: SignatureInfo,
    read: () => Payload,
    signal?: AbortSignal,
  ): Promise<string> {
    const { http, logger, concurrency } = this.#options
    const { clock } = http.environment
    const started = clock.monotonic()
    this.#registerSecrets(resourceUrls, headers)
    const rank = (url: URL) => Number(this.#unreachable.has(url.origin))
    const urls = resourceUrls.map((url) => new URL(url)).toSorted((one, other) => rank(one) - rank(other))
    let last: unknown
    for (const url of urls) {
      this.#rejectPlainHttp(url)
      const payload = read()
      try {
        const md5 = await this.#putTo(url, headers, payload, signal)
        concurrency.succeeded(payload.size, started, clock.monotonic())
        return md5
      } catch (error) {
        last = error
        if (!(error instanceof DingTalkError) || error.status !== undefined || error.mayHaveHappened) break
        logger.debug(`${error.message}; trying the next resource URL`)
        this.#unreachable.add(url.origin)
      }
    }
    if (last instanceof DingTalkError && (last.kind === 'throttled' || last.kind === 'unavailable'))
      concurrency.failed(clock.monotonic())
    throw last
  }

  /**
   * OSS's signature covers all headers that OSS knows, so only the given headers and the length are sent. An added content
   * type is the most common cause of `SignatureDoesNotMatch`.
   */
  async #putTo(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Payload,
    signal?: AbortSignal,
  ): Promise<string> {
    const response = await sendCall('put', this.#options.http, {
      method: 'PUT',
      url,
      headers: { ...headers, 'content-length': String(body.size) },
      body,
      signal,
    })
    const { status } = response
    this.#options.logger.debug(`store the bytes in OSS: PUT ${url.host}${url.pathname} → HTTP ${status}`)
    const isOssSigned =
      Object.keys(headers).some((name) => name.toLowerCase() === 'authorization') ||
      SIGNATURES.some((name) => url.searchParams.has(name))
    const stored = readOssResponse(response, isOssSigned)
    const sent = await body.md5()
    if (stored === undefined || stored === sent) return sent
    throw new DingTalkError({
      operation: 'put',
      code: 'ContentMismatch',
      kind: 'unavailable',
      mayHaveHappened: true,
      message: {
        en: `The uploaded data is corrupt: the storage received MD5 ${stored} instead of ${sent}.`,
        zh: `上传的数据已损坏：存储收到的 MD5 为 ${stored}，应为 ${sent}。`,
      },
      status,
    })
  }

  /** With a signature, anyone can write the object until it expires. */
  #registerSecrets(resourceUrls: readonly string[], headers: Readonly<Record<string, string>>): void {
    // The storage decides which headers are secret. A date isn't, and masking it would hide it in the whole log.
    for (const [name, value] of Object.entries(headers))
      if (!/(^|-)date$/i.test(name)) this.#options.logger.secret(value)
    for (const url of resourceUrls)
      for (const name of SIGNATURES) {
        const signature = new URL(url).searchParams.get(name)
        if (signature) this.#options.logger.secret(signature)
      }
  }

  #rejectPlainHttp(url: URL): void {
    if (url.protocol === 'https:' || this.#options.plainHttp) return
    throw new DingTalkError({
      operation: 'put',
      code: 'InsecureResourceUrl',
      kind: 'refused',
      mayHaveHappened: false,
      message: {
        en: `DingTalk returned an unencrypted storage URL (http://${url.host}). Nothing was sent to it.`,
        zh: `钉钉返回的存储地址未加密（http://${url.host}），因此没有发送任何内容。`,
      },
    })
  }
}
