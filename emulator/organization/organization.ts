import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Drive } from '../drive/drive.ts'
import { hex, secret } from '../http/identifiers.ts'
import { StoredObject } from '../oss/object-store.ts'
import type { Chats, Group } from './chats.ts'
import type { Platform } from './platform.ts'
import type { User, Users } from './users.ts'

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

interface GroupIds {
  chatId: string
  openConversationId: string
}

interface UserIds {
  userId: string
  unionId: string
}

/** More IDs, mostly for calls that the platform rejects. */
export interface Others {
  /** The UUID of the root folder, whose ID is `0`. */
  rootUuid: string
  secondGroup: GroupIds
  thirdGroup: GroupIds
  /** Its owner is outside the app's visible range. */
  groupOutsideRange: GroupIds
  /** The operator is not in it. */
  foreignGroup: GroupIds
  /** The app's robot is not in it. */
  groupWithoutRobot: GroupIds
  secondUser: UserIds & { mobile: string }
  /** Outside the app's visible range. */
  userOutsideRange: UserIds
  /** Invited, but has not signed in yet. */
  inactiveUser: UserIds
  /** Gets no more messages of the app's robot for now. */
  throttledUser: UserIds
  /** Has blocked the app's robot. */
  blockingUser: UserIds
  /** An image that another app has uploaded. */
  foreignMediaId: string
  /** A folder of the space that nobody may write to, and a folder in it. */
  readOnlyFolder: { parentId: string; parentUuid: string; innerId: string }
  /** A file in the root of the space. */
  file: { dentryId: string; dentryUuid: string }
  /** "My files" of the second user. */
  foreignMyFiles: { spaceId: string; rootUuid: string }
  /** A team's space with a quota of 1 MiB. */
  smallSpace: { spaceId: string }
  /** A space that the add-space call made: it has a recycle bin. */
  addedSpace: { spaceId: string }
  robotCode: string
  /** A custom robot in the main group that requires signed calls. */
  customRobot: { webhook: string; secret: string }
  /** A custom robot in the main group that requires a keyword in every message. */
  keywordRobot: { webhook: string; keyword: string }
  /** A custom robot in the second group that requires signed calls. */
  secondRobot: { webhook: string; secret: string }
}

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
): { values: Values; others: Others } {
  const { appKey, appSecret, robotCode } = platform
  const users = createUsers(platform.users)
  const { team, ...spaces } = createSpaces(platform.drive, users, storage)
  const { main, second, ...groups } = createGroups(platform, users)
  return {
    values: {
      apiBaseUrl,
      oapiBaseUrl,
      appKey,
      appSecret,
      ...userIds(users.operator),
      ...team,
      folderUrl: `https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=${team.spaceId}&fileId=${team.parentId}&type=folder`,
      ...groupIds(main),
    },
    others: {
      ...spaces,
      ...groups,
      secondUser: { ...userIds(users.secondUser), mobile: users.secondUser.mobile },
      userOutsideRange: userIds(users.userOutsideRange),
      inactiveUser: userIds(users.inactiveUser),
      throttledUser: userIds(users.throttledUser),
      blockingUser: userIds(users.blockingUser),
      foreignMediaId: platform.media.add({ appKey: `ding${hex(16)}`, bytes: PIXEL, type: 'image/gif' }),
      robotCode,
      secondGroup: groupIds(second),
      ...createCustomRobots(platform.chats, main, second, oapiBaseUrl),
    },
  }
}

type Members = Record<
  'operator' | 'secondUser' | 'userOutsideRange' | 'inactiveUser' | 'throttledUser' | 'blockingUser',
  User
>

function createUsers(users: Users): Members {
  return {
    operator: users.add(`manager${hex(4)}`, '构建机器人'),
    secondUser: users.add(`user${hex(8)}`, '张三'),
    userOutsideRange: users.add(`user${hex(8)}`, '李四', { visible: false }),
    inactiveUser: users.add(`user${hex(8)}`, '王五', { active: false }),
    throttledUser: users.add(`user${hex(8)}`, '赵六', { robot: 'throttled' }),
    blockingUser: users.add(`user${hex(8)}`, '钱七', { robot: 'blocked' }),
  }
}

