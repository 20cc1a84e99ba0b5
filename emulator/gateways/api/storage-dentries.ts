import { dentryAlreadyExist, ORDERS_BY, type Dentry, type Drive, type Space } from '../../drive/drive.ts'
import { extension } from '../../drive/names.ts'
import { paramError, GatewayError } from '../../http/errors.ts'
import { numericId } from '../../http/identifiers.ts'
import type { Platform } from '../../organization/platform.ts'
import type { Call } from '../route.ts'
import { authorized } from './access.ts'
import { newAppProperties, propertyOwners, updatedAppProperties } from './app-properties.ts'
import {
  bodyOf,
  conflictStrategyIn,
  nameIn,
  operatorOf,
  optionalBodyOf,
  Parameters,
  pathId,
  requireDigits,
  spaceIdOf,
} from './parameters.ts'

/** How many dentries one page may have. */
const MAX_RESULTS = 50
/** How many dentries one call may delete. */
const MAX_DELETED = 50

/** The calls that create folders, and look up, list and delete dentries. */
export function dentryRoutes(platform: Platform) {
  return authorized(platform, {
    subfolder: addFolder,
    dentry: queryDentry,
    appProperties: updateAppProperties,
    list: listDentries,
    remove: deleteDentry,
    batchRemove: deleteDentries,
    space: queryDentryId,
  })
}

function addFolder(platform: Platform, call: Call): object {
  const { drive } = platform
  const unionId = operatorOf(platform, call)
  const body = bodyOf(call)
  const name = nameIn(body)
  const option = body.optionalObject('option')
  const conflictStrategy = conflictStrategyIn(option)
  const appProperties = newAppProperties(platform, option)
  const parentId = pathId(call, 'parentId')
  const space = drive.findSpace(spaceIdOf(call))
  // The page lists no code for an unknown space.
  if (!space) throw dentryNotExist()
  const parent = parentIn(drive, space, parentId)
  drive.checkWriteAccess(parent, unionId)
  const file = platform.folderOverFile === 'created' ? undefined : drive.find(parent, 'FILE', name)
  if (file && platform.folderOverFile === 'returned' && conflictStrategy === 'RETURN_DENTRY_IF_EXISTS')
    return { dentry: dentryJson(drive, file) }
  if (file) throw dentryAlreadyExist()
  const folder = drive.add({ parent, name, by: unionId, conflictStrategy, appProperties })
  return { dentry: dentryJson(drive, folder) }
}

function queryDentry(platform: Platform, call: Call): object {
  const { drive } = platform
  const unionId = operatorOf(platform, call)
  const option = optionalBodyOf(call).optionalObject('option')
  option.optionalBoolean('withThumbnail')
  const owners = propertyOwners(platform, option)
  const { space, dentry } = dentryOf(drive, call)
  drive.checkReadAccess(space, unionId)
  const json = dentryJson(drive, dentry)
  if (!owners.includes(platform.appId)) delete json['appProperties']
  return { dentry: json }
}

function updateAppProperties(platform: Platform, call: Call): object {
  const { appId, drive, updatedProperties } = platform
  const unionId = operatorOf(platform, call)
  const body = bodyOf(call)
  const { space, dentry } = dentryOf(drive, call)
  drive.checkWriteAccess(drive.folder(space, dentry.parentId ?? '0', 'dentryId'), unionId)
  const appProperties = updatedAppProperties(platform, dentry.appProperties, body)
  const by = updatedProperties === 'modified-by-app' ? appId : unionId
  drive.setProperties(dentry, appProperties, updatedProperties === 'nothing' ? undefined : by)
  if (updatedProperties === 'new-version') dentry.version += 1
  return { success: true }
}

function listDentries(platform: Platform, call: Call): object {
  const { drive } = platform
  const unionId = operatorOf(platform, call)
  const { query } = call
  const maxResults = Number(query.get('maxResults') ?? MAX_RESULTS)
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > MAX_RESULTS)
    throw paramError('maxResults', `must be 1 to ${MAX_RESULTS}`)
  const orders = new Parameters({ orderBy: query.get('orderBy'), order: query.get('order') })
  const orderBy = orders.optionalOneOf('orderBy', ORDERS_BY) ?? 'MODIFIED_TIME'
  const order = orders.optionalOneOf('order', ['ASC', 'DESC']) ?? 'DESC'
  const start = pageStart(query.get('nextToken'))
  const parentId = requireDigits('parentId', query.get('parentId') ?? '')
  const space = drive.space(spaceIdOf(call))
  const parent = parentIn(drive, space, parentId)
  drive.checkReadAccess(space, unionId)
  const children = drive.children(parent, orderBy, order === 'DESC')
  const end = start + maxResults
  return {
    dentries: children.slice(start, end).map((dentry) => {
      const json = dentryJson(drive, dentry)
      if (platform.appProperties === 'unlisted') delete json['appProperties']
      return json
    }),
    ...(end < children.length ? { nextToken: Buffer.from(`start:${end}`).toString('base64url') } : {}),
  }
}

