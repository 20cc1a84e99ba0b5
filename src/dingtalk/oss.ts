import { type Concurrency, Slots } from '../http/concurrency.ts'
import type { Http } from '../http/http.ts'
import type { Text } from '../http/text.ts'
import { DingTalkError } from './errors.ts'
import type { Logger } from './gateway.ts'
import { isFromOss, readOssResponse } from './responses.ts'
import { repeatCall, sendCall, type Retries } from './retry.ts'
import type { SignatureInfo } from './schema.ts'

/** The most that a single PUT takes, in bytes. */
export const MAX_PUT = 5 * 1024 ** 3

/** The parameters of a signed URL that hold the signature. */
const SIGNATURES = ['Signature', 'x-oss-signature']

/** Bytes that can be read once, and their MD5. */
export interface Payload extends AsyncIterable<Uint8Array> {
  /** bytes */
  readonly size: number
  /** The MD5 (lower-case hex) of the bytes. To be called when all have been read. */
  md5(): Promise<string>
}

export interface OssOptions {
  http: Http
  logger: Logger
  /** Whether resource URLs may be plain http: only if the gateway is on this machine too. */
  plainHttp: boolean
  /** How many PUTs may be under way at once, whatever files or parts they are of. */
  concurrency: Concurrency
  /** Attempts of a PUT after the first. */
  retries: number
}

/** What is particular about storing one object, or a part of one. */
export interface StoreOptions {
  /** Ends the wait for a slot, the PUT, and the wait for the next try; default: the job's. */
  signal?: AbortSignal | undefined
  /** Tries after the first; default: the job's. */
  retries?: number | undefined
  /** Called before the wait for the next try. */
  onWait?: (() => void) | undefined
}

/** The object storage that takes the bytes. */
export class Oss {
  readonly #options: OssOptions
  readonly #slots: Slots
  /** Origins that could not be reached. A firewall may drop what is sent to them: each try waits for the connection. */
  readonly #unreachable = new Set<string>()

  constructor(options: OssOptions) {
    this.#options = options
    this.#slots = new Slots(() => options.concurrency.limit)
  }

  /**
   * Stores an object, or a part of one, with a PUT. Retries where the policy allows it, once at once with a new signature
   * where OSS has refused the given one as expired.
   *
   * A try has its slot before it asks for a signature, and keeps it for the second signature: a signature must not grow
   * old while other PUTs are sent.
   *
   * @param sign gets a signature for a PUT that starts at once; a new one if it is given the expired one
   * @param read starts to read the bytes from the beginning, for each try
   * @returns the MD5 (lower-case hex) of what was sent, which is what OSS stored, as far as it says
   * @throws DingTalkError, or what reading the bytes throws
   */
  async store(
    sign: (expired?: SignatureInfo) => Promise<SignatureInfo>,
    read: () => Payload,
    { signal, retries, onWait }: StoreOptions = {},
  ): Promise<string> {
    const attempt = async () => {
      const signature = await sign()
      try {
        return await this.#measured(() => this.#put(signature, read, signal))
      } catch (error) {
        if (!(error instanceof DingTalkError) || error.remedy !== 'new-upload-info') throw error
        const renewed = await sign(signature)
        return this.#measured(() => this.#put(renewed, read, signal))
      }
    }
    return repeatCall('put', this.#retriesOf({ signal, retries, onWait }), () =>
      this.#slots.run(attempt, signal),
    )
  }

