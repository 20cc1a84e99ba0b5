import type { Answer } from '../http/response-data.ts'
import { OPERATIONS, type Operation, type Server } from '../http/operation.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import { ossErrorXml } from '../http/errors.ts'

/** An answer in the place of the call's own. */
export interface AnswerPlay extends Answer {
  /** `answer` leaves the call undone, `answer-after` does it first. */
  kind: 'answer' | 'answer-after'
  /** What the old gateway, or OSS, says where it has another form for the same thing. */
  instead?: Partial<Record<Server, Answer>>
}

/** What happens to a call. */
export type Play =
  | AnswerPlay
  /** The connection is cut with nothing done; while an object is put, after so many bytes of it (default 0). */
  | { kind: 'cut-before'; afterBytes?: number }
  /** The call is done, then the connection is cut without an answer. */
  | { kind: 'cut-after' }
  /** The call is done, then the connection is cut in the middle of the answer. */
  | { kind: 'cut-in-body' }
  /** Nothing is done and no answer comes; while an object is put, no more than so many bytes of it are read. */
  | { kind: 'hang'; afterBytes?: number }
  /** The call is done, but no answer comes. */
  | { kind: 'hang-after' }
  /** The bytes that are put are stored with one changed, and the ETag is of what is stored. Nothing else is touched. */
  | { kind: 'corrupt' }
  /** The call is done so many ms later. */
  | { kind: 'delay'; ms: number }

export interface Fault {
  operation: Operation | '*'
  /**
   * Which call of the operation it begins with: 1 is the first since the emulator started or the faults were cleared.
   * Without it, the next one that no fault added earlier takes.
   */
  nth?: number
  /** How many calls it is played to (default 1); `Infinity` is every one from then on. */
  times?: number
  play: Play
}

/** Called when a fault begins to be played. */
export type FaultListener = (fault: Fault, request: RecordedRequest) => void

/** The faults that are to be played, and those that were. */
export class Faults {
  /** One entry for each time that a fault was played. */
  readonly played: Fault[] = []
  readonly #pending: { fault: Fault; left: number }[] = []
  readonly #counts = new Map<Fault['operation'], number>()
  readonly #listeners: FaultListener[] = []

  add(fault: Fault): void {
    this.#pending.push({ fault, left: fault.times ?? 1 })
  }

  /** Forgets all faults, and begins to count anew. */
  clear(): void {
    this.#pending.length = 0
    this.#counts.clear()
    this.played.length = 0
  }

  /** Counts a call. @returns the fault to play to it */
  next(operation: Operation): Fault | undefined {
    for (const counted of [operation, '*'] as const)
      this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + 1)
    const match = this.#pending.find(({ fault, left }) => {
      if (fault.operation !== '*' && fault.operation !== operation) return false
      if (fault.nth === undefined) return left > 0
      const count = this.#counts.get(fault.operation) ?? 0
      return count >= fault.nth && count < fault.nth + (fault.times ?? 1)
    })
    if (!match) return undefined
    match.left -= 1
    this.played.push(match.fault)
    return match.fault
  }

  onBegin(listener: FaultListener): void {
    this.#listeners.push(listener)
  }

  /** Tells the listeners that a fault begins to be played. */
  begin(fault: Fault, request: RecordedRequest): void {
    for (const listener of this.#listeners) listener(fault, request)
  }
}

/** The answer of a play, in the form of the server that is to give it. */
export function answerOf({ status, body, headers, instead }: AnswerPlay, server: Server): Answer {
  const own = instead?.[server]
  if (own) return own
  return { status, ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) }
}

const REQUEST_ID = '5F1C1B52-0D4E-7C6A-9E0B-6D1F4A2C8E37'

function gatewayError(status: number, code: string, message: string, more: object = {}): Answer {
  return { status, body: { code, requestid: REQUEST_ID, message, ...more } }
}

function oapiError(errcode: number, errmsg: string): Answer {
  return { status: 200, body: { errcode, errmsg, request_id: REQUEST_ID.toLowerCase() } }
}

function ossError(status: number, code: string, message: string): Answer {
  const id = REQUEST_ID.replaceAll('-', '').slice(0, 24)
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-oss-request-id': id },
    body: ossErrorXml(code, message, id),
  }
}

function html(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/html' }, body }
}

const SLOW_DOWN = ossError(503, 'SlowDown', 'Please reduce your request rate.')

/** Over 20 calls a second of this app to this API. */
export const throttledQps: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(
    403,
    'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi',
    '应用调用该接口的QPS超限，请稍后重试',
  ),
  instead: { oapi: oapiError(90018, '应用调用该接口次数过多，请稍后再试'), oss: SLOW_DOWN },
}

