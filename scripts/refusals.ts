import * as v from 'valibot'
import { readContract } from '../contract/contract.ts'
import { DingTalkError } from '../src/dingtalk/errors.ts'
import { type OperationName, OPERATIONS } from '../src/dingtalk/operations.ts'
import { readGatewayResponse, readOapiResponse, readOssResponse } from '../src/dingtalk/responses.ts'

/** A known error of a call. */
export interface Refusal {
  operation: OperationName
  status: number
  code: string
}

/** Errors that users have reported, and that the page of the call doesn't list. */
const SEEN: readonly Refusal[] = [
  { operation: 'uploadInfo', status: 500, code: 'Index: 0' },
  { operation: 'postByWebhook', status: 200, code: '130101' },
  { operation: 'postByWebhook', status: 200, code: '90018' },
  { operation: 'postByWebhook', status: 200, code: '300005' },
]

/** Common codes about a user, which only this call names. */
const ABOUT_USERS = ['50002', '60121']

const { operations, commonErrors } = readContract()

const common = commonErrors.map(({ gateway, status, code }): Refusal => {
  return { operation: gateway === 'oapi' ? 'unionId' : 'uploadInfo', status, code }
})

/** Every error of every call that its page lists or that users have reported. Versions of a call are one call. */
export const REFUSALS: readonly Refusal[] = [
  ...Object.entries(operations).flatMap(([name, { errors }]) => {
    const operation = name.replace(/V[12]$/, '')
    return isCalled(operation) ? errors.map(({ status, code }) => ({ operation, status, code })) : []
  }),
  ...common.filter(({ code }) => ABOUT_USERS.includes(code)),
  ...SEEN,
]

/** The errors that any call of a gateway can return, with one call as an example. */
export const GATEWAY_REFUSALS: readonly Refusal[] = common.filter(({ code }) => !ABOUT_USERS.includes(code))

function isCalled(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name)
}

/** The client's error for it. */
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
