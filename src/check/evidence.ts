// Ids that nothing has, for calls that are made only to see whether the app may make them. The gateway checks the
// permission before it looks at the ids, and only then reports that there is no such thing. All have the right form: a
// wrong form might be refused earlier still.
import type { DingTalk, Member } from '../dingtalk/client.ts'
import type { Folder } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import type { OperationName } from '../dingtalk/operations.ts'
import type { Oss } from '../dingtalk/oss.ts'
import type { Entry, UploadInfo } from '../dingtalk/schema.ts'
import type { Source } from '../domain.ts'
import { TextError } from '../errors.ts'
import type { Inputs, MessageInputs, UploadInputs } from '../inputs/inputs.ts'
import { findFolder, findOutdated, type Outdated } from '../retention/keep-last.ts'

const NO_ID = '1'
const NO_UUID = 'uploadToDingtalkCheck00000000000'
const NO_USER = 'upload-to-dingtalk-check'
const NO_CHAT = `chat${'0'.repeat(32)}`
const NO_CONVERSATION = `cid${'0'.repeat(22)}==`
const NO_UPLOAD_KEY = 'upload-to-dingtalk-check'
const NO_ROBOT = 'upload-to-dingtalk-check'

/** Announced to the platform, but never uploaded. */
const FILE = { name: 'upload-to-dingtalk-check.txt', size: 1 }

export interface CheckTools {
  dingtalk: DingTalk
  oss: Oss
  /** The workflow run; undefined outside a workflow. */
  source?: Source | undefined
  signal?: AbortSignal | undefined
}

/** What came of a call. */
export type CallResult<T> =
  { readonly value: T; readonly error?: undefined } | { readonly value?: undefined; readonly error: unknown }

/** Stands for a call that was not made because an earlier one showed that it would be pointless. */
export const NOT_ASKED = {
  error: new TextError({
    en: 'Not checked because of the error above.',
    zh: '因上述错误而未检查。',
  }),
} as const

/** What came of all calls. */
export interface Evidence {
  token: CallResult<void>
  /** The operator, where they are given by their user id. */
  operator: CallResult<Member> | undefined
  uploadInfo: CallResult<UploadInfo>
  /** The folder itself; absent if its place is unknown. */
  folder: CallResult<Pick<Entry, 'name' | 'type'>> | undefined
  /** By the id as it was given. */
  chats: ReadonlyMap<string, CallResult<string>>
  users: ReadonlyMap<string, CallResult<Member>>
  post: CallResult<void>
  /** What `keep-last` would delete; undefined if it would delete nothing, whatever the folder has. */
  outdated: CallResult<Outdated> | undefined
  /** By origin. */
  storage: ReadonlyMap<string, CallResult<{ isOss: boolean; status: number }>>
  /** The kinds of calls that were made in earnest, as an upload makes them. */
  real: ReadonlySet<OperationName>
  /** Every call that was made, in order: each shows whether a permission is granted. */
  calls: readonly { operation: OperationName; result: CallResult<unknown> }[]
}

/** What came of the calls that a message without files needs. */
export type MessageEvidence = Pick<Evidence, 'token' | 'chats' | 'post' | 'real' | 'calls'>

/**
 * Makes every kind of call that the app's robot makes to post a message without files, and none that could have an effect.
 *
 * @throws the signal's reason if the job is cancelled
 */
export async function gatherMessageEvidence(
  inputs: MessageInputs,
  { dingtalk, signal }: Pick<CheckTools, 'dingtalk' | 'signal'>,
): Promise<MessageEvidence> {
  const calls = new Calls(signal)
  const token = await calls.make('accessToken', () => dingtalk.authenticate())
  const chats = await askAboutChatIds(inputs, dingtalk, calls)
  const post = await askToPost(inputs, dingtalk, calls)
  return { token, chats, post, real: realCalls(chats), calls: calls.made }
}

/**
 * Makes every kind of call that an upload with these inputs makes, and none that could have an effect. One after the
 * other: they are few, and a ban must be noticed before the next.
 *
 * @throws the signal's reason if the job is cancelled
 */
export async function gatherEvidence(
  inputs: UploadInputs,
  { dingtalk, oss, source, signal }: CheckTools,
): Promise<Evidence> {
  const calls = new Calls(signal)
  const token = await calls.make('accessToken', () => dingtalk.authenticate())
  const { operator, users, unionId } = await askAboutPeople(inputs, dingtalk, calls)
  const { uploadInfo, folder, ids } = await askAboutFolder(inputs.folder, unionId, dingtalk, calls)
  const outdated = await askAboutRetention(inputs, source, unionId, dingtalk, calls)
  const { chats, post } = await askAboutChats(inputs, ids.spaceId, unionId, dingtalk, calls)
  return {
    token,
    operator,
    uploadInfo,
    folder,
    chats,
    users,
    post,
    outdated,
    storage: await probeStorage(uploadInfo.value, oss, calls),
    real: new Set([
      'uploadInfo',
      ...(operator || users.size > 0 ? (['unionId'] as const) : []),
      ...realCalls(chats),
    ]),
    calls: calls.made,
  }
}

function realCalls(chats: Evidence['chats']): ReadonlySet<OperationName> {
  return new Set(chats.size > 0 ? ['openConversationId'] : [])
}

