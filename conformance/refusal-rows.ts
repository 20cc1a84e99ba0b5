// A table of documented errors that need no earlier call.
import type { CallName } from '../contract/contract.ts'
import type { Emulator } from '../emulator/emulator.ts'
import type { Change } from './sdk.ts'

export type RefusalRow = [
  call: CallName,
  what: string,
  change: Change | ((emulator: Emulator) => Change),
  status: number,
  code: string,
]

const UNKNOWN = '999'
const NO_ID = { path: ['abc'] }
const UNKNOWN_SPACE = { path: [UNKNOWN] }
const UNKNOWN_UUID = { path: ['f'.repeat(32)] }
/** bytes */
const TOO_LARGE_FOR_A_PUT = 5 * 1024 ** 3 + 1
/** A commit checks its other parameters before the key. */
const ANY_KEY = { uploadKey: 'any' }

/** More entries than one call may delete. */
const MANY = Array.from({ length: 51 }, (_, n) => String(n + 1))

const protocol = { request: { protocol: 'FTP' } }
const noProtocol = { request: { protocol: undefined } }
const driver = { request: { option: { storageDriver: 'S3' } } }
const tooLarge = { request: { option: { preCheckParam: { size: TOO_LARGE_FOR_A_PUT } } } }
const strategy = { request: { ...ANY_KEY, option: { conflictStrategy: 'PANIC' } } }
const parts = (partNumbers: number[]) => ({ request: { ...ANY_KEY, partNumbers } })

const overQuota = ({ others: { smallSpace } }: Emulator) => ({
  path: [smallSpace.spaceId],
  request: { option: { preCheckParam: { size: 1024 ** 2 + 1 } } },
})
const foreignSpace = ({ others }: Emulator) => ({ path: [others.foreignMyFiles.spaceId] })
const foreignRoot = ({ others }: Emulator) => ({ path: [others.foreignMyFiles.spaceId, '0'] })
const foreignUuid = ({ others }: Emulator) => ({ path: [others.foreignMyFiles.rootUuid] })
const readOnlyUuid = ({ others }: Emulator) => ({ path: [others.readOnlyFolder.parentUuid] })
const readOnlyFolder = ({ values, others }: Emulator) => ({
  path: [values.spaceId, others.readOnlyFolder.parentId],
})
const innerFolder = ({ values, others }: Emulator) => ({
  path: [values.spaceId, others.readOnlyFolder.innerId],
})
const unknownEntry = ({ values }: Emulator) => ({ path: [values.spaceId, UNKNOWN] })
const takenName = ({ values }: Emulator) => ({
  path: [values.spaceId, '0'],
  request: { name: '构建产物', option: { conflictStrategy: 'RETURN_ERROR_IF_EXISTS' } },
})

const UPLOADS: RefusalRow[] = [
  ['uploadInfoV1', 'another protocol', protocol, 400, 'paramError.protocol'],
  ['uploadInfoV1', 'no protocol', noProtocol, 400, 'paramError.protocol'],
  ['uploadInfoV1', 'a space that is no ID', NO_ID, 400, 'paramError.spaceId'],
  ['uploadInfoV1', 'an unknown space', UNKNOWN_SPACE, 404, 'spaceNotExist'],
  ['uploadInfoV1', 'another driver', driver, 400, 'paramError.storageDriver'],
  ['uploadInfoV1', 'more than a PUT takes', tooLarge, 400, 'dentryUploadForbidden'],
  ['uploadInfoV1', 'more than the space has', overQuota, 400, 'spaceQuotaInsufficient'],
  ['uploadInfoV1', "somebody else's files", foreignSpace, 403, 'permissionDenied'],

  ['uploadInfoV2', 'another protocol', protocol, 400, 'paramError.protocol'],
  ['uploadInfoV2', 'no protocol', noProtocol, 400, 'paramError.protocol'],
  ['uploadInfoV2', 'an unknown folder', UNKNOWN_UUID, 400, 'paramError.parentDentryUuid'],
  ['uploadInfoV2', 'another driver', driver, 400, 'paramError.storageDriver'],
  ['uploadInfoV2', 'more than a PUT takes', tooLarge, 400, 'dentryUploadForbidden'],
  ['uploadInfoV2', 'a read-only folder', readOnlyUuid, 403, 'permissionDenied'],

  ['multipartInit', 'a space that is no ID', NO_ID, 400, 'paramError.spaceId'],
  ['multipartInit', 'an unknown space', UNKNOWN_SPACE, 404, 'spaceNotExist'],
  ['multipartInit', 'another driver', driver, 400, 'paramError.storageDriver'],
  ['multipartInit', 'more than the space has', overQuota, 400, 'spaceQuotaInsufficient'],
  ['multipartInit', "somebody else's files", foreignSpace, 403, 'permissionDenied'],

  ['partInfo', 'an unknown key', { request: ANY_KEY }, 400, 'paramError.uploadKey'],
  ['partInfo', 'no key', {}, 400, 'paramError.uploadKey'],
  ['partInfo', 'no parts', parts([]), 400, 'paramError.partNumbers'],
  ['partInfo', 'part 0', parts([0]), 400, 'paramError.partNumbers'],
  ['partInfo', 'part 10,001', parts([10_001]), 400, 'paramError.partNumbers'],
  ['partInfo', '31 parts', parts([...Array(31).keys()].map((n) => n + 1)), 400, 'paramError.partNumbers'],
]