  /**
   * Asks an address of the storage for nothing, and without a signature: OSS always refuses that.
   *
   * @returns whether the refusal is OSS's own, and its HTTP status
   * @throws DingTalkError if no answer comes, or the address is not to be used
   */
  async probe(origin: string): Promise<{ isOss: boolean; status: number }> {
    const operation = 'probe'
    const { http } = this.#options
    const url = new URL(origin)
    this.#refusePlainHttp(url)
    return repeatCall(operation, this.#retriesOf({}), async () => {
      const response = await sendCall(operation, http, { method: 'GET', url, headers: {} })
      return { isOss: isFromOss(response), status: response.status }
    })
  }

  #retriesOf({ signal, retries, onWait }: StoreOptions): Retries {
    const { http, logger } = this.#options
    const log = (line: Text) => {
      logger.info(line)
      onWait?.()
    }
    const environment = { ...http.environment, ...(signal ? { signal } : {}) }
    return { environment, retries: retries ?? this.#options.retries, log }
  }

  /** Reports to the limit of PUTs how one of them went. */
  async #measured(put: () => Promise<{ md5: string; size: number }>): Promise<string> {
    const { concurrency, http } = this.#options
    const { clock } = http.environment
    const started = clock.monotonic()
    try {
      const { md5, size } = await put()
      concurrency.succeeded(size, started, clock.monotonic())
      return md5
    } catch (error) {
      if (error instanceof DingTalkError && (error.kind === 'throttled' || error.kind === 'unavailable'))
        concurrency.failed(clock.monotonic())
      throw error
    }
  }

  /**
   * One try: at the first of the resource URLs that can be reached. Those that could not be reached before come last.
   *
   * The signature covers every header OSS knows. Sent are the given ones and the length, nothing else: a content type
   * that a client adds by itself is the commonest cause of `SignatureDoesNotMatch`.
   */
  async #put(
    { resourceUrls, headers }: SignatureInfo,
    read: () => Payload,
    signal?: AbortSignal,
  ): Promise<{ md5: string; size: number }> {
    const { http, logger } = this.#options
    this.#registerSecrets(resourceUrls, headers)
    let unreachable: unknown
    const rank = (url: URL) => Number(this.#unreachable.has(url.origin))
    const urls = resourceUrls.map((url) => new URL(url))
    for (const url of urls.toSorted((one, other) => rank(one) - rank(other))) {
      this.#refusePlainHttp(url)
      const payload = read()
      try {
        const response = await sendCall('put', http, {
          method: 'PUT',
          url,
          headers: { ...headers, 'content-length': String(payload.size) },
          body: payload,
          signal,
        })
        logger.debug(`store the bytes in OSS: PUT ${url.host}${url.pathname} → HTTP ${response.status}`)
        const stored = readOssResponse(response, isOssSigned(url, headers))
        const sent = await payload.md5()
        if (stored.md5 === undefined || stored.md5 === sent) return { md5: sent, size: payload.size }
        throw new DingTalkError({
          operation: 'put',
          code: 'ContentMismatch',
          kind: 'unavailable',
          mayHaveHappened: true,
          message: {
            en: `The uploaded data is corrupt: the storage received MD5 ${stored.md5} instead of ${sent}.`,
            zh: `上传的数据已损坏：存储收到的 MD5 为 ${stored.md5}，应为 ${sent}。`,
          },
          status: response.status,
        })
      } catch (error) {
        const outOfReach =
          error instanceof DingTalkError && error.status === undefined && !error.mayHaveHappened
        if (!outOfReach) throw error
        logger.debug(`${error.message}; trying the next resource URL`)
        this.#unreachable.add(url.origin)
        unreachable = error
      }
    }
    throw unreachable as DingTalkError
  }

  /** Anyone who has the signature, in a header or in the URL, can write the object until it expires. */
  #registerSecrets(resourceUrls: readonly string[], headers: Readonly<Record<string, string>>): void {
    // Which of them are secret depends on the storage. A date is not, and masking it would hide it all over the log.
    for (const [name, value] of Object.entries(headers)) {
      if (!/(^|-)date$/i.test(name)) this.#options.logger.secret(value)
    }
    for (const url of resourceUrls) {
      for (const name of SIGNATURES) {
        const signature = new URL(url).searchParams.get(name)
        if (signature) this.#options.logger.secret(signature)
      }
    }
  }

  #refusePlainHttp(url: URL): void {
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

function isOssSigned(url: URL, headers: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(headers).map((name) => name.toLowerCase())
  return names.includes('authorization') || SIGNATURES.some((name) => url.searchParams.has(name))
}
