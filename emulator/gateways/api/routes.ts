import type { Call, Route } from '../route.ts'
import {
  CONFLICT_STRATEGIES,
  extension,
  legalName,
  ORDERS_BY,
  type ConflictStrategy,
  type Dentry,
  type Space,
} from '../../drive/drive.ts'
import { characters } from '../../http/identifiers.ts'
import { scopeOf, type Operation } from '../../http/operation.ts'
import { MAX_PUT } from '../../oss/oss.ts'
import { digitsOrRefuse, Parameters } from './parameters.ts'
import type { Platform } from '../../organization/platform.ts'
import { paramError, permissionDenied, Refusal } from '../../http/errors.ts'
import { MAX_PARTS, type Upload } from '../../oss/uploads.ts'

const REGIONS = ['ZHANGJIAKOU', 'SHENZHEN', 'SHANGHAI', 'SINGAPORE', 'UNKNOWN'] as const
/** The most part numbers that one query takes. */
const MAX_QUERIED_PARTS = 30
/** The most entries on one page of a listing. */
const MAX_RESULTS = 50
/** bytes */
const MAX_MSG_PARAM = 15_000

/** The new gateway. It refuses in this order: authentication, scope, parameters, rights, state. */
export function gatewayRoutes(platform: Platform): Route[] {
  const { chats, drive, oss, uploads, users } = platform

  /** A call that needs a token and, if the operation has one, its scope. */
  const route = (
    operation: Operation,
    method: Route['method'],
    path: string,
    perform: Route['perform'],
  ): Route => ({
    operation,
    method,
    path,
    perform: (call) => {
      if (platform.tokens.state(String(call.headers['x-acs-dingtalk-access-token'])) !== 'valid')
        throw new Refusal(400, 'InvalidAuthentication', '不合法的access_token')
      refuseWithoutScope(platform, operation)
      return perform(call)
    },
  })

  /** The member in whose name something is done. @returns their union id */
  function operator(call: Call, parameter = 'unionId'): string {
    const unionId = call.query.get(parameter)
    if (!unionId) throw new Refusal(400, `Missing${parameter}`, `${parameter} is mandatory for this action.`)
    if (!users.byUnionId(unionId)) throw paramError(parameter, 'is no member of the organisation')
    return unionId
  }

  function folderByUuid(call: Call): { space: Space; folder: Dentry } {
    const folder = drive.byUuid(call.params['parentDentryUuid'] ?? '')
    if (folder?.type !== 'FOLDER') throw paramError('parentDentryUuid', 'is no folder')
    return { space: drive.space(folder.spaceId), folder }
  }

  interface PreCheck {
    unionId: string
    space: Space
    folder: Dentry
    size: number | undefined
  }

  /** What an upload announces beforehand. The parent need not be told: without it the space's root stands in. */
  function preCheck(call: Call, body: Parameters, v2: boolean): PreCheck {
    const unionId = operator(call)
    const option = body.optionalObject('option')
    option.oneOf('storageDriver', ['DINGTALK'])
    option.optionalOneOf('preferRegion', REGIONS)
    option.optionalBoolean('preferIntranet')
    const announced = option.optionalObject('preCheckParam')
    const size = announced.optionalSize('size')
    const name = announced.optionalString('name')
    if (name !== undefined && legalName(name) === undefined) throw paramError('name', 'is illegal')
    if (v2) return { unionId, ...folderByUuid(call), size }
    announced.optionalString('md5')
    const parentId = announced.optionalString('parentId')
    if (parentId !== undefined) digitsOrRefuse('parentId', parentId)
    const space = drive.space(spaceId(call))
    return { unionId, space, folder: drive.folder(space, parentId ?? '0', 'parentId'), size }
  }

  function refuseUpload({ unionId, space, folder, size = 0 }: PreCheck, multipart: boolean): void {
    drive.refuseWriter(space, folder, unionId)
    if (!multipart && size > MAX_PUT)
      throw new Refusal(400, 'dentryUploadForbidden', '文件超过5GB，请使用分片上传')
    drive.refuseOverQuota(space, size)
  }

  function uploadInfo(call: Call, v2: boolean): object {
    const body = bodyOf(call)
    body.oneOf('protocol', ['HEADER_SIGNATURE'])
    if (!v2) body.optionalBoolean('multipart')
    const announced = preCheck(call, body, v2)
    refuseUpload(announced, false)
    const upload = uploads.begin(announced.space.id, false)
    return {
      uploadKey: upload.key,
      storageDriver: 'DINGTALK',
      protocol: 'HEADER_SIGNATURE',
      headerSignatureInfo: oss.headerSignatureInfo(upload),
    }
  }

  function multipartInit(call: Call): object {
    const announced = preCheck(call, bodyOf(call), false)
    refuseUpload(announced, true)
    const upload = uploads.begin(announced.space.id, true)
    return { uploadKey: upload.key, storageDriver: 'DINGTALK', protocol: 'HEADER_SIGNATURE' }
  }

  function multipartQuery(call: Call): object {
    const unionId = operator(call)
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
    drive.refuseReader(drive.space(upload.spaceId), unionId)
    return {
      multipartHeaderSignatureInfos: partNumbers.map((partNumber) => ({
        partNumber,
        headerSignatureInfo: oss.headerSignatureInfo(upload, partNumber),
      })),
    }
  }

  function commit(call: Call, v2: boolean): object {
    const unionId = operator(call)
    const body = bodyOf(call)
    const key = body.string('uploadKey')
    const name = nameIn(body)
    const option = body.optionalObject('option')
    const size = option.optionalSize('size')
    const conflictStrategy = conflictStrategyIn(option)
    let target
    if (v2) target = folderByUuid(call)
    else {
      const parentId = body.digits('parentId')
      const space = drive.space(spaceId(call))
      target = { space, folder: drive.folder(space, parentId, 'parentId') }
    }
    const { space, folder } = target
    const upload: Upload = uploads.byKey(key)
    if (upload.spaceId !== space.id) throw paramError('uploadKey', 'is of another space')

    drive.refuseWriter(space, folder, unionId)

    if (upload.used && platform.usedUploadKey === 'refuse') throw paramError('uploadKey', 'has been used')
    const object = uploads.complete(upload)
    if (size !== undefined && size !== object.size)
      throw paramError('size', `is ${size}, but ${object.size} bytes are stored`)
    drive.refuseOverQuota(space, object.size)
    const dentry = drive.add({ parent: folder, name, by: unionId, conflictStrategy, object })
    upload.used = true
    return { dentry: described(dentry) }
  }

  function addFolder(call: Call): object {
    const unionId = operator(call)
    const body = bodyOf(call)
    const name = nameIn(body)
    const conflictStrategy = conflictStrategyIn(body.optionalObject('option'))
    const parentId = digitsOrRefuse('parentId', call.params['parentId'] ?? '')
    const space = drive.space(spaceId(call))
    const parent = drive.folder(space, parentId, 'parentId')
    drive.refuseWriter(space, parent, unionId)
    return { dentry: described(drive.add({ parent, name, by: unionId, conflictStrategy })) }
  }

  function queryDentry(call: Call): object {
    const unionId = operator(call)
    bodyOf(call)
    const id = digitsOrRefuse('dentryId', call.params['dentryId'] ?? '')
    const space = drive.space(spaceId(call))
    const dentry = space.dentries.get(id)
    if (!dentry) throw new Refusal(404, 'dentryNotExist', '文件不存在')
    drive.refuseReader(space, unionId)
    return { dentry: described(dentry) }
  }

  function listDentries(call: Call): object {
    const unionId = operator(call)
    const { query } = call
    const maxResults = Number(query.get('maxResults') ?? MAX_RESULTS)
    if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > MAX_RESULTS)
      throw paramError('maxResults', `must be 1 to ${MAX_RESULTS}`)
    const orders = new Parameters({ orderBy: query.get('orderBy'), order: query.get('order') })
    const orderBy = orders.optionalOneOf('orderBy', ORDERS_BY) ?? 'MODIFIED_TIME'
    const order = orders.optionalOneOf('order', ['ASC', 'DESC']) ?? 'DESC'
    const start = pageStart(query.get('nextToken'))
    const parentId = digitsOrRefuse('parentId', query.get('parentId') ?? '0')
    const space = drive.space(spaceId(call))
    const parent = drive.folder(space, parentId, 'parentId')
    drive.refuseReader(space, unionId)
    const children = drive.children(parent, orderBy, order === 'DESC')
    const end = start + maxResults
    return {
      dentries: children.slice(start, end).map(described),
      ...(end < children.length ? { nextToken: nextToken(end) } : {}),
    }
  }

  function queryDentryId(call: Call): object {
    const unionId = operator(call, 'operatorId')
    const dentry = drive.byUuid(call.params['dentryUuid'] ?? '')
    if (!dentry) throw paramError('dentryUuid', 'is unknown')
    drive.refuseReader(drive.space(dentry.spaceId), unionId)
    return { dentryUuid: dentry.uuid, dentryId: dentry.id, spaceId: dentry.spaceId }
  }

  function convertChat(call: Call): object {
    const group = chats.byChatId(call.params['chatId'] ?? '')
    if (!group) throw new Refusal(400, 'invalideChatId', '无效的chatId')
    if (!group.ownerVisible) throw new Refusal(400, 'permession.checkFailed', '群主不在应用可见范围内')
    return { openConversationId: group.openConversationId }
  }

  /** The file to send. */
  function fileToSend(body: Parameters): { space: Space; file: Dentry } {
    const space = drive.space(body.digits('spaceId'))
    const file = space.dentries.get(body.digits('dentryId'))
    if (!file) throw new Refusal(404, 'dentryNotExist', '文件不存在')
    if (file.type === 'FOLDER') throw new Refusal(400, 'folderNotSupport', '不支持发送文件夹')
    return { space, file }
  }

  /** A file message puts a copy into the conversation's space, with an id of its own. */
  function copy(file: Dentry, space: Space, by: string): Dentry {
    if (!file.object) throw new Error('a file has bytes')
    return drive.add({ parent: space.root, name: file.name, by, object: file.object })
  }

  function sendToChat(call: Call, kind: 'file' | 'link'): object {
    const unionId = operator(call)
    const body = bodyOf(call)
    const conversationId = body.optionalString('openConversationId') ?? ''
    if (!/^cid[A-Za-z0-9+/]+=*$/.test(conversationId)) throw paramError('conversationId')
    const { space, file } = fileToSend(body)
    const group = chats.byOpenConversationId(conversationId)
    if (!group) throw new Refusal(404, 'conversationNotExist', '会话不存在')
    drive.refuseReader(space, unionId)
    if (!group.members.has(unionId)) throw permissionDenied('该用户不能在此会话发送文件')

    const sent = kind === 'file' ? copy(file, group.space, unionId) : file
    chats.messages.push({
      to: conversationId,
      kind,
      by: unionId,
      dentryId: file.id,
      name: file.name,
      ...(kind === 'file' ? { copyId: sent.id } : {}),
    })
    return { file: { conversationId, ...described(sent) } }
  }

  function sendToUser(call: Call): object {
    const recipient = operator(call)
    const { space, file } = fileToSend(bodyOf(call))
    if (space.kind === 'conversation') throw permissionDenied('应用不能访问此空间')
    if (!users.byUnionId(recipient)?.visible) throw permissionDenied('该用户不在应用可见范围内')

    const sent = copy(file, drive.addSpace('conversation'), platform.appKey)
    chats.messages.push({
      to: recipient,
      kind: 'file',
      by: 'app',
      dentryId: file.id,
      copyId: sent.id,
      name: file.name,
    })
    return { file: described(sent) }
  }

  function robotGroupSend(call: Call): object {
    const body = bodyOf(call)
    const conversationId = body.optionalString('openConversationId')
    const refuse = (code: string, message: string) => new Refusal(400, code, message)
    const robotCode = body.optionalString('robotCode')
    if (!robotCode) throw refuse('invalidParameter.robotCode.missing', '缺少robotCode')
    if (!conversationId) throw refuse('miss.openConversationId', '缺少openConversationId')
    if (body.optionalString('msgKey') !== 'sampleMarkdown')
      throw refuse('invalidParameter.msgKey.invalid', 'msgKey无效')
    const { title, text } = markdownIn(body)
    if (robotCode !== platform.robotCode) throw refuse('invalidParameter.robotCode.notExsit', '机器人不存在')
    const group = chats.byOpenConversationId(conversationId)
    if (!group) throw refuse('invalid.openConversationId', '无效的openConversationId')
    if (!group.hasRobot) throw refuse('invalidParameter.robotCode.empty', '机器人不在群内')

    chats.messages.push({ to: conversationId, kind: 'markdown', by: robotCode, title, text })
    return { processQueryKey: characters(44) }
  }

  /** A dentry as the answers show it. */
  function described(dentry: Dentry): Record<string, unknown> {
    const { id, uuid, spaceId, parentId, type, name, version, creatorId, modifierId, object } = dentry
    return {
      id,
      spaceId,
      // A space's root has no parent.
      ...(parentId === undefined ? {} : { parentId }),
      type,
      name,
      size: object?.size ?? 0,
      path: drive.path(dentry),
      version,
      status: 'NORMAL',
      extension: type === 'FILE' ? extension(name) : '',
      creatorId,
      modifierId,
      createTime: iso8601(dentry.createTime),
      modifiedTime: iso8601(dentry.modifiedTime),
      properties: { readOnly: dentry.readOnly },
      uuid,
      partitionType: 'PUBLIC_OSS_PARTITION',
      storageDriver: 'DINGTALK',
    }
  }

  const files = '/v1.0/storage/spaces/:spaceId/files'
  const filesV2 = '/v2.0/storage/spaces/files/:parentDentryUuid'
  const dentries = '/v1.0/storage/spaces/:spaceId/dentries'
  const conversations = '/v1.0/convFile/conversations/files'
  return [
    {
      operation: 'accessToken',
      method: 'POST',
      path: '/v1.0/oauth2/accessToken',
      perform: (call) => accessToken(platform, call),
    },
    route('convertChat', 'POST', '/v1.0/im/chat/:chatId/convertToOpenConversationId', convertChat),
    route('uploadInfoV1', 'POST', `${files}/uploadInfos/query`, (call) => uploadInfo(call, false)),
    route('uploadInfoV2', 'POST', `${filesV2}/uploadInfos/query`, (call) => uploadInfo(call, true)),
    route('multipartInit', 'POST', `${files}/multiPartUploadInfos/init`, multipartInit),
    route('multipartQuery', 'POST', '/v1.0/storage/spaces/files/multiPartUploadInfos/query', multipartQuery),
    route('commitV1', 'POST', `${files}/commit`, (call) => {
      if (platform.v1Commit === 'closed')
        throw new Refusal(400, 'Forbidden.ApiOffline', '该接口已不再对新应用开放')
      return commit(call, false)
    }),
    route('commitV2', 'POST', `${filesV2}/commit`, (call) => commit(call, true)),
    route('addFolder', 'POST', `${dentries}/:parentId/folders`, addFolder),
    route('queryDentry', 'POST', `${dentries}/:dentryId/query`, queryDentry),
    route('listDentries', 'GET', dentries, listDentries),
    route('queryDentryId', 'GET', '/v2.0/doc/dentries/:dentryUuid/queryDentryId', queryDentryId),
    route('sendToChat', 'POST', `${conversations}/send`, (call) => sendToChat(call, 'file')),
    route('sendLinkToChat', 'POST', `${conversations}/links/send`, (call) => sendToChat(call, 'link')),
    route('sendToUser', 'POST', '/v1.0/convFile/apps/conversations/files/send', sendToUser),
    route('robotGroupSend', 'POST', '/v1.0/robot/groupMessages/send', robotGroupSend),
  ]
}