type SpaceNames = 'rootUuid' | 'readOnlyFolder' | 'file' | 'foreignMyFiles' | 'smallSpace' | 'addedSpace'

function createSpaces(
  drive: Drive,
  { operator, secondUser }: Members,
  storage: string,
): Pick<Others, SpaceNames> & { team: Pick<Values, 'spaceId' | 'parentId' | 'parentUuid'> } {
  const by = operator.unionId
  const { id: spaceId, root } = drive.addSpace('team')
  const folder = drive.add({ parent: root, name: '构建产物', by })
  const readOnly = drive.add({ parent: root, name: '只读', by: secondUser.unionId, readOnly: true })
  const inner = drive.add({ parent: readOnly, name: '内部', by: secondUser.unionId })
  const file = drive.add({ parent: root, name: '欢迎.txt', by, object: welcomeObject(storage) })
  const myFiles = drive.addSpace('my', { owner: secondUser.unionId })
  const smallSpace = drive.addSpace('team', { quota: SMALL_SPACE })
  const addedSpace = drive.addSpace('team', { hasRecycleBin: true })
  return {
    team: { spaceId, parentId: folder.id, parentUuid: folder.uuid },
    rootUuid: root.uuid,
    readOnlyFolder: { parentId: readOnly.id, parentUuid: readOnly.uuid, innerId: inner.id },
    file: { dentryId: file.id, dentryUuid: file.uuid },
    foreignMyFiles: { spaceId: myFiles.id, rootUuid: myFiles.root.uuid },
    smallSpace: { spaceId: smallSpace.id },
    addedSpace: { spaceId: addedSpace.id },
  }
}

function welcomeObject(storage: string): StoredObject {
  const bytes = Buffer.from('欢迎\n')
  const path = join(storage, 'welcome')
  writeFileSync(path, bytes)
  return new StoredObject([{ path, size: bytes.length }], createHash('md5').update(bytes).digest('hex'))
}

type GroupNames = 'thirdGroup' | 'groupOutsideRange' | 'foreignGroup' | 'groupWithoutRobot'

function createGroups(
  { chats, drive }: Platform,
  { operator, secondUser, userOutsideRange }: Members,
): Pick<Others, GroupNames> & { main: Group; second: Group } {
  const everybody = [operator, secondUser, userOutsideRange].map(({ unionId }) => unionId)
  const group = (name: string, members = everybody, more = {}) =>
    chats.addGroup(name, drive.addSpace('conversation', { readers: new Set(members) }), members, more)
  return {
    main: group('研发群'),
    second: group('测试群'),
    thirdGroup: groupIds(group('产品群')),
    groupOutsideRange: groupIds(group('外部合作群', everybody, { ownerVisible: false })),
    foreignGroup: groupIds(group('设计群', [secondUser.unionId])),
    groupWithoutRobot: groupIds(group('闲聊群', everybody, { hasRobot: false })),
  }
}

function createCustomRobots(
  chats: Chats,
  main: Group,
  second: Group,
  oapiBaseUrl: string,
): Pick<Others, 'customRobot' | 'keywordRobot' | 'secondRobot'> {
  const [first, other] = [`SEC${secret(64, 'token')}`, `SEC${secret(64, 'token')}`]
  const keyword = '构建'
  const webhook = (group: Group, security: { secret: string } | { keyword: string }) =>
    `${oapiBaseUrl}/robot/send?access_token=${encodeURIComponent(chats.addCustomRobot(group, security).accessToken)}`
  return {
    customRobot: { webhook: webhook(main, { secret: first }), secret: first },
    keywordRobot: { webhook: webhook(main, { keyword }), keyword },
    secondRobot: { webhook: webhook(second, { secret: other }), secret: other },
  }
}

function userIds({ userId, unionId }: User): UserIds {
  return { userId, unionId }
}

function groupIds({ chatId, openConversationId }: Group): GroupIds {
  return { chatId, openConversationId }
}
