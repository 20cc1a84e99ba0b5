import type { DingTalk, Member } from '../dingtalk/client.ts'
import type { Folder, FolderIds } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import type { OperationName } from '../dingtalk/operations.ts'
import type { Oss } from '../dingtalk/oss.ts'
import type { Entry, UploadInfo } from '../dingtalk/schema.ts'
import type { Source, StepCall, StepOperation } from '../domain.ts'
import { TextError } from '../errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { findFolder, findOutdated, type Outdated } from '../retention/keep-last.ts'
import { isOpenConversationId } from '../send/announcer.ts'

// IDs that nothing has, for calls that are made only to see whether the app may make them. The gateway checks the
// permission before it looks at the IDs, and only then reports that there is no such thing. All have the right form: a
// wrong form might be refused earlier still.
const NO_ID = '1'
const NO_UUID = 'uploadToDingtalkCheck00000000000'
const NO_USER = 'upload-to-dingtalk-check'
const NO_CHAT = `chat${'0'.repeat(32)}`
const NO_CONVERSATION = `cid${'0'.repeat(22)}==`
const NO_UPLOAD_KEY = 'upload-to-dingtalk-check'
const NO_ROBOT = 'upload-to-dingtalk-check'
const NO_FOLDER: FolderIds = { spaceId: NO_ID, parentId: '0' }

/** Announced to the platform, but never uploaded. */
const FILE = { name: 'upload-to-dingtalk-check.txt', size: 1 }

/** Posted to nobody. */
const MESSAGE = { title: 'check', text: 'check' }

/** What the calls of a check are made with. */
export interface CheckTools {
  readonly dingtalk: DingTalk
  readonly oss: Oss
  /** The workflow run; undefined outside a workflow. */
  readonly source: Source | undefined
  readonly signal: AbortSignal
}

/** What came of a call. */
export type CallResult<T> =
  { readonly value: T; readonly error?: undefined } | { readonly value?: undefined; readonly error: unknown }

/** Stands for a call that was not made because an earlier one showed that it would be pointless. */
export const NOT_MADE = {
  error: new TextError({
    en: 'Not checked because of the error above.',
    zh: '因上述错误而未检查。',
  }),
} as const

/** Calls that are never tried, because each would have an effect: another call of the same scope shows what the app may do. */
type Untried =
  | 'multipartInit'
  | 'partInfo'
  | 'dentry'
  | 'subfolder'
  | 'appProperties'
  | 'sendToUser'
  | 'postByWebhook'
  | 'uploadMedia'

/** What the probe of each call shows. */
interface Results {
  accessToken: CallResult<void>
  /** The operator, if they are given by their user ID, and the recipients, by theirs. */
  unionId: { operator: CallResult<Member> | undefined; users: ReadonlyMap<string, CallResult<Member>> }
  uploadInfo: CallResult<UploadInfo>
  space: CallResult<FolderIds>
  /** The folder itself; undefined if it could not be located. */
  list: CallResult<Pick<Entry, 'name' | 'path' | 'type'>> | undefined
  commit: CallResult<unknown>
  /** What `keep-last` would delete; undefined outside a workflow. */
  batchRemove: CallResult<Outdated> | undefined
  /** The open conversation IDs of the groups, by their chat IDs. */
  openConversationId: ReadonlyMap<string, CallResult<string>>
  send: CallResult<unknown>
  sendLink: CallResult<unknown>
  groupSpace: CallResult<unknown>
  post: CallResult<unknown>
  postToUsers: CallResult<unknown>
  /** By origin of the storage. */
  put: ReadonlyMap<string, CallResult<{ isOss: boolean; status: number }>>
}

/** What came of all calls. */
export interface Evidence {
  /** By the call that was probed; absent if no step needs it. */
  readonly results: Partial<Results>
  /** Every call that was made, in order: each shows whether a permission is granted. */
  readonly calls: readonly MadeCall[]
}

interface MadeCall {
  readonly operation: OperationName
  readonly result: CallResult<unknown>
  /** Whether it is made as a job makes it, with nothing that stands in for an ID. */
  readonly isReal: boolean
}

