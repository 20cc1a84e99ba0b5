import { legalName } from '../../drive/names.ts'
import { paramError, GatewayError } from '../../http/errors.ts'
import type { Platform } from '../../organization/platform.ts'
import { MAX_PUT } from '../../oss/oss.ts'
import { MAX_PARTS, type Upload } from '../../oss/uploads.ts'
import type { Call } from '../route.ts'
import { authorized } from './access.ts'
import { bodyOf, folderByUuid, operatorOf, optionalBodyOf, spaceIdOf, type Parameters } from './parameters.ts'

const STORAGE_DRIVERS = ['DINGTALK', 'ALIDOC', 'UNKNOWN'] as const
/** The first is where files are stored if the caller has no preference. */
const REGIONS = ['ZHANGJIAKOU', 'SHENZHEN', 'SHANGHAI', 'SINGAPORE', 'UNKNOWN'] as const
/** How many part numbers one query may have. */
const MAX_QUERIED_PARTS = 30

/** The calls that begin an upload: upload keys and signatures for OSS. */
export function uploadRoutes(platform: Platform) {
  return authorized(platform, {
    uploadInfoV1: (_, call) => uploadInfo(platform, call, false),
    uploadInfoV2: (_, call) => uploadInfo(platform, call, true),
    multipartInit,
    partInfo: multipartQuery,
  })
}

function uploadInfo(platform: Platform, call: Call, v2: boolean): object {
  const body = bodyOf(call)
  body.oneOf('protocol', ['HEADER_SIGNATURE'])
  if (!v2) body.boolean('multipart')
  const { upload, storageDriver } = begin(platform, call, body, v2, false)
  return {
    uploadKey: upload.key,
    storageDriver,
    protocol: 'HEADER_SIGNATURE',
    headerSignatureInfo: platform.oss.headerSignatureInfo(upload),
  }
}

function multipartInit(platform: Platform, call: Call): object {
  const { upload, storageDriver } = begin(platform, call, optionalBodyOf(call), false, true)
  return { uploadKey: upload.key, storageDriver }
}

function multipartQuery(platform: Platform, call: Call): object {
  const { drive, oss, uploads } = platform
  const unionId = operatorOf(platform, call)
  const body = bodyOf(call)
  const key = body.string('uploadKey')
  const partNumbers = body.optionalList('partNumbers') ?? []
  const legal = (number: unknown): number is number =>
    Number.isInteger(number) && Number(number) >= 1 && Number(number) <= MAX_PARTS
  if (partNumbers.length < 1 || partNumbers.length > MAX_QUERIED_PARTS || !partNumbers.every(legal))
    throw paramError('partNumbers', `must be 1 to ${MAX_QUERIED_PARTS} numbers from 1 to ${MAX_PARTS}`)
  body.optionalObject('option').optionalBoolean('preferIntranet')
  const upload = uploads.byKey(key)
  if (upload.uploadId === undefined) throw paramError('uploadKey', 'is not of a pending multipart upload')
  drive.checkReadAccess(drive.space(upload.spaceId), unionId)
  return {
    multipartHeaderSignatureInfos: partNumbers.map((partNumber) => ({
      partNumber,
      headerSignatureInfo: oss.headerSignatureInfo(upload, partNumber),
    })),
  }
}

/** Checks what a call says about the file to upload. Without a parent folder, the root of the space is checked. */
function begin(
  platform: Platform,
  call: Call,
  body: Parameters,
  v2: boolean,
  multipart: boolean,
): { upload: Upload; storageDriver: string } {
  const { drive, takenName, uploads } = platform
  const unionId = operatorOf(platform, call)
  const option = body.optionalObject('option')
  // Only the page of v1 upload info lists more than one.
  const drivers = v2 || multipart ? STORAGE_DRIVERS.slice(0, 1) : STORAGE_DRIVERS
  const storageDriver = option.optionalOneOf('storageDriver', drivers) ?? 'DINGTALK'
  const preferred = option.optionalOneOf('preferRegion', REGIONS) ?? 'UNKNOWN'
  option.optionalBoolean('preferIntranet')
  const preCheck = option.optionalObject('preCheckParam')
  const size = preCheck.optionalSize('size') ?? 0
  const name = preCheck.optionalString('name')
  const legal = legalName(name ?? 'none')
  if (legal === undefined) throw paramError('name', 'is illegal')
  // Not on the page: users of the service have seen this error.
  if (v2 && call.params['parentDentryUuid'] === '0') throw new GatewayError(500, 'unknownError', 'Index: 0')
  const md5 = v2 ? undefined : md5In(preCheck)
  const folder = v2 ? folderByUuid(platform, call) : preCheckedFolder(platform, call, preCheck)

  drive.checkWriteAccess(folder, unionId)
  if (!multipart && size > MAX_PUT)
    throw new GatewayError(400, 'dentryUploadForbidden', '文件超过5GB，请使用分片上传')
  if (takenName === 'refused' && name !== undefined && drive.find(folder, 'FILE', legal))
    throw paramError('name', 'is taken')
  drive.checkQuota(folder.spaceId, size)
  const region = preferred === 'UNKNOWN' ? REGIONS[0] : preferred
  return { upload: uploads.begin(folder.spaceId, multipart, region, md5), storageDriver }
}

/** The MD5 that the bytes must have at the commit. @returns lower-case hex. @throws GatewayError `paramError.md5` */
function md5In(preCheck: Parameters): string | undefined {
  const md5 = preCheck.optionalString('md5')
  if (md5 !== undefined && !/^[0-9a-f]{32}$/i.test(md5)) throw paramError('md5', 'is not 32 hex digits')
  return md5?.toLowerCase()
}

function preCheckedFolder({ drive }: Platform, call: Call, preCheck: Parameters) {
  const parentId = preCheck.optionalDigits('parentId') ?? '0'
  return drive.folder(drive.space(spaceIdOf(call)), parentId, 'parentId')
}