const COMMITS: RefusalRow[] = [
  ['commitV1', 'a name', { request: { ...ANY_KEY, name: 'a|b' } }, 400, 'dentryNameIllegal'],
  ['commitV1', 'a strategy', strategy, 400, 'paramError.conflictStrategy'],
  ['commitV1', 'an unknown space', { ...UNKNOWN_SPACE, request: ANY_KEY }, 404, 'spaceNotExist'],

  ['commitV2', 'a name', { request: { ...ANY_KEY, name: 'a.' } }, 400, 'dentryNameIllegal'],
  ['commitV2', 'no name', { request: { ...ANY_KEY, name: undefined } }, 400, 'paramError.name'],
  ['commitV2', 'a strategy', strategy, 400, 'paramError.conflictStrategy'],
  ['commitV2', 'an unknown key', { request: ANY_KEY }, 400, 'paramError.uploadKey'],
  ['commitV2', 'no key', {}, 400, 'paramError.uploadKey'],
  [
    'commitV2',
    'an unknown folder',
    { ...UNKNOWN_UUID, request: ANY_KEY },
    400,
    'paramError.parentDentryUuid',
  ],
]

const ENTRIES: RefusalRow[] = [
  ['subfolder', 'a name', { request: { name: 'a"b' } }, 400, 'dentryNameIllegal'],
  ['subfolder', 'a strategy', strategy, 400, 'paramError.conflictStrategy'],
  ['subfolder', 'an unknown parent', unknownEntry, 404, 'dentryNotExist'],
  ['subfolder', 'a name that is taken', takenName, 400, 'dentryAlreadyExist'],
  ['subfolder', 'a read-only folder', readOnlyFolder, 403, 'permissionDenied'],

  ['dentry', 'an unknown space', { path: [UNKNOWN, '0'] }, 404, 'spaceNotExist'],
  ['dentry', 'an unknown entry', unknownEntry, 404, 'dentryNotExist'],
  ['dentry', "somebody else's files", foreignRoot, 403, 'permissionDenied'],

  ['appProperties', 'an unknown space', { path: [UNKNOWN, '0'] }, 404, 'spaceNotExist'],
  ['appProperties', 'an unknown entry', unknownEntry, 404, 'dentryNotExist'],
  ['appProperties', 'what is in a read-only folder', innerFolder, 403, 'permissionDenied'],

  ['list', 'an unknown space', UNKNOWN_SPACE, 404, 'spaceNotExist'],
  ['list', 'an unknown folder', { request: { parentId: UNKNOWN } }, 404, 'dentryNotExist'],
  ['list', "somebody else's files", foreignSpace, 403, 'permissionDenied'],

  ['remove', 'an unknown space', { path: [UNKNOWN, '0'] }, 404, 'spaceNotExist'],
  ['remove', 'an unknown entry', unknownEntry, 404, 'dentryNotExist'],
  ['remove', 'what is in a read-only folder', innerFolder, 403, 'permissionDenied'],

  ['batchRemove', 'an unknown space', UNKNOWN_SPACE, 404, 'spaceNotExist'],
  ['batchRemove', 'no entries', { request: { dentryIds: [] } }, 400, 'paramError.dentryIds'],
  ['batchRemove', '51 entries', { request: { dentryIds: MANY } }, 400, 'paramError.dentryIds'],
  ['batchRemove', "somebody else's files", foreignSpace, 403, 'permissionDenied'],

  ['space', 'an unknown UUID', UNKNOWN_UUID, 404, 'documentNotExist'],
  ['space', "somebody else's files", foreignUuid, 403, 'permissionDenied'],
]

