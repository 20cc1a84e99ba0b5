import type * as v from 'valibot'
import { DingTalkError, type ErrorKind } from '../errors.ts'
import type { OperationName } from '../operations.ts'
import type { HttpResponse } from '../transport/request-handler.ts'
import {
  jsonObject,
  readSuccess,
  retryAfter,
  text,
  throwIfBanned,
  withoutSecrets,
  type JsonObject,
} from './common.ts'

/** What the codes mean that are no plain refusal. */
const ERROR_KINDS: ReadonlyMap<string, ErrorKind> = new Map([
  ['-1', 'unavailable'],
  ['40014', 'access-token'],
  ['42001', 'access-token'],
  ['90002', 'throttled'],
  ['90018', 'throttled'],
  ['90020', 'quota-spent'],
  ['130101', 'throttled'],
  ['410100', 'throttled'],
])

/** How long to wait after a limit of custom robots, in ms. They are counted by the minute; 410100 is a block of 10 minutes. */
const ROBOT_WAITS: ReadonlyMap<string, number> = new Map([
  ['90018', 15_000],
  ['130101', 15_000],
  ['410100', 600_000],
])

/**
 * Reads a response of the old gateway (`oapi.dingtalk.com`): always HTTP 200, the result in `errcode`, or under
 * `errcode` 88 in `sub_code`.
 *
 * @throws DingTalkError for everything else, such as a proxy's page
 */
export function readOapiResponse<T extends v.GenericSchema>(
  operation: OperationName,
  response: HttpResponse,
  schema: T,
): v.InferOutput<T> {
  throwIfBanned(operation, response)
  const body = jsonObject(response.text)
  const errcode = text(body?.['errcode'])
  if (body && errcode === undefined && response.status !== 200) throwIfOtherGateway(operation, response, body)
  if (response.status !== 200 || !body || errcode === undefined || errcode === '0') {
    return readSuccess(operation, response, body, schema)
  }
  const subCode = errcode === '88' ? text(body['sub_code']) : undefined
  const code = subCode ?? errcode
  throw new DingTalkError({
    operation,
    code,
    kind: ERROR_KINDS.get(code) ?? 'refused',
    mayHaveHappened: code === '-1',
    message: withoutSecrets((subCode && text(body['sub_msg'])) ?? text(body['errmsg']) ?? ''),
    status: response.status,
    requestId: text(body['request_id']),
    retryAfter: retryAfter(response) ?? (operation === 'postByWebhook' ? ROBOT_WAITS.get(code) : undefined),
  })
}

/** The new gateway's answer to a path that it does not know: the base URL leads to it by mistake. @throws DingTalkError */
function throwIfOtherGateway(operation: OperationName, { status }: HttpResponse, body: JsonObject): void {
  const code = text(body['code'])
  if (code !== 'InvalidAction.NotFound') return
  throw new DingTalkError({
    operation,
    code,
    kind: 'refused',
    mayHaveHappened: false,
    message: withoutSecrets(text(body['message']) ?? ''),
    status,
    requestId: text(body['requestid']),
  })
}