/** What a path that leads nowhere is answered on the new gateway. */
export function noSuchApi(): Refusal {
  return new Refusal(
    404,
    'InvalidAction.NotFound',
    'Specified api is not found, please check your url and method.',
  )
}

/** @throws Refusal as the real gateway words it */
function refuseWithoutScope({ scopes }: Platform, operation: Operation): void {
  const scope = scopeOf(operation)
  if (scope === undefined || scopes.granted.has(scope)) return
  throw new Refusal(
    403,
    'Forbidden.AccessDenied.AccessTokenPermissionDenied',
    `应用尚未开通所需的权限：[${scope}]`,
    {
      accessdenieddetail: { requiredScopes: [scope] },
    },
  )
}

function accessToken(platform: Platform, call: Call): object {
  const body = bodyOf(call)
  const key = body.optionalString('appKey')
  if (key !== platform.appKey || body.optionalString('appSecret') !== platform.appSecret)
    throw new Refusal(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret')
  refuseWithoutScope(platform, 'accessToken')
  return platform.tokens.give()
}

/** The body's JSON object. Whatever is not declared to be JSON counts as no body. */
function bodyOf({ headers, body }: Call): Parameters {
  const isJson = /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')
  if (!isJson || body === '') throw new Refusal(400, 'Missingbody', 'body is mandatory for this action.')
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new Refusal(400, 'InvalidParameter', 'The request body is not valid JSON.')
  }
  return new Parameters(value)
}