const chatId = ({ values }: Emulator) => ({ request: { openConversationId: values.chatId } })
const foreignGroup = ({ others }: Emulator) => ({
  request: { openConversationId: others.foreignGroup.openConversationId },
})
const folder = ({ values }: Emulator) => ({ request: { dentryId: values.parentId } })
const unseenOwner = ({ others }: Emulator) => ({ path: [others.groupOutsideRange.chatId] })
const unseenPerson = ({ others }: Emulator) => ({ request: { unionId: others.userOutsideRange.unionId } })
const group = (openConversationId?: string) => ({ request: { openConversationId } })
const file = (dentryId: string) => ({ request: { dentryId } })
const space = (spaceId: string) => ({ request: { spaceId } })

const SENDS: RefusalRow[] = [
  ['openConversationId', 'an unknown chat', { path: ['chatdeadbeef'] }, 400, 'invalideChatId'],
  ['openConversationId', 'an owner whom the app does not see', unseenOwner, 400, 'permession.checkFailed'],

  ['groupSpace', 'a chat ID', chatId, 400, 'paramError.conversationId'],
  ['groupSpace', 'an unknown group', group('cidUnknown=='), 404, 'conversationNotExist'],
  ['groupSpace', 'a group without the operator', foreignGroup, 403, 'permissionDenied'],

  ...(['send', 'sendLink'] as const).flatMap((name): RefusalRow[] => [
    [name, 'a chat ID', chatId, 400, 'paramError.conversationId'],
    [name, 'an unknown group', group('cidUnknown=='), 404, 'conversationNotExist'],
    [name, 'a space that is no ID', space('abc'), 400, 'paramError.spaceId'],
    [name, 'a file that is no ID', file('abc'), 400, 'paramError.dentryId'],
    [name, 'an unknown space', space(UNKNOWN), 400, 'paramError.spaceId'],
    [name, 'an unknown file', file(UNKNOWN), 400, 'paramError.dentryId'],
    [name, 'a group without the sender', foreignGroup, 403, 'permissionDenied'],
  ]),
  ['send', 'a folder', folder, 400, 'folderNotSupport'],

  ['sendToUser', 'a space that is no ID', space('abc'), 400, 'paramError.spaceId'],
  ['sendToUser', 'a file that is no ID', file('abc'), 400, 'paramError.dentryId'],
  ['sendToUser', 'an unknown space', space(UNKNOWN), 404, 'spaceNotExist'],
  ['sendToUser', 'an unknown file', file(UNKNOWN), 404, 'dentryNotExist'],
  // Every other call has 403.
  ['sendToUser', 'a person whom the app does not see', unseenPerson, 400, 'permissionDenied'],
]

const robot = (request: Record<string, unknown>) => ({ request })

const unknownImage = { msgKey: 'sampleImageMsg', msgParam: '{"photoURL":"@lAD"}' }

const POSTS: RefusalRow[] = [
  ['post', 'no robot', robot({ robotCode: undefined }), 400, 'invalidParameter.robotCode.missing'],
  ['post', 'no group', group(), 400, 'miss.openConversationId'],
  ['post', 'an unknown group', group('cidX=='), 400, 'invalid.openConversationId'],
  ['post', 'an unknown kind', robot({ msgKey: 'x' }), 400, 'invalidParameter.msgKey.invalid'],
  [
    'post',
    'a card without an address',
    robot({ msgKey: 'sampleActionCard', msgParam: '{"title":"t","text":"x","singleTitle":"b"}' }),
    400,
    'miss.param.actionCardTosingleUrl',
  ],
  ['post', 'no JSON', robot({ msgParam: 'x' }), 400, 'invalidParameter.msgParam.invalid'],
  ['post', 'an unknown image', robot(unknownImage), 400, 'invalidParameter.param.invalid'],
  ['postToUsers', 'no users', robot({ userIds: [] }), 400, 'invalidParameter.userIds.empty'],
  ['postToUsers', '21 users', robot({ userIds: MANY.slice(0, 21) }), 400, 'invalidParameter.userIds.overMax'],
  ['postToUsers', 'an unknown robot', robot({ robotCode: 'x' }), 400, 'invalidParameter.robotCode.notExsit'],
  ['postToUsers', 'no kind', robot({ msgKey: undefined }), 400, 'invalidParameter.msgKey.empty'],
  ['postToUsers', 'an unknown image', robot(unknownImage), 400, 'invalidParameter.param.invalid'],
  ['post', '15,001 bytes', robot({ msgParam: 'x'.repeat(15_001) }), 400, 'invalidParameter.msgParam.tooLong'],
]

export const REFUSAL_ROWS: readonly RefusalRow[] = [...UPLOADS, ...COMMITS, ...ENTRIES, ...SENDS, ...POSTS]
