import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Group } from './chats.ts'
import { hex } from '../http/identifiers.ts'
import { StoredObject } from '../oss/object-store.ts'
import type { Platform } from './platform.ts'
import type { User } from './users.ts'

/** What `npm run emulator` prints: all that a step needs. */
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

/** What else there is, for those who want to see the platform refuse something. */
export interface Others {
  /** The root of the space, `0`, has a uuid too. */
  rootUuid: string
  secondGroup: GroupIds
  thirdGroup: GroupIds
  /** Its owner is outside the app's visible range. */
  groupOutsideRange: GroupIds
  /** The operator is not in it. */
  foreignGroup: GroupIds
  /** The app's robot is not in it. */
  groupWithoutRobot: GroupIds
  secondUser: UserIds
  /** Outside the app's visible range. */
  userOutsideRange: UserIds
  /** Invited, but has not signed in yet. */
  inactiveUser: UserIds
  /** A folder of the space that nobody may write to. */
  readOnlyFolder: { parentId: string; parentUuid: string }
  /** A file in the root of the space. */
  file: { dentryId: string; dentryUuid: string }
  /** "My files" of the second user. */
  foreignMyFiles: { spaceId: string; rootUuid: string }
  /** A team's space that holds 1 MiB at most. */
  smallSpace: { spaceId: string }
  robotCode: string
  /** A custom robot in the group of the values, that wants its calls signed. */
  customRobot: { webhook: string; secret: string }
  /** Another, that wants a word in every message. */
  keywordRobot: { webhook: string; keyword: string }
}

const SMALL_SPACE = 1024 ** 2

/** The organisation that every emulator begins with. */
export function found(
  { appKey, appSecret, chats, drive, robotCode, users }: Platform,
  storage: string,
  apiBaseUrl: string,
  oapiBaseUrl: string,
): { values: Values; others: Others } {
  const operator = users.add(`manager${hex(4)}`, '构建机器人')
  const secondUser = users.add(`user${hex(8)}`, '张三')
  const userOutsideRange = users.add(`user${hex(8)}`, '李四', { visible: false })
  const inactiveUser = users.add(`user${hex(8)}`, '王五', { active: false })
  const by = operator.unionId

  const space = drive.addSpace('team')
  const folder = drive.add({ parent: space.root, name: '构建产物', by })
  const readOnly = drive.add({ parent: space.root, name: '只读', by: secondUser.unionId, readOnly: true })
  const bytes = Buffer.from('欢迎\n')
  const path = join(storage, 'welcome')
  writeFileSync(path, bytes)
  const welcome = new StoredObject(
    [{ path, size: bytes.length }],
    createHash('md5').update(bytes).digest('hex'),
  )
  const file = drive.add({ parent: space.root, name: '欢迎.txt', by, object: welcome })
  const myFiles = drive.addSpace('my', { owner: secondUser.unionId })
  const smallSpace = drive.addSpace('team', { quota: SMALL_SPACE })

  const everybody = [operator.unionId, secondUser.unionId, userOutsideRange.unionId]
  const group = (members = everybody, more = {}) =>
    chats.addGroup(drive.addSpace('conversation'), members, more)
  const main = group()
  const secret = `SEC${hex(64)}`
  const keyword = '构建'
  const webhook = (security: { secret: string } | { keyword: string }) =>
    `${oapiBaseUrl}/robot/send?access_token=${chats.addCustomRobot(main, security).accessToken}`
  return {
    values: {
      apiBaseUrl,
      oapiBaseUrl,
      appKey,
      appSecret,
      ...userIds(operator),
      spaceId: space.id,
      parentId: folder.id,
      parentUuid: folder.uuid,
      ...groupIds(main),
    },
    others: {
      rootUuid: space.root.uuid,
      secondGroup: groupIds(group()),
      thirdGroup: groupIds(group()),
      groupOutsideRange: groupIds(group(everybody, { ownerVisible: false })),
      foreignGroup: groupIds(group([secondUser.unionId])),
      groupWithoutRobot: groupIds(group(everybody, { hasRobot: false })),
      secondUser: userIds(secondUser),
      userOutsideRange: userIds(userOutsideRange),
      inactiveUser: userIds(inactiveUser),
      readOnlyFolder: { parentId: readOnly.id, parentUuid: readOnly.uuid },
      file: { dentryId: file.id, dentryUuid: file.uuid },
      foreignMyFiles: { spaceId: myFiles.id, rootUuid: myFiles.root.uuid },
      smallSpace: { spaceId: smallSpace.id },
      robotCode,
      customRobot: { webhook: webhook({ secret }), secret },
      keywordRobot: { webhook: webhook({ keyword }), keyword },
    },
  }
}

function userIds({ userId, unionId }: User): UserIds {
  return { userId, unionId }
}

function groupIds({ chatId, openConversationId }: Group): GroupIds {
  return { chatId, openConversationId }
}
