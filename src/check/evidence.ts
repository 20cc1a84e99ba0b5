import type { DingTalk } from '../dingtalk/client.ts'
import type { FolderIds } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { type OperationName, OPERATIONS } from '../dingtalk/operations.ts'
import type { Oss } from '../dingtalk/oss.ts'
import type { Entry } from '../dingtalk/schema.ts'
import type { Source, StepCall } from '../domain.ts'
import { TextError } from '../errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { findFolder, findOutdated } from '../retention/keep-last.ts'
import { isOpenConversationId } from '../send/announcer.ts'

// Valid IDs of things that don't exist. The gateway checks the app's permission before it looks for them, so a "not found"
// error shows that the app has the permission.
const NO_ID = '1'
const NO_NAME = 'upload-to-dingtalk-check'
const NO_CONVERSATION = `cid${'0'.repeat(22)}==`
const NO_FOLDER: FolderIds = { spaceId: NO_ID, parentId: '0' }

/** Used to request upload info, which expires. It is never uploaded. */
const FILE = { name: `${NO_NAME}.txt`, size: 1 }

const MESSAGE = { title: 'check', text: 'check' }

/** What a check needs to make its calls. */
export interface CheckTools {
  readonly dingtalk: DingTalk
  readonly oss: Oss
  /** The workflow run; undefined outside a workflow. */
  readonly source: Source | undefined
  readonly signal: AbortSignal
}

/** The value that a call returned, or the error that it threw. */
export type CallResult<T> =
  { readonly value: T; readonly error?: undefined } | { readonly value?: undefined; readonly error: unknown }

/** The result of a call that was skipped because an earlier error made it pointless. */
export const SKIPPED = {
  error: new TextError({
    en: 'Not checked because of the error above.',
    zh: '因上述错误而未检查。',
  }),
} as const

interface MadeCall {
  readonly operation: OperationName
  readonly result: CallResult<unknown>
  /** Whether a job would make the same call: none of its IDs is a placeholder. */
  readonly isReal: boolean
}

/** The results of a check's calls. A result is undefined if the job doesn't need the call. */
export type Evidence = Awaited<ReturnType<typeof gatherEvidence>>

/**
 * Makes one call for each permission that the steps need, and looks up each ID. No call changes anything in DingTalk. Calls
 * run one after the other, so that the first sign of a ban ends the check.
 *
 * @throws the signal's reason if the job is canceled
 */
export async function gatherEvidence(
  { operator: given, users, folder, folderPath, keepLast: keep, chats, robot }: Inputs,
  stepCalls: readonly StepCall[],
  { dingtalk, oss, source, signal }: CheckTools,
) {
  const { drive } = dingtalk
  const calls: MadeCall[] = []
  let isEnded = false
  const call = async <T>(
    operation: OperationName,
    make: () => Promise<T>,
    isReal = false,
  ): Promise<CallResult<T>> => {
    if (isEnded) return SKIPPED
    let result: CallResult<T>
    try {
      result = { value: await make() }
    } catch (error) {
      signal.throwIfAborted()
      result = { error }
      isEnded = endsCheck(error)
    }
    calls.push({ operation, result, isReal })
    return result
  }
  const callEach = async <T>(
    operation: OperationName,
    ids: readonly string[],
    make: (id: string) => Promise<T>,
  ) => {
    const results = new Map<string, CallResult<T>>()
    for (const id of ids) results.set(id, await call(operation, () => make(id), true))
    return results
  }
  const has = (operation: OperationName) => stepCalls.some((call) => call.operation === operation)
  const scopes = new Set(stepCalls.map(({ operation }) => scopeOf(operation)))
  /** Whether a step needs the permission of this call, which may stand for others that would have an effect. */
  const needs = (operation: OperationName) => scopes.has(scopeOf(operation))

  const accessToken = needs('accessToken')
    ? await call('accessToken', () => dingtalk.authenticate())
    : undefined

  const userIds = [...(given?.kind === 'user-id' ? [given.userId] : []), ...users]
  const members = await callEach('unionId', needs('unionId') ? userIds : [], (id) => dingtalk.member(id))
  const operator = given?.kind === 'user-id' ? members.get(given.userId) : undefined
  const unionId = given?.kind === 'union-id' ? given.unionId : (operator?.value?.unionId ?? NO_NAME)

  const uploadInfo =
    folder && needs('uploadInfo')
      ? await call('uploadInfo', () => drive.uploadInfo(folder, unionId, FILE), true)
      : undefined

  const space =
    folder && folder.kind !== 'ids' && needs('space')
      ? await call('space', () => drive.folderIds({ kind: 'uuid', uuid: folder.uuid }, unionId))
      : undefined

  const ids = folder?.kind === 'ids' ? folder : space?.value
  const { spaceId, parentId } = ids ?? NO_FOLDER
  const getEntry = async (): Promise<Pick<Entry, 'name' | 'path' | 'type'>> => {
    if (parentId !== '0') return drive.entry(spaceId, parentId, unionId)
    // The root of a space has no entry of its own.
    await drive.list({ kind: 'ids', spaceId, parentId }, unionId).next()
    return { type: 'FOLDER' }
  }
  const entry = needs('list') ? await call(parentId === '0' ? 'list' : 'dentry', getEntry) : undefined

  if (folder && needs('commit'))
    await call('commit', () => drive.commit(folder, unionId, NO_NAME, FILE, 'RETURN_ERROR_IF_EXISTS'))

  const outdated =
    folder && keep !== undefined && source && has('batchRemove')
      ? await call('list', async () => {
          const found = await findFolder(folder, folderPath, unionId, dingtalk)
          if (!found) return { files: [], isComplete: true }
          return findOutdated({ folder: found, unionId, keep, source }, [], dingtalk)
        })
      : undefined

  const chatIds = needs('openConversationId') ? chats.filter((id) => !isOpenConversationId(id)) : []
  const openConversationIds = await callEach('openConversationId', chatIds, (id) =>
    dingtalk.openConversationId(id),
  )

  const send = has('sendLink') ? 'sendLink' : 'send'
  if (needs(send))
    await call<unknown>(send, () => dingtalk[send]({ spaceId, id: NO_ID }, unionId, NO_CONVERSATION))
  if (needs('groupSpace')) await call('groupSpace', () => dingtalk.groupSpace(NO_CONVERSATION, unionId))

  const post =
    robot?.kind === 'app' && needs('post')
      ? await call('post', () => dingtalk.post(MESSAGE, robot.code, NO_CONVERSATION))
      : undefined

  const resourceUrls = (has('put') && uploadInfo?.value?.headerSignatureInfo.resourceUrls) || []
  const origins = [...new Set(resourceUrls.map((url) => new URL(url).origin))]
  // In parallel: behind a firewall, each probe lasts until its timeout.
  const storage = await Promise.all(
    origins.map(async (origin) => ({ origin, result: await call('probe', () => oss.probe(origin)) })),
  )

  return {
    stepCalls,
    calls,
    accessToken,
    members,
    operator,
    uploadInfo,
    space,
    /** Undefined if the folder could not be located. */
    entry: ids && entry,
    outdated,
    openConversationIds,
    post,
    storage,
    clockAhead: dingtalk.clockAhead,
  }
}

/** The permission that a call needs, if any. */
export function scopeOf(operation: OperationName): string | undefined {
  return OPERATIONS[operation].scope || undefined
}

/** Whether further calls would fail and do harm: each would request a new token, or prolong a ban. */
export function endsCheck(error: unknown): boolean {
  if (!(error instanceof DingTalkError)) return false
  return error.operation === 'accessToken' || error.kind === 'access-token' || error.kind === 'banned'
}
