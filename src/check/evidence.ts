import type { DingTalk, Member } from '../dingtalk/client.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import type { OperationName } from '../dingtalk/operations.ts'
import type { Oss } from '../dingtalk/oss.ts'
import type { Entry, UploadInfo } from '../dingtalk/responses/schema.ts'
import type { Inputs } from '../inputs/inputs.ts'

// What nothing is called: asked for where a call is made only to see whether the app may make it. The gateway refuses a
// call for want of a permission before it looks at what is asked; whoever gets further is told that there is no such
// thing. All are of the right form, for a wrong one might be refused earlier still.
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
  signal?: AbortSignal | undefined
}

/** What came of a call. */
export type Outcome<T> =
  { readonly value: T; readonly error?: undefined } | { readonly value?: undefined; readonly error: unknown }

/** Stands in for a call that was not made, because an earlier one had shown that it would be pointless. */
class NotAsked extends Error {
  override readonly message = 'not asked, for what is said above'
}
export const NOT_ASKED = { error: new NotAsked() } as const

/** What came of all calls. */
export interface Evidence {
  token: Outcome<void>
  /** The operator, where they are given by their user id. */
  operator: Outcome<Member> | undefined
  uploadInfo: Outcome<UploadInfo>
  /** The folder itself; absent where nobody knows where it lies. */
  folder: Outcome<Pick<Entry, 'name' | 'type'>> | undefined
  /** By the id as it was given. */
  chats: ReadonlyMap<string, Outcome<string>>
  users: ReadonlyMap<string, Outcome<Member>>
  post: Outcome<void>
  /** By origin. */
  storage: ReadonlyMap<string, Outcome<{ isOss: boolean; status: number }>>
  /** The kinds of calls that were made in earnest, as an upload makes them. */
  real: ReadonlySet<OperationName>
  /** Every call that was made, in turn, for what it tells of permissions. */
  calls: readonly { operation: OperationName; outcome: Outcome<unknown> }[]
}

/**
 * Makes every kind of call that an upload with these inputs makes, and none that could have an effect. One after the other:
 * they are few, and a ban must be noticed before the next.
 *
 * @throws the signal's reason if the job was called off
 */
export async function gather(inputs: Inputs, { dingtalk, oss, signal }: CheckTools): Promise<Evidence> {
  const calls: { operation: OperationName; outcome: Outcome<unknown> }[] = []
  let pointless = false
  async function attempt<T>(operation: OperationName, call: () => Promise<T>): Promise<Outcome<T>> {
    if (pointless) return NOT_ASKED
    let outcome: Outcome<T>
    try {
      outcome = { value: await call() }
    } catch (error) {
      signal?.throwIfAborted()
      outcome = { error }
      pointless = isHopeless(error)
    }
    calls.push({ operation, outcome })
    return outcome
  }
  async function attemptEach<T>(
    operation: OperationName,
    ids: readonly string[],
    call: (id: string) => Promise<T>,
  ) {
    const outcomes = new Map<string, Outcome<T>>()
    for (const id of ids) outcomes.set(id, await attempt(operation, () => call(id)))
    return outcomes
  }

  const token = await attempt('accessToken', () => dingtalk.authenticate())
  const given = inputs.operator
  const operator =
    'userId' in given ? await attempt('unionId', () => dingtalk.member(given.userId)) : undefined
  const users = await attemptEach('unionId', inputs.users, (id) => dingtalk.member(id))
  if (!operator && users.size === 0) await attempt('unionId', () => dingtalk.member(NO_USER))
  const unionId = 'unionId' in given ? given.unionId : (operator?.value?.unionId ?? NO_USER)

  const target = inputs.folder
  const uploadInfo = await attempt('uploadInfo', () => dingtalk.uploadInfo(target, unionId, FILE))
  const uuid = target.kind === 'ids' ? NO_UUID : target.uuid
  const lookup = await attempt('space', () => dingtalk.folderIds({ kind: 'uuid', uuid }, unionId))
  const where = target.kind === 'ids' ? target : lookup.value
  const { spaceId, parentId } = where ?? { spaceId: NO_ID, parentId: '0' }
  const found =
    parentId === '0'
      ? // The root of a space is listed: it has no entry of its own.
        await attempt('list', async () => {
          await dingtalk.list({ kind: 'ids', spaceId, parentId }, unionId).next()
          return { type: 'FOLDER' }
        })
      : await attempt('dentry', () => dingtalk.entry(spaceId, parentId, unionId))
  await attempt('commit', () =>
    dingtalk.commitAsNamed(target, unionId, NO_UPLOAD_KEY, FILE, 'RETURN_ERROR_IF_EXISTS'),
  )

  const chatIds = inputs.chats.filter((id) => id.startsWith('chat'))
  const convert = (id: string) => dingtalk.openConversationId(id)
  const chats = await attemptEach('openConversationId', chatIds, convert)
  if (chats.size === 0) await attempt('openConversationId', () => convert(NO_CHAT))
  await attempt('send', () => dingtalk.send({ spaceId, id: NO_ID }, unionId, NO_CONVERSATION))
  const robot = inputs.robot && 'code' in inputs.robot ? inputs.robot.code : NO_ROBOT
  const nothing = { title: 'check', text: 'check' }
  const post = await attempt('post', () => dingtalk.post(nothing, robot, NO_CONVERSATION))

  const resourceUrls = uploadInfo.value?.headerSignatureInfo.resourceUrls ?? []
  const origins = [...new Set(resourceUrls.map((url) => new URL(url).origin))]
  // All at once: where a firewall drops what it does not let pass, each takes as long as its timeout.
  const probe = async (origins: readonly string[]) => {
    const outcomes = origins.map(
      async (origin) => [origin, await attempt('probe', () => oss.probe(origin))] as const,
    )
    return new Map(await Promise.all(outcomes))
  }
  return {
    token,
    operator,
    uploadInfo,
    folder: where && found,
    chats,
    users,
    post,
    storage: await probe(origins),
    real: new Set([
      'uploadInfo',
      ...(operator || users.size > 0 ? (['unionId'] as const) : []),
      ...(chatIds.length > 0 ? (['openConversationId'] as const) : []),
    ]),
    calls,
  }
}

/** Whether no call can come to anything any more, and each would do harm: ask for a token again, or prolong a ban. */
export function isHopeless(error: unknown): boolean {
  if (!(error instanceof DingTalkError)) return false
  return error.operation === 'accessToken' || error.kind === 'access-token' || error.kind === 'banned'
}
