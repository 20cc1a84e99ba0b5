import * as v from 'valibot'
import { readContract } from '../contract/contract.ts'
import { DingTalkError } from '../src/dingtalk/errors.ts'
import { type OperationName, OPERATIONS } from '../src/dingtalk/operations.ts'
import { readGatewayResponse, readOapiResponse, readOssResponse } from '../src/dingtalk/responses.ts'

/** A refusal that is known to happen. */
export interface Refusal {
  operation: OperationName
  status: number
  code: string
}

/** What users report of a call, though its page does not list it. */
const SEEN: readonly Refusal[] = [
  { operation: 'uploadInfo', status: 500, code: 'Index: 0' },
  { operation: 'postByWebhook', status: 200, code: '130101' },
  { operation: 'postByWebhook', status: 200, code: '90018' },
  { operation: 'postByWebhook', status: 200, code: '300005' },
]

/** Codes that are listed as common, but say something about a user: only this call names one. */
const ABOUT_USERS = ['50002', '60121']

const { operations, commonErrors } = readContract()

const common = commonErrors.map(({ gateway, status, code }): Refusal => {
  return { operation: gateway === 'oapi' ? 'unionId' : 'uploadInfo', status, code }
})

/** Every refusal of every call that its page documents, or that users report of it. Versions of a call are one call. */
export const REFUSALS: readonly Refusal[] = [
  ...Object.entries(operations).flatMap(([name, { errors }]) => {
    const operation = name.replace(/V[12]$/, '')
    return isCalled(operation) ? errors.map(({ status, code }) => ({ operation, status, code })) : []
  }),
  ...common.filter(({ code }) => ABOUT_USERS.includes(code)),
  ...SEEN,
]

/** The refusals that a gateway gives to any of its calls, with one call as the example. */
export const GATEWAY_REFUSALS: readonly Refusal[] = common.filter(({ code }) => !ABOUT_USERS.includes(code))

function isCalled(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name)
}

/** The error that the client makes of a refusal. */
export function errorOf({ operation, status, code }: Refusal, message = code): DingTalkError {
  const gateway =
    code === '1111'
      ? { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: 'R' }
      : { code, message, requestid: 'R' }
  const oapi = { errcode: Number(code), errmsg: message, request_id: 'R' }
  const oss = `<Error><Code>${code}</Code><Message>${message}</Message><RequestId>R</RequestId></Error>`
  const response = (text: string) => ({ status, headers: {}, text })
  try {
    if (operation === 'put') readOssResponse(response(oss))
    else if (operation === 'unionId' || operation === 'uploadMedia' || operation === 'postByWebhook')
      readOapiResponse(operation, response(JSON.stringify(oapi)), v.never())
    else readGatewayResponse(operation, response(JSON.stringify(gateway)), v.never())
  } catch (error) {
    if (error instanceof DingTalkError) return error
    throw error
  }
  throw new Error(`${code} is no refusal of ${operation}`)
}