/**
 * Probes the calls of the steps, in a way that has no effect. One after the other: they are few, and a ban must be noticed
 * before the next.
 *
 * @throws the signal's reason if the job is canceled
 */
export async function gatherEvidence(
  inputs: Inputs,
  stepCalls: readonly StepCall[],
  tools: CheckTools,
): Promise<Evidence> {
  const probing = new Probing(inputs, tools)
  for (const operation of Object.keys(PROBES) as (keyof Results)[]) {
    const stepCall = stepCalls.filter((call) => call.operation === operation)
    // Nothing fails without a group's own space, and what lets the robot post to groups lets it post to people: where these
    // calls aren't used, they aren't worth one.
    const isExtra = operation === 'groupSpace' || operation === 'postToUsers'
    const isShown = operation === 'postToUsers' && probing.results.post
    if (!isShown && stepCall.some(({ kind }) => !isExtra || kind !== 'unused'))
      Object.assign(probing.results, { [operation]: await PROBES[operation](probing) })
  }
  return { results: probing.results, calls: probing.calls }
}

/** Makes calls and keeps what came of them, until one shows that further calls are pointless. */
class Probing {
  readonly inputs: Inputs
  readonly dingtalk: DingTalk
  readonly oss: Oss
  readonly source: Source | undefined
  readonly results: Partial<Results> = {}
  readonly calls: MadeCall[] = []
  readonly #signal: AbortSignal
  #ended = false

  constructor(inputs: Inputs, { dingtalk, oss, source, signal }: CheckTools) {
    this.inputs = inputs
    this.dingtalk = dingtalk
    this.oss = oss
    this.source = source
    this.#signal = signal
  }

  get folder(): Folder {
    return this.inputs.folder ?? { kind: 'ids', ...NO_FOLDER }
  }

  /** Of the folder, if they are known. */
  get ids(): FolderIds | undefined {
    return this.folder.kind === 'ids' ? this.folder : this.results.space?.value
  }

  /** A file that does not exist. */
  get noFile() {
    return { spaceId: (this.ids ?? NO_FOLDER).spaceId, id: NO_ID }
  }

  /** The operator's. */
  get unionId(): string {
    const { operator } = this.inputs
    return operator?.kind === 'union-id'
      ? operator.unionId
      : (this.results.unionId?.operator?.value?.unionId ?? NO_USER)
  }

  get robotCode(): string {
    const { robot } = this.inputs
    return robot?.kind === 'app' ? robot.code : NO_ROBOT
  }

