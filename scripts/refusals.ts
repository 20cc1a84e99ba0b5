import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { DingTalkError } from '../src/dingtalk/errors.ts'
import type { OperationName } from '../src/dingtalk/operations.ts'
import { readGatewayResponse } from '../src/dingtalk/responses/gateway.ts'
import { readOapiResponse } from '../src/dingtalk/responses/oapi.ts'
import { readOssResponse } from '../src/dingtalk/responses/oss.ts'

/** Error codes by HTTP status. */
type Codes = Readonly<Record<string, readonly string[]>>

interface Contract {
  gateway: { api: Codes; oapi: Codes }
  calls: readonly { operation: OperationName; errors: Codes; seen?: Codes }[]
}

/** A refusal that is known to happen. */
export interface Refusal {
  operation: OperationName
  status: number
  code: string
}

const CONTRACT = JSON.parse(
  readFileSync(join(dirname(import.meta.dirname), 'contract/errors.json'), 'utf8'),
) as Contract

const listed = (operation: OperationName, codes: Codes = {}): Refusal[] =>
  Object.entries(codes).flatMap(([status, codes]) =>
    codes.map((code) => ({ operation, status: Number(status), code })),
  )

/** Every refusal of every call that its page documents, or that users report of it. */
export const REFUSALS: readonly Refusal[] = CONTRACT.calls.flatMap(({ operation, errors, seen }) => [
  ...listed(operation, errors),
  ...listed(operation, seen),
])

/** The refusals that a gateway gives to any of its calls, with one call as the example. */
export const GATEWAY_REFUSALS: readonly Refusal[] = [
  ...listed('uploadInfo', CONTRACT.gateway.api),
  ...listed('unionId', CONTRACT.gateway.oapi),
]

/** The error that the client makes of a refusal. */
export function errorOf({ operation, status, code }: Refusal, message = code): DingTalkError {
  const gateway = { code, message, requestid: 'R' }
  const oapi = { errcode: Number(code), errmsg: message, request_id: 'R' }
  const oss = `<Error><Code>${code}</Code><Message>${message}</Message><RequestId>R</RequestId></Error>`
  const response = (text: string) => ({ status, headers: {}, text })
  try {
    if (operation === 'put') readOssResponse(response(oss))
    else if (operation === 'unionId' || operation === 'postByWebhook')
      readOapiResponse(operation, response(JSON.stringify(oapi)), v.never())
    else readGatewayResponse(operation, response(JSON.stringify(gateway)), v.never())
  } catch (error) {
    if (error instanceof DingTalkError) return error
    throw error
  }
  throw new Error(`${code} is no refusal of ${operation}`)
}
