import type { Dentry, Drive, Space } from '../../drive/drive.ts'
import { paramError, permissionDenied, GatewayError } from '../../http/errors.ts'
import type { Platform } from '../../organization/platform.ts'
import type { Call } from '../route.ts'
import { authorized } from './access.ts'
import { bodyOf, operatorOf, type Parameters } from './parameters.ts'
import { dentryJson } from './storage-dentries.ts'

/** ms until lists show a sent file in the mode `late` */
const LATE = 5000

/** The calls that send files to groups and users, and find a group's own space. */
export function conversationRoutes(platform: Platform) {
  return authorized(platform, {
    openConversationId: convertChat,
    groupSpace: queryGroupSpace,
    send: (_, call) => sendToChat(platform, call, 'file'),
    sendLink: (_, call) => sendToChat(platform, call, 'link'),
    sendToUser,
  })
}

function convertChat({ chats }: Platform, call: Call): object {
  const group = chats.byChatId(call.params['chatId'] ?? '')
  if (!group) throw new GatewayError(400, 'invalideChatId', '无效的chatId')
  if (!group.ownerVisible) throw new GatewayError(400, 'permession.checkFailed', '群主不在应用可见范围内')
  return { openConversationId: group.openConversationId }
}

function queryGroupSpace(platform: Platform, call: Call): object {
  const { chats, corpId, drive } = platform
  const unionId = operatorOf(platform, call)
  const group = chats.byOpenConversationId(conversationIdIn(bodyOf(call)))
  if (!group) throw conversationNotExist()
  if (!group.members.has(unionId)) throw permissionDenied('该用户不在此会话中')
  const { id: spaceId, root } = group.space
  const createTime = drive.formatTime(root.createTime)
  return { space: { spaceId, corpId, createTime, modifiedTime: createTime } }
}

function sendToChat(platform: Platform, call: Call, kind: 'file' | 'link'): object {
  const { chats, drive } = platform
  const unionId = operatorOf(platform, call)
  const body = bodyOf(call)
  const conversationId = conversationIdIn(body)
  const file = fileToSend(drive, body, kind)
  const group = chats.byOpenConversationId(conversationId)
  if (!group) throw conversationNotExist()
  drive.checkReadAccess(drive.space(file.spaceId), unionId)
  if (!group.members.has(unionId)) throw permissionDenied('该用户不能在此会话发送文件')

  const sent = kind === 'file' ? copy(platform, file, group.space, unionId) : file
  const copyId = kind === 'file' ? { copyId: sent.id } : {}
  chats.deliver({ to: conversationId, kind, by: unionId, ...messageOf(file), ...copyId })
  return { file: sentJson(drive, sent, conversationId) }
}

function sendToUser(platform: Platform, call: Call): object {
  const { appKey, chats, drive, users } = platform
  const recipient = operatorOf(platform, call)
  const file = fileToSendToUser(drive, bodyOf(call))
  // Only this page has HTTP 400 for it.
  const denied = (why: string) => new GatewayError(400, 'permissionDenied', `没有权限: ${why}`)
  if (drive.space(file.spaceId).kind === 'conversation') throw denied('应用不能访问此空间')
  if (!users.byUnionId(recipient)?.visible) throw denied('该用户不在应用可见范围内')

  const sent = copy(platform, file, drive.addSpace('conversation'), appKey)
  chats.deliver({ to: recipient, kind: 'file', by: 'app', ...messageOf(file), copyId: sent.id })
  // The page says that the UUID is not returned here.
  return { file: { ...sentJson(drive, sent, chats.conversationWith(recipient)), uuid: undefined } }
}

/** @throws GatewayError `paramError.conversationId` */
function conversationIdIn(body: Parameters): string {
  const id = body.optionalString('openConversationId') ?? ''
  if (!/^cid[A-Za-z0-9+/]+=*$/.test(id)) throw paramError('conversationId')
  return id
}

function conversationNotExist(): GatewayError {
  return new GatewayError(404, 'conversationNotExist', '会话不存在')
}

/** The file of a call that sends to a group. @throws GatewayError with the codes of its page */
function fileToSend(drive: Drive, body: Parameters, kind: 'file' | 'link'): Dentry {
  const space = drive.findSpace(body.digits('spaceId'))
  const file = space?.dentries.get(body.digits('dentryId'))
  if (!space) throw paramError('spaceId', 'is unknown')
  if (!file) throw paramError('dentryId', 'is unknown')
  if (file.type === 'FOLDER')
    throw kind === 'file'
      ? new GatewayError(400, 'folderNotSupport', '不支持发送文件夹')
      : paramError('dentryId', 'is a folder')
  return file
}

/** The file of a call that sends to a user. @throws GatewayError with the codes of its page */
function fileToSendToUser(drive: Drive, body: Parameters): Dentry {
  const spaceId = body.digits('spaceId')
  const dentryId = body.digits('dentryId')
  const file = drive.space(spaceId).dentries.get(dentryId)
  if (!file) throw new GatewayError(404, 'dentryNotExist', '文件不存在')
  if (file.type === 'FOLDER') throw paramError('dentryId', 'is a folder')
  return file
}

function messageOf({ id, name, object }: Dentry): { dentryId: string; name: string; size: number } {
  return { dentryId: id, name, size: object?.size ?? 0 }
}

/** A file that was sent, as responses show it: with fewer fields than in the drive. */
function sentJson(drive: Drive, file: Dentry, conversationId: string): Record<string, unknown> {
  const hidden = ['properties', 'partitionType', 'storageDriver', 'appProperties']
  const shown = Object.entries(dentryJson(drive, file)).filter(([name]) => !hidden.includes(name))
  return { conversationId, ...Object.fromEntries(shown) }
}

/** A file message creates a copy in the conversation's space, with its own ID. */
function copy(
  { drive, groupSpace, copiedProperties }: Platform,
  { name, object, appProperties }: Dentry,
  space: Space,
  by: string,
): Dentry {
  if (!object) throw new Error('a file has bytes')
  return drive.add({
    parent: space.root,
    name,
    by,
    object,
    listedAfter: { shown: 0, late: LATE, hidden: Infinity }[groupSpace],
    appProperties: copiedProperties === 'kept' ? appProperties : undefined,
  })
}
