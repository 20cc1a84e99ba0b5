import { callsOf, failuresIn } from '../check/check.ts'
import { type Evidence, gatherEvidence } from '../check/evidence.ts'
import { judge } from '../check/findings.ts'
import { DingTalk } from '../dingtalk/client.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import type { Logger } from '../dingtalk/gateway.ts'
import { type OperationName, OPERATIONS } from '../dingtalk/operations.ts'
import { Oss } from '../dingtalk/oss.ts'
import type { StepCall } from '../domain.ts'
import { fixedConcurrency } from '../http/concurrency.ts'
import { type Environment, environmentOf } from '../http/environment.ts'
import { Http } from '../http/http.ts'
import { isLoopback } from '../http/proxies.ts'
import { type Inputs, readInputs } from '../inputs/inputs.ts'
import { missingScopes } from '../report/hints.ts'
import type { Redaction } from '../text/redaction.ts'
import type { Values } from './answers.ts'
import { Refused } from './conversation.ts'

/** What stands for values that are not known yet, so that the inputs can be read. */
const PLACEHOLDERS: Values = {
  'app-key': 'upload-to-dingtalk-setup',
  'app-secret': 'upload-to-dingtalk-setup',
  'user-id': 'upload-to-dingtalk-setup',
}

/** The inputs of a job that has these values, as far as they are known. @throws InputError */
export function inputsFor(values: Values): Inputs {
  const given: Values = {
    ...PLACEHOLDERS,
    ...(values['folder-url'] ? {} : { 'space-id': '1' }),
    ...values,
    mode: 'check',
  }
  return readInputs({ input: (name) => given[name] ?? '' }, process.env)
}

/** DingTalk, as the check sees it. Changes nothing there. */
export class Platform {
  readonly #environment: Environment
  readonly #logger: Logger

  /** @param redaction gets every secret that the platform issues */
  constructor(environment: Environment, redaction: Redaction) {
    this.#environment = environment
    this.#logger = {
      secret: (value) => void redaction.add(value),
      info: () => undefined,
      debug: () => undefined,
    }
  }

  /** Calls the platform with an access token of its own: a permission may take effect only for a new one. */
  async call<T>(
    values: Values,
    task: (dingtalk: DingTalk, http: Http, inputs: Inputs) => Promise<T>,
  ): Promise<T> {
    const inputs = inputsFor(values)
    // What halts one look must not halt the next.
    const environment = environmentOf({ ...this.#environment, halting: new AbortController() })
    const http = new Http(environment, inputs.requestTimeout, 4)
    try {
      return await task(new DingTalk({ ...inputs, retries: 1, http, logger: this.#logger }), http, inputs)
    } finally {
      await http.close()
    }
  }

  /**
   * Makes those of a job's calls that are named, as the check does.
   *
   * @returns what they showed
   * @throws Refused for what the job would fail with
   * @throws InputError for values that are no valid inputs
   */
  async look(values: Values, operations: readonly OperationName[]): Promise<Evidence> {
    return this.call(values, async (dingtalk, http, inputs) => {
      const evidence = await this.#probe(inputs, operations, dingtalk, http)
      const failures = failuresIn(judge(inputs, evidence), inputs.appKey)
      if (failures.length > 0) throw new Refused(failures)
      return evidence
    })
  }

  /**
   * Which of the permissions the platform misses. Calls that it refuses for other reasons show that they are there.
   *
   * @throws DingTalkError if it can't be asked
   */
  async missingScopes(values: Values, scopes: readonly string[]): Promise<string[]> {
    const operations = OPERATION_NAMES.filter((name) => scopes.includes(scopeOf(name)))
    return this.call(values, async (dingtalk, http, inputs) => {
      const { accessToken, calls } = await this.#probe(inputs, ['accessToken', ...operations], dingtalk, http)
      const errors = calls.flatMap(({ result: { error } }) => (error === undefined ? [] : [error]))
      const failed = accessToken?.error ?? errors.find(isNoRefusal)
      if (failed !== undefined) throw failed as Error
      return [...new Set(errors.flatMap(missingScopes))].filter((scope) => scopes.includes(scope))
    })
  }

  async #probe(inputs: Inputs, operations: readonly OperationName[], dingtalk: DingTalk, http: Http) {
    const logger = this.#logger
    const plainHttp = isLoopback(inputs.apiBaseUrl)
    const oss = new Oss({ http, logger, plainHttp, concurrency: fixedConcurrency(1), retries: 1 })
    const calls = callsOf(inputs).filter(({ operation }) => operations.includes(operation))
    const { signal } = this.#environment
    return gatherEvidence(inputs, calls, { dingtalk, oss, source: undefined, signal })
  }
}

const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly OperationName[]

/** The permission that a call needs; empty if it needs none. */
function scopeOf(name: OperationName): string {
  return OPERATIONS[name].scope
}

function isNoRefusal(error: unknown): boolean {
  return !(error instanceof DingTalkError) || error.kind !== 'refused'
}

/** The permissions of the calls of a kind. Those that are required are not recommended too. */
export function scopesOf(calls: readonly StepCall[], kind: 'required' | 'optional'): string[] {
  const scopes = (wanted: StepCall['kind']) =>
    calls.flatMap((call) => (call.kind === wanted ? scopeOf(call.operation) : [])).filter(Boolean)
  const required = new Set(scopes('required'))
  return kind === 'required'
    ? [...required]
    : [...new Set(scopes('optional'))].filter((scope) => !required.has(scope))
}
