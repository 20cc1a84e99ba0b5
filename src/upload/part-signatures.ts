import { PART_INFOS } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import type { SignatureInfo } from '../dingtalk/schema.ts'
import type { Clock } from '../http/environment.ts'

/** The share of its lifetime after which a signature is not used for a new PUT. */
const USABLE = 0.8

/**
 * When a signature is no longer used for a new PUT: ms, on the same clock as `asked`.
 *
 * @param asked when it was requested
 */
export function usableUntil(asked: number, { expirationSeconds }: SignatureInfo): number {
  return asked + expirationSeconds * 1000 * USABLE
}

interface Signed {
  info: Promise<SignatureInfo | undefined>
  /** The same, once it is there. */
  given: SignatureInfo | undefined
  /** When it is no longer used for a new PUT, in ms. */
  usableUntil: number
}

/**
 * The upload infos of a file's parts. They are requested thirty at a time, shortly before they are needed: that keeps
 * calls few, and no signature expires while other parts are sent.
 */
export class PartSignatures {
  readonly #clock: Clock
  readonly #ahead: () => number
  readonly #ask: (partNumbers: number[]) => Promise<ReadonlyMap<number, SignatureInfo>>
  /** The parts that are not stored yet. */
  readonly #left: Set<number>
  readonly #signed = new Map<number, Signed>()

  /**
   * @param count how many parts there are
   * @param ahead gives how many parts in advance the next upload infos are requested
   * @param ask requests the upload infos of at most thirty parts from the platform
   */
  constructor(
    count: number,
    ahead: () => number,
    clock: Clock,
    ask: (partNumbers: number[]) => Promise<ReadonlyMap<number, SignatureInfo>>,
  ) {
    this.#left = new Set(Array.from({ length: count }, (_, index) => index + 1))
    this.#ahead = ahead
    this.#clock = clock
    this.#ask = ask
  }

  /**
   * The upload info of a part.
   *
   * @param expired the one that OSS has refused as expired: it and all others are requested again
   * @throws DingTalkError if the response has none for the part; what the request throws
   */
  async of(part: number, expired?: SignatureInfo): Promise<SignatureInfo> {
    if (expired && this.#signed.get(part)?.given === expired) {
      this.#signed.clear()
      // From the first part that is left: the other parts under way have expired too.
      this.#askFrom(1)
    }
    const info = await this.#usable(part)
    const later = part + this.#ahead()
    // If this fails, it is requested again when it is needed, and fails there. The gap before is filled too: the number
    // of connections may have risen.
    if (this.#left.has(later) && !this.#isUsable(later)) this.#askFrom(part)
    if (!info) throw missing(part)
    return info
  }

  /** Marks a part as stored: it needs no upload info any more. */
  done(part: number): void {
    this.#left.delete(part)
    this.#signed.delete(part)
  }

  #usable(part: number): Promise<SignatureInfo | undefined> {
    if (!this.#isUsable(part)) this.#askFrom(part)
    return this.#signed.get(part)?.info ?? Promise.resolve(undefined)
  }

  #isUsable(part: number): boolean {
    const signed = this.#signed.get(part)
    return signed !== undefined && this.#clock.monotonic() < signed.usableUntil
  }

  #askFrom(first: number): void {
    const numbers = this.#left
      .values()
      .filter((number) => number >= first && !this.#isUsable(number))
      .take(PART_INFOS)
      .toArray()
    const asked = this.#clock.monotonic()
    const infos = this.#ask(numbers)
    for (const number of numbers) {
      const info = infos.then((given) => given.get(number))
      const signed: Signed = { info, given: undefined, usableUntil: Infinity }
      this.#signed.set(number, signed)
      info.then(
        (given) => {
          signed.given = given
          signed.usableUntil = given ? usableUntil(asked, given) : asked
        },
        () => {
          if (this.#signed.get(number) === signed) this.#signed.delete(number)
        },
      )
    }
  }
}

function missing(part: number): DingTalkError {
  return new DingTalkError({
    operation: 'partInfo',
    code: 'UnreadableAnswer',
    kind: 'unavailable',
    mayHaveHappened: false,
    message: {
      en: `The response has no upload address for part ${part}.`,
      zh: `响应中没有分片 ${part} 的上传地址。`,
    },
  })
}
