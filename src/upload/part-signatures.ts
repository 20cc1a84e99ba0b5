import { PART_INFOS } from '../dingtalk/client.ts'
import type { SignatureInfo } from '../dingtalk/responses/schema.ts'
import type { Clock } from '../dingtalk/transport/environment.ts'

/** Which share of its life a signature may have behind it when a PUT begins. */
const USABLE = 0.8

interface Signed {
  info: Promise<SignatureInfo | undefined>
  /** ms since the epoch */
  until: number
}

/**
 * The upload infos of a file's parts: asked for thirty at a time, just ahead of need, so that calls stay few and no
 * signature grows old while other parts are sent.
 */
export class PartSignatures {
  readonly #clock: Clock
  readonly #ahead: number
  readonly #ask: (partNumbers: number[]) => Promise<ReadonlyMap<number, SignatureInfo>>
  /** The parts that are still to be stored. */
  readonly #left: Set<number>
  readonly #signed = new Map<number, Signed>()

  /**
   * @param count how many parts there are
   * @param ahead how many parts before the last signed one the next are asked for
   * @param ask asks the platform for the upload infos of at most thirty parts
   */
  constructor(
    count: number,
    ahead: number,
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
   * @param expired the one that OSS has refused: all that are as old go with it
   * @throws what asking throws
   */
  async of(part: number, expired?: SignatureInfo): Promise<SignatureInfo> {
    if (expired && (await this.#signed.get(part)?.info) === expired) this.#signed.clear()
    const info = await this.#usable(part)
    if (this.#left.has(part + this.#ahead)) {
      // Whoever needs them asks again if this fails, and is told then.
      this.#usable(part + this.#ahead).catch(() => undefined)
    }
    if (!info) throw new Error(`no upload info was given for part ${part}`)
    return info
  }

  /** A part is stored and needs no upload info any more. */
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
    return signed !== undefined && this.#clock.now() < signed.until
  }

  #askFrom(first: number): void {
    const numbers = this.#left
      .values()
      .filter((number) => number >= first && !this.#isUsable(number))
      .take(PART_INFOS)
      .toArray()
    const asked = this.#clock.now()
    const infos = this.#ask(numbers)
    for (const number of numbers) {
      const signed: Signed = { info: infos.then((given) => given.get(number)), until: Infinity }
      this.#signed.set(number, signed)
      signed.info.then(
        (info) => (signed.until = asked + (info?.expirationSeconds ?? 0) * 1000 * USABLE),
        () => {
          if (this.#signed.get(number) === signed) this.#signed.delete(number)
        },
      )
    }
  }
}
