import { callsOf, failuresIn } from '../check/check.ts'
import { type CheckTools, type Evidence, gatherEvidence, scopeOf } from '../check/evidence.ts'
import { judge } from '../check/findings.ts'
import { DingTalk } from '../dingtalk/client.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import type { OperationName } from '../dingtalk/operations.ts'
import { Oss } from '../dingtalk/oss.ts'
import type { StepCall } from '../domain.ts'
import { fixedConcurrency } from '../http/concurrency.ts'
import { environmentOf } from '../http/environment.ts'
import { Http } from '../http/http.ts'
import { isLoopback } from '../http/proxies.ts'
import { type Inputs, readInputs } from '../inputs/inputs.ts'
import { missingScopes } from '../report/hints.ts'
import type { Values } from './answers.ts'
import { Refused, type Setup } from './conversation.ts'

/** Replaces required values that are not known yet, so that the inputs can be read. */
const PLACEHOLDER = 'upload-to-dingtalk-setup'

/** Permissions that are missing, by their codes. */
export interface MissingPermissions {
  readonly required: readonly string[]
  readonly recommended: readonly string[]
}

/**
 * Calls DingTalk with a new access token: new permissions may not apply to an older one.
 *
 * @throws InputError for invalid values
 */
export async function connected<T>(
  { talk, environment, variables }: Setup,
  values: Values,
  task: (tools: CheckTools, inputs: Inputs) => Promise<T>,
): Promise<T> {
  const place: Values = values['folder-url'] ? {} : { 'space-id': '1' }
  const required = { 'app-key': PLACEHOLDER, 'app-secret': PLACEHOLDER, 'user-id': PLACEHOLDER }
  const given: Values = { ...required, ...place, ...values, mode: 'check' }
  const inputs = readInputs({ input: (name) => given[name] ?? '' }, variables)
  // A ban that ends this task must not end the next one.
  const http = new Http(
    environmentOf({ ...environment, halting: new AbortController() }),
    inputs.requestTimeout,
    4,
  )
  const logger = {
    secret: (secret: string) => {
      talk.mask(secret)
    },
    info: () => undefined,
    debug: () => undefined,
  }
  const plainHttp = isLoopback(inputs.apiBaseUrl)
  try {
    const dingtalk = new DingTalk({ ...inputs, retries: 1, http, logger })
    const oss = new Oss({ http, logger, plainHttp, concurrency: fixedConcurrency(1), retries: 1 })
    return await task({ dingtalk, oss, source: undefined, signal: environment.signal }, inputs)
  } finally {
    await http.close()
  }
}

/**
 * Checks the answers so far by some of the calls that a job makes. This changes nothing in DingTalk.
 *
 * @returns what the calls showed
 * @throws Refused if the job would fail; InputError for invalid values
 */
export async function check(setup: Setup, operations: readonly OperationName[]): Promise<Evidence> {
  const { talk } = setup
  return talk.working(() =>
    connected(setup, talk.values, async (tools, inputs) => {
      const calls = callsOf(inputs).filter(({ operation }) => operations.includes(operation))
      const evidence = await gatherEvidence(inputs, calls, tools)
      const failures = failuresIn(judge(inputs, evidence), inputs.appKey)
      if (failures.length > 0) throw new Refused(failures)
      return evidence
    }),
  )
}

/**
 * The permissions that a job with these values needs and that the app lacks. A call that is rejected for another reason shows that
 * its permission is enabled.
 *
 * @throws DingTalkError if the calls can't be made
 */
export async function missingPermissions(setup: Setup, values: Values): Promise<MissingPermissions> {
  return connected(setup, values, async (tools, inputs) => {
    const steps = callsOf(inputs).filter(
      ({ kind, operation }) => kind !== 'if-closed' && scopeOf(operation) !== undefined,
    )
    const { accessToken, calls } = await gatherEvidence(inputs, steps, tools)
    const errors = calls.map(({ result }) => result.error).filter((error) => error !== undefined)
    const isRefusal = (error: unknown) => error instanceof DingTalkError && error.kind === 'refused'
    const failed = accessToken?.error ?? errors.find((error) => !isRefusal(error))
    if (failed !== undefined) throw failed as Error
    const missing = new Set(errors.flatMap(missingScopes))
    const missingFor = (wanted: StepCall['kind']) =>
      missing.intersection(new Set(steps.map(({ kind, operation }) => kind === wanted && scopeOf(operation))))
    const required = missingFor('required')
    return { required: [...required], recommended: [...missingFor('optional').difference(required)] }
  })
}
