import { PART_INFOS, type UploadTicket } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import type { SignatureInfo } from '../dingtalk/schema.ts'
import type { Clock } from '../http/environment.ts'
import { FileReader, md5Of } from './file-reader.ts'
import { type Attempt, runHedged } from './hedged.ts'
import type { Stored, StoreOptions, Transfer } from './store.ts'

const MIB = 1024 ** 2
/** The most parts that the platform allows. */
const MAX_PARTS = 10_000
/** The largest part: a broken connection costs one part. */
const LARGEST = 64 * MIB
/** The upload infos of this many parts take two calls. Above it, parts get larger first. */
const ENOUGH_PARTS = 2 * PART_INFOS
/** DingTalk is far away from this round trip on (ms). A single connection is slow there, so more of them pay off. */
const FAR = 40

/**
 * Sizes in bytes: files above `threshold` are uploaded in parts, which cost at least one more call. A part has at least
 * `smallest` bytes. From `enough` bytes on, there are more parts instead of larger ones.
 */
const SIZES = {
  near: { threshold: 8 * MIB, smallest: 1.5 * MIB, enough: 12 * MIB },
  far: { threshold: 4 * MIB, smallest: MIB / 2, enough: 8 * MIB },
}

/** @param roundTrip to DingTalk's gateway, in ms, if it is known; the storage is assumed to be as far away */
function sizesFor(roundTrip = 0) {
  return roundTrip < FAR ? SIZES.near : SIZES.far
}

/**
 * The number of connections to start with: 16 to 30, in proportion to the round trip to the gateway (ms), because the throughput
 * of a connection is inversely proportional to it (Mathis et al., 1997).
 */
export function firstConnections(roundTrip = 0): number {
  return Math.min(Math.max(Math.round(roundTrip / 5), 16), PART_INFOS)
}

/** Whether a file of this size (bytes) is uploaded in parts. @param roundTrip to the gateway, in ms, if it is known */
export function goesInParts(size: number, roundTrip: number | undefined): boolean {
  return size > sizesFor(roundTrip).threshold
}

/** One part of a file. */
export interface Part {
  /** From 1. */
  readonly number: number
  /** Its first byte. */
  readonly start: number
  /** bytes */
  readonly size: number
}

/**
 * Divides a file into parts of equal size; the last one may be smaller.
 *
 * There is one part for each connection, unless parts would be too small or too large (see {@link SIZES}). If that makes more than
 * 60 parts, which take two calls, parts grow to up to 64 MiB. If possible, the number is a multiple of the connections, so that
 * all of them are busy until the end.
 *
 * @param size of the file, in bytes
 * @param connections how many parts are sent at once
 * @param roundTrip to the gateway, in ms, if it is known
 */
export function planParts(size: number, connections: number, roundTrip?: number): Part[] {
  const { smallest, enough } = sizesFor(roundTrip)
  // More parts than a call returns upload infos for would cost another call.
  const inRound = Math.min(connections, PART_INFOS)
  const least = Math.min(Math.max(size / inRound, smallest), enough)
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
 * Stores a file in parts, several at once.
 *
 * @param ticket of the multipart upload that was started for the file; saving the file completes it
 * @throws what the first failed part throws: DingTalkError, or LocalFileError if the file has changed
 */
export async function storeParts(
  { file, progress, signal }: Pick<Transfer, 'file' | 'progress' | 'signal'>,
  ticket: UploadTicket,
  { dingtalk, oss, concurrency, environment, roundTrip, unionId }: StoreOptions,
): Promise<Stored> {
  const { clock } = environment
  const md5 = md5Of(file, signal)
  md5.catch(() => undefined) // a part may fail first
  const parts = planParts(file.size, concurrency.limit, roundTrip())
  const request = (numbers: number[]) => dingtalk.drive.partInfos(ticket.uploadKey, unionId, numbers, signal)
  const signatures = partSignatures(parts.length, () => concurrency.limit, clock, request)
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
      progress.at(part.number, 0)
      wait()
    }
    // The second attempt doesn't retry, so that it never bypasses the wait of the first one.
    await oss.store(sign, read, isFirst ? { signal: ending, onWait } : { signal: ending, retries: 0 })
    progress.at(part.number, part.size)
    signatures.done(part.number)
  }
  await runHedged(parts, { workers: concurrency.most, clock, signal }, sendPart)
  return { ticket, md5: await md5, region }
}

/** The share of its lifetime in which a signature is used for new PUTs. */
const USABLE = 0.8

/** Until when (ms) a signature is used for new PUTs. @param asked when it was requested, by the same clock */
export function usableUntil(asked: number, { expirationSeconds }: SignatureInfo): number {
  return asked + expirationSeconds * 1000 * USABLE
}

type Signatures = ReadonlyMap<number, SignatureInfo>

/**
 * Provides the upload infos of a file's parts. They are requested for thirty parts at a time, shortly before they are needed: this
 * takes few calls, and none expires while other parts are sent.
 *
 * @param count how many parts there are
 * @param ahead returns how many parts in advance upload infos are requested
 * @param ask requests the upload infos of up to thirty parts
 */
export function partSignatures(
  count: number,
  ahead: () => number,
  clock: Clock,
  ask: (partNumbers: number[]) => Promise<Signatures>,
) {
  /** The parts that are not stored yet. */
  const left = new Set(Array.from({ length: count }, (_, index) => index + 1))
  /** The call that returned the upload info of a part, and when it was made. */
  const batches = new Map<number, { readonly signatures: Promise<Signatures>; readonly asked: number }>()

  const askFrom = (first: number) => {
    const isMissing = (number: number) => number >= first && !batches.has(number)
    const numbers = left.values().filter(isMissing).take(PART_INFOS).toArray()
    const batch = { asked: clock.monotonic(), signatures: ask(numbers) }
    batch.signatures.catch(() => undefined) // thrown when they are needed
    for (const number of numbers) batches.set(number, batch)
  }

  return {
    /**
     * Returns the upload info of a part.
     *
     * @param expired the one that OSS has rejected as expired: those of the other parts have expired too
     * @throws DingTalkError, also if the response has none for the part
     */
    async of(part: number, expired?: SignatureInfo): Promise<SignatureInfo> {
      const known = batches.get(part)
      const old = (await known?.signatures.catch(() => undefined))?.get(part)
      const isUsable = known && old && old !== expired && clock.monotonic() < usableUntil(known.asked, old)
      if (known && !isUsable && batches.get(part) === known) {
        for (const [number, batch] of batches) if (batch === known) batches.delete(number)
        if (expired) askFrom(1)
      }
      if (!batches.has(part)) askFrom(part)
      const later = part + ahead()
      if (left.has(later) && !batches.has(later)) askFrom(part)
      const signature = (await batches.get(part)?.signatures)?.get(part)
      if (signature) return signature
      throw new DingTalkError({
        operation: 'partInfo',
        code: 'UnreadableAnswer',
        kind: 'unavailable',
        mayHaveHappened: false,
        message: {
          en: `The response has no upload address for part ${part}.`,
          zh: `响应中没有分片 ${part} 的上传地址。`,
        },
      })
    },
    /** Marks a part as stored. */
    done(part: number): void {
      left.delete(part)
      batches.delete(part)
    },
  }
}
