import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hex, secret } from '../http/identifiers.ts'
import { StoredObject } from '../oss/object-store.ts'
import type { Group } from './chats.ts'
import type { Platform } from './platform.ts'
import type { User } from './users.ts'

/** What `npm run emulator` prints: the inputs of a step. */
export interface Values {
  apiBaseUrl: string
  oapiBaseUrl: string
  appKey: string
  appSecret: string
  userId: string
  unionId: string
  spaceId: string
  /** A folder of the space. */
  parentId: string
  parentUuid: string
  /** The link of that folder. */
  folderUrl: string
  chatId: string
  openConversationId: string
}

/** More IDs, mostly for calls that the platform rejects. */
export type Others = ReturnType<typeof createOrganization>['others']

/** bytes */
const SMALL_SPACE = 1024 ** 2
/** The smallest GIF. */
const PIXEL = Buffer.from('R0lGODlhAQABAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64')

/** Creates the organization that every emulator starts with. @param storage a directory for its files */
export function createOrganization(
  platform: Platform,
  storage: string,
  apiBaseUrl: string,
  oapiBaseUrl: string,
) {
  const { appKey, appSecret, chats, drive, robotCode, users } = platform
  const operator = users.add(`manager${hex(4)}`, '构建机器人')
  const user = (name: string, more?: Partial<User>) => users.add(`user${hex(8)}`, name, more)
  const secondUser = user('张三')
  const userOutsideRange = user('李四', { visible: false })

  const { id: spaceId, root } = drive.addSpace('team')
  const folder = drive.add({ parent: root, name: '构建产物', by: operator.unionId })
  const readOnly = drive.add({ parent: root, name: '只读', by: secondUser.unionId, readOnly: true })
  const inner = drive.add({ parent: readOnly, name: '内部', by: secondUser.unionId })
  const object = welcomeObject(storage)
  const file = drive.add({ parent: root, name: '欢迎.txt', by: operator.unionId, object })
  const myFiles = drive.addSpace('my', { owner: secondUser.unionId })

  const everybody = [operator, secondUser, userOutsideRange].map(({ unionId }) => unionId)
  const group = (
    name: string,
    { members = new Set(everybody), ownerVisible = true, hasRobot = true } = {},
  ) => {
    const space = drive.addSpace('conversation', { readers: members })
    return chats.addGroup({ name, space, members, ownerVisible, hasRobot })
  }
  const main = group('研发群')
  const second = group('测试群')
  const keyword = '构建'
  const webhook = (of: Group, security: { secret: string } | { keyword: string }) =>
    `${oapiBaseUrl}/robot/send?access_token=${encodeURIComponent(chats.addCustomRobot(of, security).accessToken)}`
  const signedRobot = (of: Group) => {
    const signing = { secret: `SEC${secret(64, 'token')}` }
    return { webhook: webhook(of, signing), ...signing }
  }

  const values: Values = {
    apiBaseUrl,
    oapiBaseUrl,
    appKey,
    appSecret,
    ...userIds(operator),
    spaceId,
    parentId: folder.id,
    parentUuid: folder.uuid,
    folderUrl: `https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=${spaceId}&fileId=${folder.id}&type=folder`,
    ...groupIds(main),
  }
  const others = {
    /** The UUID of the root folder, whose ID is `0`. */
    rootUuid: root.uuid,
    secondGroup: groupIds(second),
    thirdGroup: groupIds(group('产品群')),
    /** Its owner is outside the app's visible range. */
    groupOutsideRange: groupIds(group('外部合作群', { ownerVisible: false })),
    /** The operator is not in it. */
    foreignGroup: groupIds(group('设计群', { members: new Set([secondUser.unionId]) })),
    /** The app's robot is not in it. */
    groupWithoutRobot: groupIds(group('闲聊群', { hasRobot: false })),
    secondUser: { ...userIds(secondUser), mobile: secondUser.mobile },
    /** Outside the app's visible range. */
    userOutsideRange: userIds(userOutsideRange),
    /** Invited, but has not signed in yet. */
    inactiveUser: userIds(user('王五', { active: false })),
    /** Has received too many messages from the app's robot. */
    throttledUser: userIds(user('赵六', { robot: 'throttled' })),
    /** Has blocked the app's robot. */
    blockingUser: userIds(user('钱七', { robot: 'blocked' })),
    /** An image that another app has uploaded. */
    foreignMediaId: platform.media.add({ appKey: `ding${hex(16)}`, bytes: PIXEL, type: 'image/gif' }),
    /** A read-only folder of the space, and a folder in it. */
    readOnlyFolder: { parentId: readOnly.id, parentUuid: readOnly.uuid, innerId: inner.id },
    /** A file in the root of the space. */
    file: { dentryId: file.id, dentryUuid: file.uuid },
    /** "My files" of the second user. */
    foreignMyFiles: { spaceId: myFiles.id, rootUuid: myFiles.root.uuid },
    /** A team's space with a quota of 1 MiB. */
    smallSpace: { spaceId: drive.addSpace('team', { quota: SMALL_SPACE }).id },
    /** A space that the add-space call has created, so it has a recycle bin. */
    addedSpace: { spaceId: drive.addSpace('team', { hasRecycleBin: true }).id },
    robotCode,
    /** A custom robot in the main group that requires signed calls. */
    customRobot: signedRobot(main),
    /** A custom robot in the main group that requires a keyword in every message. */
    keywordRobot: { webhook: webhook(main, { keyword }), keyword },
    /** A custom robot in the second group that requires signed calls. */
    secondRobot: signedRobot(second),
  }
  return { values, others }
}

function welcomeObject(storage: string): StoredObject {
  const bytes = Buffer.from('欢迎\n')
  const path = join(storage, 'welcome')
  writeFileSync(path, bytes)
  return new StoredObject([{ path, size: bytes.length }], createHash('md5').update(bytes).digest('hex'))
}

function userIds({ userId, unionId }: User): { userId: string; unionId: string } {
  return { userId, unionId }
}

function groupIds({ chatId, openConversationId }: Group): { chatId: string; openConversationId: string } {
  return { chatId, openConversationId }
}