  async make<T>(operation: OperationName, call: () => Promise<T>, isReal = false): Promise<CallResult<T>> {
    if (this.#ended) return NOT_MADE
    let result: CallResult<T>
    try {
      result = { value: await call() }
    } catch (error) {
      this.#signal.throwIfAborted()
      result = { error }
      this.#ended = endsCheck(error)
    }
    this.calls.push({ operation, result, isReal })
    return result
  }

  async makeEach<T>(operation: OperationName, ids: readonly string[], call: (id: string) => Promise<T>) {
    const results = new Map<string, CallResult<T>>()
    for (const id of ids) results.set(id, await this.make(operation, () => call(id), true))
    return results
  }
}

/** How each call is tried, in this order. */
const PROBES: {
  readonly [O in Exclude<StepOperation, Untried>]: (probing: Probing) => Promise<Results[O]>
} = {
  accessToken: (probing) => probing.make('accessToken', () => probing.dingtalk.authenticate()),

  unionId: async (probing) => {
    const { operator: given, users: ids } = probing.inputs
    const lookUp = (userId: string) => probing.dingtalk.member(userId)
    const operator =
      given?.kind === 'user-id' ? await probing.make('unionId', () => lookUp(given.userId), true) : undefined
    const users = await probing.makeEach('unionId', ids, lookUp)
    if (!operator && users.size === 0) await probing.make('unionId', () => lookUp(NO_USER))
    return { operator, users }
  },

  uploadInfo: (probing) => {
    const { dingtalk, folder, unionId } = probing
    return probing.make('uploadInfo', () => dingtalk.drive.uploadInfo(folder, unionId, FILE), true)
  },

  space: (probing) => {
    const { dingtalk, folder, unionId } = probing
    const uuid = folder.kind === 'ids' ? NO_UUID : folder.uuid
    return probing.make('space', () => dingtalk.drive.folderIds({ kind: 'uuid', uuid }, unionId))
  },

  list: async (probing) => {
    const { dingtalk, ids, unionId } = probing
    const { spaceId, parentId } = ids ?? NO_FOLDER
    // The root of a space has no entry of its own.
    const list = async () => {
      await dingtalk.drive.list({ kind: 'ids', spaceId, parentId }, unionId).next()
      return { type: 'FOLDER' }
    }
    const folder: Results['list'] =
      parentId === '0'
        ? await probing.make('list', list)
        : await probing.make('dentry', () => dingtalk.drive.entry(spaceId, parentId, unionId))
    return ids && folder
  },

  commit: (probing) => {
    const { dingtalk, folder, unionId } = probing
    return probing.make('commit', () =>
      dingtalk.drive.commitAsNamed(folder, unionId, NO_UPLOAD_KEY, FILE, 'RETURN_ERROR_IF_EXISTS'),
    )
  },

  // Finds the files, without creating the folder of `folder-path`, and deletes none.
  batchRemove: async (probing) => {
    const { dingtalk, folder, unionId, source } = probing
    const { folderPath, keepLast: keep } = probing.inputs
    if (keep === undefined || !source) return undefined
    return probing.make('list', async () => {
      const found = await findFolder(folder, folderPath, unionId, dingtalk)
      if (!found) return { files: [], isComplete: true }
      return findOutdated({ folder: found, unionId, keep, source }, [], dingtalk)
    })
  },

  openConversationId: async (probing) => {
    const lookUp = (chatId: string) => probing.dingtalk.openConversationId(chatId)
    const ids = probing.inputs.chats.filter((id) => !isOpenConversationId(id))
    if (ids.length === 0) await probing.make('openConversationId', () => lookUp(NO_CHAT))
    return probing.makeEach('openConversationId', ids, lookUp)
  },

  send: (probing) => {
    const { dingtalk, unionId, noFile } = probing
    return probing.make('send', () => dingtalk.send(noFile, unionId, NO_CONVERSATION))
  },

  sendLink: (probing) => {
    const { dingtalk, unionId, noFile } = probing
    return probing.make('sendLink', () => dingtalk.sendLink(noFile, unionId, NO_CONVERSATION))
  },

  groupSpace: (probing) => {
    const { dingtalk, unionId } = probing
    return probing.make('groupSpace', () => dingtalk.groupSpace(NO_CONVERSATION, unionId))
  },

  post: (probing) => {
    const { dingtalk, robotCode } = probing
    return probing.make('post', () => dingtalk.post(MESSAGE, robotCode, NO_CONVERSATION))
  },

  postToUsers: (probing) => {
    const { dingtalk, robotCode } = probing
    return probing.make('postToUsers', () => dingtalk.postToUsers(MESSAGE, robotCode, [NO_USER]))
  },

  // All origins at once: behind a firewall, each takes as long as its timeout.
  put: async (probing) => {
    const { resourceUrls = [] } = probing.results.uploadInfo?.value?.headerSignatureInfo ?? {}
    const origins = [...new Set(resourceUrls.map((url) => new URL(url).origin))]
    const probes = origins.map(
      async (origin) => [origin, await probing.make('probe', () => probing.oss.probe(origin))] as const,
    )
    return new Map(await Promise.all(probes))
  },
}

/** Whether every further call would fail and do harm: ask for a token again, or prolong a ban. */
export function endsCheck(error: unknown): boolean {
  if (!(error instanceof DingTalkError)) return false
  return error.operation === 'accessToken' || error.kind === 'access-token' || error.kind === 'banned'
}
