import { DingTalkError } from '../dingtalk/errors.ts'
import { type OperationName, OPERATIONS } from '../dingtalk/operations.ts'
import type { Environment } from './environment.ts'
import type { Text } from './text.ts'

/** The longest backoff between two tries, in ms. */
const MAX_BACKOFF = 30_000
/** The longest wait that the platform may ask for, in ms. The job does not wait longer than this: it fails. */
const MAX_RETRY_AFTER = 120_000

/** What the retry policy needs in addition to the error. */
export interface RetryOptions extends Environment {
  /** Tries after the first. */
  readonly retries: number
  /** Called before each wait. */
  readonly log: (line: Text) => void
  /** Aborted with the error after which nothing may be sent any more. That ends every wait too. */
  readonly halting?: AbortController | undefined
}

/** Waits so many ms. @throws what the job was cancelled with, or halted */
export async function pause(
  ms: number,
  { clock, signal, halting }: Pick<RetryOptions, 'clock' | 'signal' | 'halting'>,
): Promise<void> {
  const signals = [signal, halting?.signal].filter((one) => one !== undefined)
  await clock.sleep(ms, AbortSignal.any(signals))
}

/**
 * Calls `attempt`, and again as long as the policy allows it. A ban grows longer with each call, and a spent quota stays
 * spent: after either, everything halts.
 *
 * @throws the last error. Errors of other operations are thrown at once: what an attempt needs (a token, new upload
 *   info) has had tries of its own
 */
export async function withRetries<T>(
  operation: OperationName,
  options: RetryOptions,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof DingTalkError) || error.operation !== operation) throw error
      if (error.kind === 'banned' || error.kind === 'quota-spent') options.halting?.abort(error)
      if (failures > options.retries) throw error
      const delay = retryDelay(error, failures, options.random)
      if (delay === undefined) throw error
      // A job that is cancelled makes no further attempt: the pause throws.
      if (!options.signal?.aborted) options.log(retryLine(error, failures + 1, options.retries + 1, delay))
      await pause(delay, options)
    }
  }
}

function retryLine(
  { operation, code, text }: DingTalkError,
  attempt: number,
  attempts: number,
  delay: number,
): Text {
  const { title } = OPERATIONS[operation]
  const wait = seconds(delay)
  return {
    en: `Could not ${title.en} (${code}: ${text.en}). Retrying in ${wait} s (attempt ${attempt} of ${attempts}).`,
    zh: `无法${title.zh}（${code}：${text.zh}）。${wait} 秒后重试（第 ${attempt} 次，共 ${attempts} 次）。`,
  }
}

/** ms as seconds, for messages. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}

/** Exponential backoff from half a second, with jitter so that the jobs of a matrix do not return together. @returns ms */
export function backoff(failures: number, random: () => number): number {
  return Math.min(MAX_BACKOFF, 500 * 2 ** (failures - 1)) * (0.5 + random() / 2)
}

/**
 * The retry policy: how long to wait (ms) before the next try, or undefined if there is none.
 *
 * Backs off exponentially from half a second, with jitter so that the jobs of a matrix do not return together. The
 * platform counts calls per second or minute: a throttled call waits at least that long.
 */
export function retryDelay(error: DingTalkError, failures: number, random: () => number): number | undefined {
  const delay = backoff(failures, random)
  switch (error.remedy) {
    case 'repeat':
      return atLeast(error.retryAfter ?? 0, delay)
    case 'wait-out':
      // A server that says 0 has not lifted the documented limit.
      return atLeast(Math.max(error.retryAfter || window(error), 1000), delay)
    case 'new-token': // done by the gateway
    case 'new-upload-info': // done by the upload
    case 'look-up': // done by the committer
    case 'report':
    case 'stop':
      return undefined
  }
}

/** The time in which the platform counts calls, in ms; for minutes, part of it. */
function window(error: DingTalkError): number {
  return /Qpm|^130101$/.test(error.code) ? 15_000 : 1000
}

function atLeast(floor: number, backoff: number): number | undefined {
  if (floor > MAX_RETRY_AFTER) return undefined
  return floor + backoff
}