/** Too many calls a minute of this app to this API. */
export const throttledQpm: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(
    403,
    'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi',
    '应用调用该接口的QPM超限，请稍后重试',
  ),
  instead: { oapi: oapiError(90018, '应用调用该接口次数过多，请稍后再试'), oss: SLOW_DOWN },
}

/** Everybody together calls this API too often. */
export const throttledOrgApi: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(403, 'Forbidden.AccessDenied.QpsLimitForApi', '该接口的QPS超限，请稍后重试'),
  instead: { oapi: oapiError(90002, '该接口调用次数过多，请稍后再试'), oss: SLOW_DOWN },
}

/** The organisation's calls of this month are spent. */
export const monthlyQuota: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg', '企业本月的API调用次数已用完'),
  instead: { oapi: oapiError(90020, '企业本月的API调用次数已用完') },
}

const PUNISHED =
  '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"0b51a4d517850000000000000e0a3f"}'

/** The caller's address is shut out for five minutes: a page in place of any answer. */
export const ipBan: AnswerPlay = {
  kind: 'answer',
  ...html(
    200,
    `<!doctype html><html><head><meta charset="utf-8"><title>punish</title></head><body><script>window._config_ = ${PUNISHED}</script></body></html>`,
  ),
}

/** The same, in JSON. */
export const ipBanJson: AnswerPlay = { kind: 'answer', status: 200, body: PUNISHED }

/** The caller's address is not on the app's list. */
export const ipNotInWhiteList: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(403, 'Forbidden.AccessDenied.IpNotInWhiteList', '访问ip不在白名单之中'),
  instead: { oapi: oapiError(60020, '访问ip不在白名单之中') },
}

/** @param retryAfter seconds, told in a header */
export function systemBusyFor(retryAfter: number): AnswerPlay {
  const headers = { 'retry-after': String(retryAfter) }
  return {
    kind: 'answer',
    ...gatewayError(429, 'system.busy', '系统繁忙'),
    headers,
    instead: {
      oapi: { ...oapiError(-1, '系统繁忙'), headers },
      oss: { ...SLOW_DOWN, headers: { ...SLOW_DOWN.headers, ...headers } },
    },
  }
}

/** Busy, without a word about when it will no longer be. */
export const systemBusy429: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(429, 'system.busy', '系统繁忙'),
  instead: { oapi: oapiError(-1, '系统繁忙'), oss: SLOW_DOWN },
}

/** The access token is refused, whether or not it is valid. */
export const invalidAuthentication: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(400, 'InvalidAuthentication', '不合法的access_token'),
  instead: {
    oapi: oapiError(40014, '不合法的access_token'),
    oss: ossError(403, 'AccessDenied', 'You have no right to access this object because of bucket acl.'),
  },
}

/** The app lacks a scope. */
export function accessTokenPermissionDenied(scope: string): AnswerPlay {
  return {
    kind: 'answer',
    ...gatewayError(
      403,
      'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      '没有调用该接口的权限，接口权限申请参考：https://open.dingtalk.com/document/orgapp-server/add-api-permission',
      { accessdenieddetail: { requiredScopes: [scope] } },
    ),
    instead: {
      oapi: oapiError(60011, `应用尚未开通所需的权限：[${scope}]`),
      oss: ossError(403, 'AccessDenied', 'You have no right to access this object.'),
    },
  }
}

/** The call is refused for what is in it. */
export const paramError400: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(400, 'paramError', '参数错误'),
  instead: {
    oapi: oapiError(40035, '不合法的参数'),
    oss: ossError(400, 'InvalidArgument', 'Invalid Argument.'),
  },
}

/** A proxy on the way wants to know who asks. */
export const unauthorized401: AnswerPlay = {
  kind: 'answer',
  ...html(401, '<html><head><title>401 Authorization Required</title></head><body></body></html>'),
}

/** A proxy on the way has lost the server behind it. */
export const badGateway: AnswerPlay = {
  kind: 'answer',
  ...html(
    502,
    '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>Tengine</center>\r\n</body>\r\n</html>\r\n',
  ),
}

export const serviceUnavailable503: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(503, 'operationTimeout', '操作超时'),
  instead: {
    oapi: html(
      503,
      '<html><head><title>503 Service Temporarily Unavailable</title></head><body></body></html>',
    ),
    oss: ossError(503, 'ServiceUnavailable', 'Please reduce your request rate.'),
  },
}