function spaceId({ params }: Call): string {
  return digitsOrRefuse('spaceId', params['spaceId'] ?? '')
}

function nameIn(body: Parameters): string {
  const name = legalName(body.string('name'))
  if (name === undefined) throw new Refusal(400, 'dentryNameIllegal', '文件名包含非法字符')
  return name
}

function conflictStrategyIn(option: Parameters): ConflictStrategy {
  return option.optionalOneOf('conflictStrategy', CONFLICT_STRATEGIES) ?? 'AUTO_RENAME'
}

/** `msgParam` is JSON in a string. */
function markdownIn(body: Parameters): { title: string; text: string } {
  const invalid = new Refusal(400, 'invalidParameter.msgParam.invalid', 'msgParam无效')
  let value: unknown
  try {
    const msgParam = body.string('msgParam')
    if (Buffer.byteLength(msgParam) > MAX_MSG_PARAM)
      throw new Refusal(400, 'invalidParameter.msgParam.tooLong', 'msgParam过长')
    value = JSON.parse(msgParam)
  } catch (error) {
    throw error instanceof Refusal && error.code.endsWith('tooLong') ? error : invalid
  }
  const { title, text } = (value ?? {}) as { title?: unknown; text?: unknown }
  if (typeof title !== 'string' || typeof text !== 'string') throw invalid
  return { title, text }
}

function nextToken(start: number): string {
  return Buffer.from(`start:${start}`).toString('base64url')
}

function pageStart(token: string | null): number {
  if (!token) return 0
  const start = /^start:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  if (start === undefined) throw paramError('nextToken')
  return Number(start)
}

/** @param time ms since the epoch; the platform tells whole seconds */
function iso8601(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
}
