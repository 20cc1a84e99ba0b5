// What is done about refusals, by code: docs/reliability.md shows it as a table.
import { describe, expect, test } from '@jest/globals'
import * as v from 'valibot'
import { DingTalkError, type DingTalkErrorOptions } from '../../src/dingtalk/errors.ts'
import type { OperationName } from '../../src/dingtalk/operations.ts'
import { readGatewayResponse, readOapiResponse } from '../../src/dingtalk/responses.ts'
import { retryDelay } from '../../src/http/retry.ts'

const gateway = (operation: OperationName, code: string, status = 400, message = 'm') =>
  thrownBy(() => readGatewayResponse(operation, answer(status, { code, message, requestid: 'R' }), v.never()))

const oapi = (operation: OperationName, errcode: number) =>
  thrownBy(() => readOapiResponse(operation, answer(200, { errcode, errmsg: 'm' }), v.never()))

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

describe('codes that are no plain refusal', () => {
  test.each([
    'send.too.fast',
    'send.byToken.tooFast',
    'too.many.group',
    'too.many.people',
    'system.busy',
    'systemBusy',
  ])('%s is waited out', (code) => {
    const error = gateway('post', code)
    expect(error.remedy).toBe('wait-out')
    expect(error.isInDoubt).toBe(false)
    expect(retryDelay(error.waitBeforeRetry, 1, () => 0)).toBeGreaterThanOrEqual(1000)
  })

  test.each([90018, 130101])("%s: a custom robot's minute is waited out", (code) => {
    const error = oapi('postByWebhook', code)
    expect(error.remedy).toBe('wait-out')
    expect(retryDelay(error.waitBeforeRetry, 1, () => 0)).toBeGreaterThanOrEqual(15_000)
  })

  test('90018 of a call of the app is a limit per second', () => {
    expect(retryDelay(oapi('unionId', 90018).waitBeforeRetry, 1, () => 0)).toBeLessThan(2000)
  })

  test('410100 blocks a robot for 10 minutes, for which no job waits', () => {
    const error = oapi('postByWebhook', 410100)
    expect(error.kind).toBe('throttled')
    expect(error.retryAfter).toBe(600_000)
    expect(retryDelay(error.waitBeforeRetry, 1, () => 0)).toBeUndefined()
  })

  test('unknown.send.result is doubt, though the status is that of a refusal', () => {
    const error = gateway('post', 'unknown.send.result')
    expect(error.isInDoubt).toBe(true)
    expect(error.remedy).toBe('report')
  })

  test('a uuid that cannot be one is refused, though the status is that of an outage', () => {
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

test('an old signature is cured by new upload info', () => {
  const skewed: DingTalkErrorOptions = {
    operation: 'put',
    code: 'RequestTimeTooSkewed',
    kind: 'signature-expired',
    mayHaveHappened: false,
    message: '',
  }
  expect(new DingTalkError(skewed).remedy).toBe('new-upload-info')
})
