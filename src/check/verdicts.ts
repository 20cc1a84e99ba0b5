import { DingTalkError, isInDoubt } from '../dingtalk/errors.ts'
import type { OperationName } from '../dingtalk/operations.ts'
import type { About } from '../domain.ts'
import type { Text } from '../http/text.ts'
import { causeOf } from '../report/failures.ts'
import { hintFor, missingScopes } from '../report/hints.ts'
import type { Finding } from './finding.ts'

/** Whether the app was let through to what it asked for, whatever came of that. */
export function cameThrough(operation: OperationName, error: unknown): boolean {
  if (error === undefined) return true
  if (!(error instanceof DingTalkError) || error.operation !== operation || error.kind !== 'refused')
    return false
  // A proxy's page has no code of the platform's; lists of addresses, and what is no API at all, come before permissions.
  return (
    missingScopes(error).length === 0 &&
    !/^(HTTP\d+|Forbidden\.AccessDenied.*|Invalid(Action|Version).*|60020)$/.test(error.code)
  )
}

/** A requirement that is met. */
export function holds(requirement: Text, seen: Text): Finding {
  return { requirement, verdict: 'holds', seen }
}

/** A requirement that is not met, as an upload would tell it. */
export function failing(requirement: Text, error: unknown, about?: About): Finding {
  const hint = hintFor(error, { about })
  return { requirement, verdict: 'fails', seen: causeOf(error, hint), hint, error }
}

/**
 * What could not be known. What would help is not told: it might not be what is wrong. Nor is doubt: what a check asks
 * writes and sends nothing.
 */
export function unknown(requirement: Text, error: unknown): Finding {
  const { en, zh } = causeOf(error, isInDoubt(error) ? undefined : hintFor(error))
  return { requirement, verdict: 'open', seen: { en: `Not checked: ${en}`, zh: `未检查：${zh}` }, error }
}

/** Whether an error is the platform's, with one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof DingTalkError && codes.includes(error.code)
}
