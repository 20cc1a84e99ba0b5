import { PART_INFOS, type UploadTicket } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import type { SignatureInfo } from '../dingtalk/schema.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Clock } from '../http/environment.ts'
import { FileReader } from './file-reader.ts'
import { type Attempt, runHedged } from './hedged.ts'
import type { Progress } from './progress.ts'
import type { Stored, StoreOptions } from './store.ts'

const MIB = 1024 ** 2
/** The platform takes at most so many parts. */
const MAX_PARTS = 10_000
/** From this round trip on (ms), DingTalk counts as far away: a connection carries little there, and many carry more. */
const FAR = 40
/** A larger file (bytes) is uploaded in parts. Parts cost at least one more call. */
const THRESHOLD = { near: 8 * MIB, far: 4 * MIB }
/** The smallest part size, in bytes. Near, opening another connection takes longer than sending this. */
const SMALLEST = { near: 1.5 * MIB, far: MIB / 2 }
/** From this part size on (bytes), more parts are better than larger ones. Near, sending one again takes less time. */
const ENOUGH = { near: 12 * MIB, far: 8 * MIB }
/** The largest part size, in bytes: a broken connection costs one part. */
const LARGEST = 64 * MIB
/** Up to this many parts, their upload infos take two calls. Parts grow before there are more. */
const ENOUGH_PARTS = 2 * PART_INFOS

/** The round trip (ms) to DingTalk's gateway decides, if it is known: nothing is known about the storage yet. */
function distance(roundTrip = 0): 'near' | 'far' {
  return roundTrip < FAR ? 'near' : 'far'
}

/**
 * How many connections are used at first: 16, and up to 30 in proportion to the round trip to the gateway, as what one of
 * them carries is in inverse proportion to it (Mathis et al., 1997). Far away, a start with few costs more than connections
 * that turn out to be too many: each round of finding out takes several round trips.
 */
export function firstConnections(roundTrip = 0): number {
  return Math.min(Math.max(Math.round(roundTrip / 5), 16), PART_INFOS)
}

/**
 * Whether a file is uploaded in parts: above 8 MiB, or 4 MiB if DingTalk is far away.
 *
 * @param size bytes
 * @param roundTrip to the gateway, in ms, if it is known
 */
export function goesInParts(size: number, roundTrip: number | undefined): boolean {
  return size > THRESHOLD[distance(roundTrip)]
}

/** One part of a file. */
export interface Part {
  /** From 1. */
  readonly number: number
  /** Where it begins in the file, in bytes. */
  readonly start: number
  /** bytes */
  readonly size: number
}

/**
 * Cuts a file into parts of equal size, the last one smaller.
 *
 * One part for each connection, if they have 0.5 to 8 MiB then (near: 1.5 to 12 MiB), for each further round of parts costs
 * a round trip; of a larger file, parts of that size. If that makes more than 60 of them (two calls on the monthly quota),
 * parts of up to 64 MiB; only then more parts. Where possible their number is a multiple of the connections (of 30, if there
 * are more), so that all of these are busy until the end.
 *
 * @param size of the file, in bytes
 * @param connections how many parts are sent at once
 * @param roundTrip to the gateway, in ms, if it is known
 */
export function planParts(size: number, connections: number, roundTrip?: number): Part[] {
  const where = distance(roundTrip)
  // One part more than a call gives upload infos for would cost another call.
  const inRound = Math.min(connections, PART_INFOS)
  const least = Math.min(Math.max(size / inRound, SMALLEST[where]), ENOUGH[where])
  const few = Math.min(Math.max(1, Math.floor(size / least)), ENOUGH_PARTS)
  const count = Math.max(few, Math.ceil(size / LARGEST))
  const inFullRounds = Math.floor(count / inRound) * inRound
  const planned = inFullRounds * LARGEST >= size ? inFullRounds : count
  const each = Math.ceil(size / Math.min(planned, MAX_PARTS))
  return Array.from({ length: Math.ceil(size / each) }, (_, index) => ({
    number: index + 1,
    start: index * each,
    size: Math.min(each, size - index * each),
  }))
}

/**
 * Sends the bytes of a file in parts, several at once.
 *
 * @param ticket of a multipart upload that has been started for it; the platform completes it with the commit
 * @param signal ends it
 * @throws DingTalkError, or LocalFileError if the file was written to in the meantime: what the first part that fails for
 *   good throws
 */
export async function sendInParts(
  file: LocalFile,
  ticket: UploadTicket,
  progress: Progress,
  signal: AbortSignal,
  { dingtalk, oss, digests, concurrency, environment, roundTrip, unionId }: StoreOptions,
): Promise<Stored> {
  const { clock } = environment
  const md5 = digests.md5(file, signal)
  md5.catch(() => undefined) // a part may fail first
  const parts = planParts(file.size, concurrency.limit, roundTrip())
  const request = (numbers: number[]) => dingtalk.drive.partInfos(ticket.uploadKey, unionId, numbers, signal)
  const signatures = new PartSignatures(parts.length, () => concurrency.limit, clock, request)
  let region: string | undefined
  const sendPart = async (part: Part, { isFirst, signal: ending, begin, wait }: Attempt) => {
    const sign = async (expired?: SignatureInfo) => {
      const signature = await signatures.of(part.number, expired)
      region = signature.region ?? undefined
      return signature
    }
    const onProgress = (bytes: number) => {
      if (isFirst) progress.at(part.number, bytes)
    }
    const read = () => {
      begin()
      return new FileReader(file, { range: part, onProgress })
    }
    const onWait = () => {
      progress.pause(part.number, 0)
      wait()
    }
    // Only the first attempt retries. A second one fails at once, so that it never bypasses the wait that the policy demands.
    await oss.store(sign, read, isFirst ? { signal: ending, onWait } : { signal: ending, retries: 0 })
    progress.pause(part.number, part.size)
    signatures.done(part.number)
  }
  await runHedged(parts, { workers: concurrency.most, clock, signal }, sendPart)
  return { ticket, md5: await md5, region }
}

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
  /** The same, once it has arrived. */
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
      // From the first part that is left: the signatures of the other parts in progress have expired too.
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