/** Makes calls and keeps what came of them, until one shows that further calls are pointless. */
class Calls {
  readonly made: { operation: OperationName; result: CallResult<unknown> }[] = []
  readonly #signal: AbortSignal | undefined
  #ended = false

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
  }

  async make<T>(operation: OperationName, call: () => Promise<T>): Promise<CallResult<T>> {
    if (this.#ended) return NOT_ASKED
    let result: CallResult<T>
    try {
      result = { value: await call() }
    } catch (error) {
      this.#signal?.throwIfAborted()
      result = { error }
      this.#ended = endsCheck(error)
    }
    this.made.push({ operation, result })
    return result
  }

  async makeEach<T>(
    operation: OperationName,
    ids: readonly string[],
    call: (id: string) => Promise<T>,
  ): Promise<Map<string, CallResult<T>>> {
    const results = new Map<string, CallResult<T>>()
    for (const id of ids) results.set(id, await this.make(operation, () => call(id)))
    return results
  }
}

async function askAboutPeople(inputs: UploadInputs, dingtalk: DingTalk, calls: Calls) {
  const given = inputs.operator
  const operator =
    given.kind === 'user-id' ? await calls.make('unionId', () => dingtalk.member(given.userId)) : undefined
  const users = await calls.makeEach('unionId', inputs.users, (id) => dingtalk.member(id))
  if (!operator && users.size === 0) await calls.make('unionId', () => dingtalk.member(NO_USER))
  const unionId = given.kind === 'union-id' ? given.unionId : (operator?.value?.unionId ?? NO_USER)
  return { operator, users, unionId }
}

/** Asks about the folder, and tries a commit that cannot make anything. */
async function askAboutFolder(target: Folder, unionId: string, dingtalk: DingTalk, calls: Calls) {
  const uploadInfo = await calls.make('uploadInfo', () => dingtalk.drive.uploadInfo(target, unionId, FILE))
  const uuid = target.kind === 'ids' ? NO_UUID : target.uuid
  const lookup = await calls.make('space', () => dingtalk.drive.folderIds({ kind: 'uuid', uuid }, unionId))
  const known = target.kind === 'ids' ? target : lookup.value
  const ids = known ?? { spaceId: NO_ID, parentId: '0' }
  const folder: CallResult<Pick<Entry, 'name' | 'type'>> =
    ids.parentId === '0'
      ? // The root of a space is listed: it has no entry of its own.
        await calls.make('list', async () => {
          await dingtalk.drive.list({ ...ids, kind: 'ids' }, unionId).next()
          return { type: 'FOLDER' }
        })
      : await calls.make('dentry', () => dingtalk.drive.entry(ids.spaceId, ids.parentId, unionId))
  await calls.make('commit', () =>
    dingtalk.drive.commitAsNamed(target, unionId, NO_UPLOAD_KEY, FILE, 'RETURN_ERROR_IF_EXISTS'),
  )
  return { uploadInfo, folder: known && folder, ids }
}

/** Finds what `keep-last` would delete, without creating the folder of `folder-path`. */
async function askAboutRetention(
  { folder, folderPath, keepLast: keep }: UploadInputs,
  source: Source | undefined,
  unionId: string,
  dingtalk: DingTalk,
  calls: Calls,
): Promise<CallResult<Outdated> | undefined> {
  if (keep === undefined || !source) return undefined
  return calls.make('list', async () => {
    const found = await findFolder(folder, folderPath, unionId, dingtalk)
    if (!found) return { files: [], isComplete: true }
    return findOutdated({ folder: found, unionId, keep, source }, [], dingtalk)
  })
}

/** Looks up the groups, and tries a send and a post that reach no one. */
async function askAboutChats(
  inputs: Inputs,
  spaceId: string,
  unionId: string,
  dingtalk: DingTalk,
  calls: Calls,
) {
  const chats = await askAboutChatIds(inputs, dingtalk, calls)
  if (chats.size === 0) await calls.make('openConversationId', () => dingtalk.openConversationId(NO_CHAT))
  const nothing = { spaceId, id: NO_ID }
  if (inputs.sendAs === 'link')
    await calls.make('sendLink', () => dingtalk.sendLink(nothing, unionId, NO_CONVERSATION))
  else await calls.make('send', () => dingtalk.send(nothing, unionId, NO_CONVERSATION))
  if (inputs.chats.length > 0 && inputs.sendAs === 'file')
    await calls.make('groupSpace', () => dingtalk.groupSpace(NO_CONVERSATION, unionId))
  return { chats, post: await askToPost(inputs, dingtalk, calls) }
}

function askAboutChatIds(inputs: Inputs, dingtalk: DingTalk, calls: Calls) {
  const chatIds = inputs.chats.filter((id) => id.startsWith('chat'))
  return calls.makeEach('openConversationId', chatIds, (id) => dingtalk.openConversationId(id))
}

function askToPost({ robot }: Inputs, dingtalk: DingTalk, calls: Calls) {
  const code = robot?.kind === 'app' ? robot.code : NO_ROBOT
  const markdown = { title: 'check', text: 'check' }
  return calls.make('post', () => dingtalk.post(markdown, code, NO_CONVERSATION))
}

/** Probes every origin of the storage, all at once: behind a firewall, each takes as long as its timeout. */
async function probeStorage(uploadInfo: UploadInfo | undefined, oss: Oss, calls: Calls) {
  const resourceUrls = uploadInfo?.headerSignatureInfo.resourceUrls ?? []
  const origins = [...new Set(resourceUrls.map((url) => new URL(url).origin))]
  const results = origins.map(
    async (origin) => [origin, await calls.make('probe', () => oss.probe(origin))] as const,
  )
  return new Map(await Promise.all(results))
}

/** Whether every further call would fail and do harm: ask for a token again, or prolong a ban. */
export function endsCheck(error: unknown): boolean {
  if (!(error instanceof DingTalkError)) return false
  return error.operation === 'accessToken' || error.kind === 'access-token' || error.kind === 'banned'
}
