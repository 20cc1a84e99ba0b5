import { expect } from '@jest/globals'
import type { CallName } from '../contract/contract.ts'
import type { Change, Sdk, SdkError } from './sdk.ts'

/** Makes a call that must fail. @returns the error that the SDK throws */
export async function refusal(sdk: Sdk, name: CallName, change: Change = {}): Promise<SdkError> {
  const outcome = await sdk.call(name, change).then(
    ({ statusCode }) => `the call is done: ${statusCode}`,
    (error: unknown) => error,
  )
  expect(outcome).toBeInstanceOf(Error)
  return outcome as SdkError
}

/** Expects the SDK's own error, with the request ID in its message and in the response's body. */
export function expectRefusal(error: SdkError, status: number, code: string): void {
  expect(error).toMatchObject({ code, statusCode: status })
  const { requestid } = error.data
  expect(requestid).toMatch(/^[0-9A-F-]{36}$/)
  expect(error.message).toContain(requestid)
}