function deleteDentry(platform: Platform, call: Call): object {
  const { drive } = platform
  const unionId = operatorOf(platform, call)
  const given = new Parameters({ toRecycleBin: call.query.get('toRecycleBin') })
  const toRecycleBin = given.optionalOneOf('toRecycleBin', ['true', 'false']) === 'true'
  const id = pathId(call, 'dentryId')
  const space = drive.space(spaceIdOf(call))
  checkRecycleBin(platform, space, toRecycleBin)
  const hadChildren = drive.remove(entryToDelete(drive, space, id, unionId), toRecycleBin)
  return hadChildren ? { async: true, taskId: numericId() } : { async: false }
}

/** The response reports each entry that can't be deleted; the others are deleted. */
function deleteDentries(platform: Platform, call: Call): object {
  const { drive } = platform
  const unionId = operatorOf(platform, call)
  const body = bodyOf(call)
  const ids = body.optionalList('dentryIds') ?? []
  const legal = (id: unknown): id is string => typeof id === 'string' && /^\d+$/.test(id)
  if (ids.length < 1 || ids.length > MAX_DELETED || !ids.every(legal))
    throw paramError('dentryIds', `must be 1 to ${MAX_DELETED} IDs`)
  const toRecycleBin = body.optionalObject('option').optionalBoolean('toRecycleBin') ?? false
  const space = drive.space(spaceIdOf(call))
  drive.checkReadAccess(space, unionId)
  checkRecycleBin(platform, space, toRecycleBin)
  const resultItems = ids.map((dentryId) => {
    const item = { spaceId: space.id, dentryId }
    try {
      const hadChildren = drive.remove(entryToDelete(drive, space, dentryId, unionId), toRecycleBin)
      return {
        ...item,
        ...(hadChildren ? { async: true, taskId: numericId() } : { async: false, success: true }),
      }
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return { ...item, async: false, success: false, errorCode: error.code }
    }
  })
  return { resultItems }
}

/** @throws GatewayError `dentryNotExist`, `permissionDenied`, or `operationNotSupported` for the root */
function entryToDelete(drive: Drive, space: Space, id: string, unionId: string): Dentry {
  const dentry = space.dentries.get(id)
  if (!dentry) throw dentryNotExist()
  if (dentry === space.root) throw new GatewayError(403, 'operationNotSupported', '不支持该操作')
  drive.checkWriteAccess(drive.folder(space, dentry.parentId ?? '0', 'dentryId'), unionId)
  return dentry
}

/** @throws GatewayError `recycleBinNotSupportForSpace` */
function checkRecycleBin({ recycleBin }: Platform, space: Space, toRecycleBin: boolean): void {
  if (toRecycleBin && !space.hasRecycleBin && recycleBin === 'refused')
    throw new GatewayError(400, 'recycleBinNotSupportForSpace', '空间不支持回收站')
}

function queryDentryId(platform: Platform, call: Call): object {
  const { drive } = platform
  const unionId = operatorOf(platform, call, 'operatorId')
  const dentry = drive.byUuid(call.params['dentryUuid'] ?? '')
  if (!dentry) throw new GatewayError(404, 'documentNotExist', '文档不存在')
  drive.checkReadAccess(drive.space(dentry.spaceId), unionId)
  return { dentryUuid: dentry.uuid, dentryId: dentry.id, spaceId: dentry.spaceId }
}

/** The entry in the path of a call. @throws GatewayError `dentryNotExist` */
function dentryOf(drive: Drive, call: Call): { space: Space; dentry: Dentry } {
  const id = pathId(call, 'dentryId')
  const space = drive.space(spaceIdOf(call))
  const dentry = space.dentries.get(id)
  if (!dentry) throw dentryNotExist()
  return { space, dentry }
}

/** @throws GatewayError `dentryNotExist`, or `paramError.parentId` for a file */
function parentIn(drive: Drive, space: Space, parentId: string): Dentry {
  if (!space.dentries.has(parentId)) throw dentryNotExist()
  return drive.folder(space, parentId, 'parentId')
}

function dentryNotExist(): GatewayError {
  return new GatewayError(404, 'dentryNotExist', '文件不存在')
}

function pageStart(token: string | null): number {
  if (!token) return 0
  const start = /^start:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  if (start === undefined) throw paramError('nextToken')
  return Number(start)
}

/** A dentry as the responses show it. */
export function dentryJson(drive: Drive, dentry: Dentry): Record<string, unknown> {
  const { id, uuid, spaceId, parentId, type, name, version, creatorId, modifierId, object } = dentry
  return {
    id,
    spaceId,
    // A space's root has no parent.
    ...(parentId === undefined ? {} : { parentId }),
    type,
    name,
    // A folder has neither size, version nor extension: page `add-folder`.
    ...(object ? { size: object.size, version, extension: extension(name) } : {}),
    path: drive.path(dentry),
    status: 'NORMAL',
    creatorId,
    modifierId,
    createTime: drive.formatTime(dentry.createTime),
    modifiedTime: drive.formatTime(dentry.modifiedTime),
    properties: { readOnly: dentry.readOnly },
    uuid,
    partitionType: 'PUBLIC_OSS_PARTITION',
    storageDriver: dentry.isOnlineDoc ? 'ALIDOC' : 'DINGTALK',
    ...(dentry.appProperties ? { appProperties: dentry.appProperties } : {}),
  }
}
