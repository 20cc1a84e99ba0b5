import * as v from 'valibot'
import { DingTalkError, UUID_REFUSAL, type ErrorKind } from '../errors.ts'
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

/** The old gateway's code for an unknown path, with HTTP 200. */
const OLD_NOT_FOUND = '404'

/**
 * Reads a response of the new gateway (`api.dingtalk.com`): HTTP 200 and JSON, or an HTTP error whose JSON holds
 * `code`, `message` and `requestid`. An error is one with HTTP 200 too.
 *
 * @throws DingTalkError for everything else, such as a proxy's page
 */
export function readGatewayResponse<T extends v.GenericSchema>(
  operation: OperationName,
  response: HttpResponse,
  schema: T,
): v.InferOutput<T> {
  throwIfBanned(operation, response)
  const body = jsonObject(response.text)
  // A path that the old gateway does not know: the base URL leads to it by mistake.
  const isOld = text(body?.['errcode']) === OLD_NOT_FOUND
  const code = text(body?.['code']) ?? (isOld ? OLD_NOT_FOUND : undefined)
  if (!body || code === undefined || (response.status === 200 && v.is(schema, body))) {
    return readSuccess(operation, response, body, schema)
  }
  throw new DingTalkError({
    operation,
    code,
    kind: errorKind(code, response.status, text(body['message']) ?? ''),
    mayHaveHappened: isUnclear(code, response.status),
    message: withoutSecrets(text(body['message'] ?? body['errmsg']) ?? ''),
    status: response.status,
    requestId: text(body['requestid'] ?? body['requestId']),
    retryAfter: retryAfter(response),
    requiredScopes: requiredScopes(body),
  })
}

/** Codes that mean: too many calls for now. */
const THROTTLED =
  /(Qps|Qpm)Limit|^system\.?busy$|^send\.too\.fast$|^send\.byToken\.tooFast$|^too\.many\.(group|people)$/i

function errorKind(code: string, status: number, message: string): ErrorKind {
  if (code === 'InvalidAuthentication') return 'access-token'
  if (code.endsWith('ApiCountLimitForOrg')) return 'quota-spent'
  if (THROTTLED.test(code) || status === 429) return 'throttled'
  if (status === 500 && UUID_REFUSAL.test(message)) return 'refused'
  if (code === 'operationConcurrentControl') return 'unavailable'
  return isUnclear(code, status) ? 'unavailable' : 'refused'
}

/** Whether the call failed inside the platform, or the platform does not know: it may have had its effect. */
function isUnclear(code: string, status: number): boolean {
  if (status >= 500 || status === 408 || code === 'unknown.send.result') return true
  return status < 300 && /^(systemError|unknown|operationTimeout|ServiceUnavailable|InternalError)/.test(code)
}

/** The scopes that a refusal says are missing: in its detail, whose key is spelled three ways, or in the message. */
function requiredScopes(body: JsonObject): readonly string[] | undefined {
  const detail = Object.entries(body).find(([key]) => key.toLowerCase() === 'accessdenieddetail')?.[1]
  const parsed = v.safeParse(v.object({ requiredScopes: v.array(v.string()) }), detail)
  if (parsed.success) return parsed.output.requiredScopes
  const named = /权限[^[\]]*\[([\w.,\s]+)\]/.exec((text(body['message']) ?? '').slice(0, 1000))?.[1]
  return named?.split(',').map((scope) => scope.trim())
}
