// The reaction to errors by code, which docs/reliability.md lists.
import { describe, expect, test } from '@jest/globals'
import * as v from 'valibot'
import { DingTalkError, type DingTalkErrorOptions } from '../../src/dingtalk/errors.ts'
import type { OperationName } from '../../src/dingtalk/operations.ts'
import { readGatewayResponse, readOapiResponse } from '../../src/dingtalk/responses.ts'
import { retryDelay } from '../../src/http/retry.ts'

const gateway = (operation: OperationName, code: string, status = 400, message = 'm') =>
  thrownBy(() => readGatewayResponse(operation, answer(status, { code, message, requestid: 'R' }), v.never()))

const oapi = (operation: OperationName, errcode: number, headers = {}) =>
  thrownBy(() =>
    readOapiResponse(operation, { ...answer(200, { errcode, errmsg: 'm' }), headers }, v.never()),
  )

const answer = (status: number, body: object) => ({ status, headers: {}, text: JSON.stringify(body) })

function thrownBy(read: () => unknown): DingTalkError {
  try {
    read()
  } catch (error) {
    if (error instanceof DingTalkError) return error
    throw error
  }
  throw new Error('no error was thrown')
}

describe('codes that do not simply reject a call', () => {
  test.each([
    'send.too.fast',
    'send.byToken.tooFast',
    'too.many.group',
    'too.many.people',
    'system.busy',
    'systemBusy',
  ])('waits after %s', (code) => {
    const error = gateway('post', code)
    expect(error.remedy).toBe('wait-out')
    expect(error.isInDoubt).toBe(false)
    expect(retryDelay(error.waitBeforeRetry, 1, () => 0)).toBeGreaterThanOrEqual(1000)
  })

  test.each([90018, 130101])("waits a minute after a custom robot's %s", (code) => {
    const error = oapi('postByWebhook', code)
    expect(error.remedy).toBe('wait-out')
    expect(retryDelay(error.waitBeforeRetry, 1, () => 0)).toBeGreaterThanOrEqual(15_000)
  })

  test("ignores a Retry-After of 0 with a custom robot's limit", () => {
    const error = oapi('postByWebhook', 130101, { 'retry-after': '0' })
    expect(retryDelay(error.waitBeforeRetry, 1, () => 0)).toBeGreaterThanOrEqual(15_000)
  })

  test("treats 90018 of an app's call as a limit per second", () => {
    expect(retryDelay(oapi('unionId', 90018).waitBeforeRetry, 1, () => 0)).toBeLessThan(2000)
  })

  test('does not wait for 410100, which blocks a robot for 10 minutes', () => {
    const error = oapi('postByWebhook', 410100)
    expect(error.kind).toBe('throttled')
    expect(error.retryAfter).toBe(600_000)
    expect(retryDelay(error.waitBeforeRetry, 1, () => 0)).toBeUndefined()
  })

  test('treats unknown.send.result as doubt despite HTTP 400', () => {
    const error = gateway('post', 'unknown.send.result')
    expect(error.isInDoubt).toBe(true)
    expect(error.remedy).toBe('report')
  })

  test('treats an impossible UUID as rejected despite HTTP 500', () => {
    expect(gateway('uploadInfo', 'unknownError', 500, 'Index: 0').remedy).toBe('stop')
    expect(gateway('uploadInfo', 'unknownError', 500, 'Index: out of range').remedy).toBe('repeat')
  })

  test.each([
    'spaceNotExist',
    'dentryNotExist',
    'documentNotExist',
    'permissionDenied',
    'paramError.parentDentryUuid',
    'paramError.unionId',
  ])('%s concerns every file', (code) => {
    expect(gateway('uploadInfo', code).concernsEveryFile).toBe(true)
  })

  test.each(['dentryNameIllegal', 'paramError.name', 'spaceNotExistent'])('%s concerns one file', (code) => {
    expect(gateway('uploadInfo', code).concernsEveryFile).toBe(false)
  })
})

test('requests new upload info for an old signature', () => {
  const skewed: DingTalkErrorOptions = {
    operation: 'put',
    code: 'RequestTimeTooSkewed',
    kind: 'signature-expired',
    mayHaveHappened: false,
    message: '',
  }
  expect(new DingTalkError(skewed).remedy).toBe('new-upload-info')
})
