import type { Dentry, Space } from '../../drive/drive.ts'
import { legalName } from '../../drive/names.ts'
import { paramError, GatewayError } from '../../http/errors.ts'
import type { Platform } from '../../organization/platform.ts'
import { MAX_PUT } from '../../oss/oss.ts'
import { MAX_PARTS } from '../../oss/uploads.ts'
import type { Call } from '../route.ts'
import { authorized } from './access.ts'
import { bodyOf, folderByUuid, operatorOf, optionalBodyOf, spaceIdOf, type SpaceFolder } from './inputs.ts'
import { requireDigits, type Parameters } from './parameters.ts'

/** Only the page of v1 upload info lists more than the first. */
const STORAGE_DRIVERS = ['DINGTALK', 'ALIDOC', 'UNKNOWN'] as const
/** The first is where files are stored if the caller has no preference. */
const REGIONS = ['ZHANGJIAKOU', 'SHENZHEN', 'SHANGHAI', 'SINGAPORE', 'UNKNOWN'] as const
/** How many part numbers one query may have. */
const MAX_QUERIED_PARTS = 30

/** The calls that begin an upload: upload keys and signatures for OSS. */
export function uploadRoutes(platform: Platform) {
  return authorized(platform, {
    uploadInfoV1: (call) => uploadInfo(platform, call, false),
    uploadInfoV2: (call) => uploadInfo(platform, call, true),
    multipartInit: (call) => multipartInit(platform, call),
    partInfo: (call) => multipartQuery(platform, call),
  })
}

function uploadInfo(platform: Platform, call: Call, v2: boolean): object {
  const body = bodyOf(call)
  body.oneOf('protocol', ['HEADER_SIGNATURE'])
  if (!v2) body.boolean('multipart')
  const drivers = v2 ? STORAGE_DRIVERS.slice(0, 1) : STORAGE_DRIVERS
  const planned = plannedUpload(platform, call, body, v2, drivers)
  checkUpload(platform, planned, false)
  const upload = platform.uploads.begin(planned.space.id, false, planned.region, planned.md5)
  return {
    uploadKey: upload.key,
    storageDriver: planned.storageDriver,
    protocol: 'HEADER_SIGNATURE',
    headerSignatureInfo: platform.oss.headerSignatureInfo(upload),
  }
}

function multipartInit(platform: Platform, call: Call): object {
  const planned = plannedUpload(platform, call, optionalBodyOf(call), false, STORAGE_DRIVERS.slice(0, 1))
  checkUpload(platform, planned, true)
  const upload = platform.uploads.begin(planned.space.id, true, planned.region, planned.md5)
  return { uploadKey: upload.key, storageDriver: planned.storageDriver }
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
  if (upload.uploadId === undefined) throw paramError('uploadKey', 'is of no multipart upload under way')
  drive.checkReadAccess(drive.space(upload.spaceId), unionId)
  return {
    multipartHeaderSignatureInfos: partNumbers.map((partNumber) => ({
      partNumber,
      headerSignatureInfo: oss.headerSignatureInfo(upload, partNumber),
    })),
  }
}

interface PlannedUpload extends SpaceFolder {
  unionId: string
  /** bytes */
  size: number | undefined
  name: string | undefined
  /** Lower-case hex: what the bytes must have at the commit. */
  md5?: string
  storageDriver: string
  region: string
}

/** What a call says about the file to upload. Without a parent folder, the root of the space is checked. */
function plannedUpload(
  platform: Platform,
  call: Call,
  body: Parameters,
  v2: boolean,
  drivers: readonly string[],
): PlannedUpload {
  const { drive } = platform
  const unionId = operatorOf(platform, call)
  const option = body.optionalObject('option')
  const storageDriver = option.optionalOneOf('storageDriver', drivers) ?? 'DINGTALK'
  const preferred = option.optionalOneOf('preferRegion', REGIONS)
  const region = preferred === undefined || preferred === 'UNKNOWN' ? REGIONS[0] : preferred
  option.optionalBoolean('preferIntranet')
  const preCheck = option.optionalObject('preCheckParam')
  const size = preCheck.optionalSize('size')
  const name = preCheck.optionalString('name')
  if (name !== undefined && legalName(name) === undefined) throw paramError('name', 'is illegal')
  if (v2) {
    refuseImpossibleUuid(call)
    return { unionId, ...folderByUuid(platform, call), size, name, storageDriver, region }
  }
  const md5 = md5In(preCheck)
  const parentId = preCheck.optionalString('parentId')
  if (parentId !== undefined) requireDigits('parentId', parentId)
  const space = drive.space(spaceIdOf(call))
  const folder = drive.folder(space, parentId ?? '0', 'parentId')
  return { unionId, space, folder, size, name, storageDriver, region, ...(md5 === undefined ? {} : { md5 }) }
}

/** @returns lower-case hex. @throws GatewayError `paramError.md5` */
function md5In(preCheck: Parameters): string | undefined {
  const md5 = preCheck.optionalString('md5')
  if (md5 !== undefined && !/^[0-9a-f]{32}$/i.test(md5)) throw paramError('md5', 'is not 32 hex digits')
  return md5?.toLowerCase()
}

/** Not on the page: users of the service have seen this for the uuid `0`. */
function refuseImpossibleUuid({ params }: Call): void {
  if (params['parentDentryUuid'] === '0') throw new GatewayError(500, 'unknownError', 'Index: 0')
}

function checkUpload(
  { drive, takenName }: Platform,
  { unionId, space, folder, size = 0, name }: PlannedUpload,
  multipart: boolean,
): void {
  drive.checkWriteAccess(space, folder, unionId)
  if (!multipart && size > MAX_PUT)
    throw new GatewayError(400, 'dentryUploadForbidden', '文件超过5GB，请使用分片上传')
  if (takenName === 'refused' && name !== undefined && isTaken(space, folder, name))
    throw paramError('name', 'is taken')
  drive.checkQuota(space, size)
}

function isTaken(space: Space, folder: Dentry, name: string): boolean {
  return [...space.dentries.values()].some(
    (dentry) => dentry.parentId === folder.id && dentry.type === 'FILE' && dentry.name === legalName(name),
  )
}
