import { extension } from '../../drive/names.ts'
import { paramError, GatewayError } from '../../http/errors.ts'
import type { Platform } from '../../organization/platform.ts'
import type { Call } from '../route.ts'
import { authorized } from './access.ts'
import { newAppProperties } from './app-properties.ts'
import {
  bodyOf,
  conflictStrategyIn,
  folderByUuid,
  nameIn,
  operatorOf,
  spaceIdOf,
  type Parameters,
} from './parameters.ts'
import { dentryJson } from './storage-dentries.ts'

/** The formats that can become an online document. The page names none. */
const CONVERTIBLE = ['doc', 'docx', 'txt', 'md', 'xls', 'xlsx', 'csv']

/** The calls that save uploaded bytes as a file of the drive. */
export function commitRoutes(platform: Platform) {
  return authorized(platform, {
    commitV1(_, call) {
      if (platform.v1Commit === 'closed')
        throw new GatewayError(400, 'Forbidden.ApiOffline', '该接口已不再对新应用开放')
      if (platform.v1Commit === 'forbidden')
        throw new GatewayError(403, 'Forbidden.AccessDenied', '没有调用该接口的权限')
      return commit(platform, call, false)
    },
    commitV2: (_, call) => commit(platform, call, true),
  })
}

function commit(platform: Platform, call: Call, v2: boolean): object {
  const { drive, uploads, usedUploadKey } = platform
  const unionId = operatorOf(platform, call)
  const body = bodyOf(call)
  const key = body.string('uploadKey')
  const name = nameIn(body)
  const option = body.optionalObject('option')
  const size = option.optionalSize('size')
  const conflictStrategy = conflictStrategyIn(option)
  const appProperties = newAppProperties(platform, option)
  const isOnlineDoc = v2 && convertsToOnlineDoc(option, name)
  const folder = v2 ? folderByUuid(platform, call) : folderById(platform, call, body)
  const upload = uploads.byKey(key)
  if (upload.spaceId !== folder.spaceId) throw paramError('uploadKey', 'is of another space')

  drive.checkWriteAccess(folder, unionId)

  if (upload.used && usedUploadKey === 'refuse') throw paramError('uploadKey', 'has been used')
  if (upload.used && usedUploadKey === 'refuse-plain') throw new GatewayError(400, 'paramError', '参数错误')
  const object = uploads.complete(upload)
  if (size !== undefined && size !== object.size)
    throw paramError('size', `is ${size}, but ${object.size} bytes are stored`)
  drive.checkQuota(folder.spaceId, object.size)
  const dentry = drive.add({
    parent: folder,
    name,
    by: unionId,
    conflictStrategy,
    object,
    isOnlineDoc,
    keepsProperties: platform.appProperties === 'first-kept',
    appProperties,
  })
  upload.used = true
  return { dentry: dentryJson(drive, dentry) }
}

/** Whether the file is to become a document of DingTalk Docs. @throws GatewayError `dentryFormatNotSupport` */
function convertsToOnlineDoc(option: Parameters, name: string): boolean {
  const converts = option.optionalBoolean('convertToOnlineDoc') ?? false
  option.optionalOneOf('convertToOnlineDocTargetDocumentType', ['DOC', 'WORKBOOK', 'SMART_TABLE'])
  option.optionalString('classificationLabelId')
  if (converts && !CONVERTIBLE.includes(extension(name).toLowerCase()))
    throw new GatewayError(400, 'dentryFormatNotSupport', '不支持的文件格式')
  return converts
}

function folderById({ drive }: Platform, call: Call, body: Parameters) {
  const parentId = body.digits('parentId')
  return drive.folder(drive.space(spaceIdOf(call)), parentId, 'parentId')
}