export const systemError500: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(500, 'systemError', '系统错误'),
  instead: {
    oapi: oapiError(-1, '系统繁忙'),
    oss: ossError(500, 'InternalError', 'We encountered an internal error. Please try again.'),
  },
}

/** The call is done; its answer ends in the middle, though its length says that it is whole. */
export const truncatedJson: AnswerPlay = {
  kind: 'answer-after',
  status: 200,
  headers: { 'content-type': 'application/json;charset=utf-8' },
  body: '{"dentry":{"id":"1208',
}

/** The call is done; its answer is JSON of no form that is documented. */
export const wrongJson: AnswerPlay = { kind: 'answer-after', status: 200, body: { success: true } }

/** The call is done; its answer is nothing. */
export const empty200: AnswerPlay = { kind: 'answer-after', status: 200, body: '' }

export const ossSlowDown: AnswerPlay = { kind: 'answer', ...SLOW_DOWN }

export const ossRequestTimeout: AnswerPlay = {
  kind: 'answer',
  ...ossError(
    408,
    'RequestTimeout',
    'Your socket connection to the server was not read from or written to within the timeout period.',
  ),
}

export const ossSkewed: AnswerPlay = {
  kind: 'answer',
  ...ossError(
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  ),
}

export const ossSignatureDoesNotMatch: AnswerPlay = {
  kind: 'answer',
  ...ossError(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ),
}

/** The ready-made plays by their names, as the control API takes them. */
export const PLAYS: Readonly<Record<string, Play>> = {
  throttledQps,
  throttledQpm,
  throttledOrgApi,
  monthlyQuota,
  ipBan,
  ipBanJson,
  ipNotInWhiteList,
  systemBusy429,
  invalidAuthentication,
  paramError400,
  unauthorized401,
  badGateway,
  serviceUnavailable503,
  systemError500,
  truncatedJson,
  wrongJson,
  empty200,
  ossSlowDown,
  ossRequestTimeout,
  ossSkewed,
  ossSignatureDoesNotMatch,
}

const KINDS: readonly Play['kind'][] = [
  'answer',
  'answer-after',
  'cut-before',
  'cut-after',
  'cut-in-body',
  'hang',
  'hang-after',
  'corrupt',
  'delay',
]

/**
 * A fault as JSON tells it: `times` may be `"always"`, and `play` the name of a ready-made one.
 *
 * @throws Error that says what is wrong with it
 */
export function parseFault(value: unknown): Fault {
  const { operation, nth, times, play } = (value ?? {}) as Record<string, unknown>
  if (typeof operation !== 'string' || (operation !== '*' && !Object.hasOwn(OPERATIONS, operation)))
    throw new Error(`operation: one of *, ${Object.keys(OPERATIONS).join(', ')} is expected`)
  const isCount = (count: unknown): count is number => Number.isSafeInteger(count) && Number(count) >= 1
  if (nth !== undefined && !isCount(nth)) throw new Error('nth: a number from 1 up is expected')
  if (times !== undefined && times !== 'always' && !isCount(times))
    throw new Error('times: a number from 1 up, or "always", is expected')
  return {
    operation: operation as Fault['operation'],
    play: parsePlay(play),
    ...(nth === undefined ? {} : { nth }),
    ...(times === undefined ? {} : { times: times === 'always' ? Infinity : times }),
  }
}

function parsePlay(value: unknown): Play {
  if (typeof value === 'string') {
    const play = Object.hasOwn(PLAYS, value) ? PLAYS[value] : undefined
    if (!play) throw new Error(`play: one of ${Object.keys(PLAYS).join(', ')}, or an object, is expected`)
    return play
  }
  const play = (value ?? {}) as Record<string, unknown>
  const needs = (field: string, fits: boolean) => {
    if (!fits) throw new Error(`play.${field}: is missing or not valid`)
  }
  const isNumber = (number: unknown, least: number) => typeof number === 'number' && number >= least
  needs('kind', (KINDS as readonly unknown[]).includes(play['kind']))
  if (play['kind'] === 'answer' || play['kind'] === 'answer-after') {
    needs(
      'status',
      Number.isInteger(play['status']) && isNumber(play['status'], 200) && Number(play['status']) < 600,
    )
    needs('body', ['undefined', 'string', 'object'].includes(typeof play['body']) && play['body'] !== null)
  }
  if (play['kind'] === 'delay') needs('ms', isNumber(play['ms'], 0))
  if (play['afterBytes'] !== undefined) needs('afterBytes', isNumber(play['afterBytes'], 0))
  return value as Play
}
