import { createHash } from 'node:crypto'
import { readContract, type ContractOperation, type Field } from '../contract/contract.ts'
import type { Emulator, Operation } from '../emulator/emulator.ts'
import { CONTRACT_NAMES } from '../emulator/faults/refusals.ts'
import type { Answered, Caller } from './emulator-caller.ts'

/** Values of a call's parameters, by the contract's names. */
export type Values = Record<string, unknown>

/** A call of the contract that the emulator serves. */
export interface ServedCall {
  readonly operation: Operation
  readonly contract: ContractOperation
}

export const CONTRACT = readContract()

/** Every call of the gateways that the emulator serves. */
export const SERVED: readonly ServedCall[] = Object.entries(CONTRACT_NAMES)
  .filter(([, name]) => name !== 'put')
  .map(([operation, name]) => {
    const contract = CONTRACT.operations.find((call) => call.operation === name)
    if (!contract) throw new Error(`the contract has no ${name}`)
    return { operation: operation as Operation, contract }
  })

/** So that names are not taken. */
let calls = 0
const MD5 = createHash('md5').update('hello').digest('hex')

/** A valid value for every parameter of a call. What a call uses up, such as an upload key, is new each time. */
export async function validValues(operation: Operation, emulator: Emulator, caller: Caller): Promise<Values> {
  const { values, others } = emulator
  const { spaceId, parentId, parentUuid, unionId, openConversationId } = values
  const properties = {
    'option.appProperties': undefined,
    'option.appProperties[].name': 'build',
    'option.appProperties[].value': '1',
    'option.appProperties[].visibility': 'PUBLIC',
  }
  const upload = {
    protocol: 'HEADER_SIGNATURE',
    multipart: false,
    'option.storageDriver': 'DINGTALK',
    'option.preCheckParam.md5': MD5,
    'option.preCheckParam.size': 5,
    'option.preCheckParam.parentId': parentId,
    'option.preCheckParam.name': 'a.txt',
    'option.preferRegion': 'SHANGHAI',
    'option.preferIntranet': true,
  }
  const commit = async () => ({
    uploadKey: await caller.stored('hello'),
    name: `${++calls}.txt`,
    parentId,
    'option.size': 5,
    'option.conflictStrategy': 'AUTO_RENAME',
    ...properties,
  })
  const send = { spaceId, dentryId: others.file.dentryId, openConversationId }
  const byOperation: Partial<Record<Operation, () => Values | Promise<Values>>> = {
    accessToken: () => ({ appKey: values.appKey, appSecret: values.appSecret }),
    unionId: async () => ({ access_token: await caller.token(), userid: values.userId, language: 'zh_CN' }),
    openConversationId: () => ({ chatId: values.chatId }),
    uploadInfoV1: () => ({ spaceId, ...upload }),
    uploadInfoV2: () => ({ parentDentryUuid: parentUuid, ...upload }),
    multipartInit: () => ({ spaceId, ...upload }),
    partInfo: async () => ({
      uploadKey: (await caller.multipart([1])).uploadKey,
      partNumbers: [1, 2],
      'option.preferIntranet': false,
    }),
    commitV1: async () => ({ spaceId, ...(await commit()) }),
    commitV2: async () => ({
      parentDentryUuid: parentUuid,
      ...(await commit()),
      'option.convertToOnlineDoc': true,
      'option.convertToOnlineDocTargetDocumentType': 'DOC',
      'option.classificationLabelId': 'label',
    }),
    subfolder: () => ({
      spaceId,
      parentId,
      name: `v${++calls}`,
      'option.conflictStrategy': 'AUTO_RENAME',
      ...properties,
    }),
    remove: async () => ({ spaceId, dentryId: await newFile(caller), toRecycleBin: 'true' }),
    batchRemove: async () => ({
      spaceId,
      dentryIds: [await newFile(caller)],
      'option.toRecycleBin': true,
    }),
    dentry: () => ({
      spaceId,
      dentryId: others.file.dentryId,
      'option.appIdsForAppProperties': ['1'],
      'option.withThumbnail': true,
    }),
    list: () => ({
      spaceId,
      parentId: '0',
      maxResults: '50',
      orderBy: 'NAME',
      order: 'ASC',
      withThumbnail: 'true',
    }),
    space: () => ({ dentryUuid: parentUuid, operatorId: unionId }),
    groupSpace: () => ({ openConversationId }),
    send: () => send,
    sendLink: () => send,
    sendToUser: () => send,
    post: () => ({
      msgParam: JSON.stringify({ title: 't', text: 'x' }),
      msgKey: 'sampleMarkdown',
      openConversationId,
      robotCode: others.robotCode,
      coolAppCode: 'COOLAPP-1',
    }),
    postByWebhook: () => ({
      access_token: new URL(others.keywordRobot.webhook).searchParams.get('access_token'),
      msgtype: 'markdown',
      msgUuid: `uuid-${++calls}`,
      'markdown.title': 't',
      'markdown.text': others.keywordRobot.keyword,
      'at.isAtAll': false,
      'at.atUserIds': ['user'],
    }),
  }
  return { unionId, ...(await byOperation[operation]?.()) }
}

async function newFile(caller: Caller): Promise<string> {
  const { json } = await caller.upload(`${++calls}.txt`, 'hello')
  return json.dentry.id
}

/** Makes a call. A body parameter without a value is left out; without any, there is no body. */
export function makeCall(
  { operation, contract }: ServedCall,
  caller: Caller,
  values: Values,
  { emptyBody = false } = {},
): Promise<Answered> {
  let path = contract.path
  const query: Record<string, string> = {}
  const body: Record<string, unknown> = {}
  for (const { name, in: place } of contract.request) {
    const value = values[name] as string | null | undefined
    if (value === undefined || value === null) continue
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value))
    else if (place === 'query') query[name] = value
    else setIn(body, name, value)
  }
  const hasBody = emptyBody || Object.keys(body).length > 0
  const options = { method: contract.method, query, ...(hasBody ? { body } : {}) }
  if (operation === 'unionId' || operation === 'postByWebhook') return caller.oapi(path, { ...options, body })
  return caller.gateway(path, options)
}

/** Sets a parameter by its contract name: `a.b` within an object, `a[].b` in the one item of a list. */
function setIn(body: Record<string, unknown>, name: string, value: unknown): void {
  const steps = name.split('.')
  const last = steps.pop() ?? ''
  let holder = body
  for (const step of steps) {
    const key = step.replace('[]', '')
    const isList = step.endsWith('[]')
    holder[key] ??= isList ? [{}] : {}
    const held = holder[key]
    holder = (isList ? (held as unknown[])[0] : held) as Record<string, unknown>
  }
  holder[last] = value
}

/** How an answer differs from the documented fields: each that is not documented, or of another type. */
export function undocumented(answer: unknown, fields: readonly Field[], prefix = ''): string[] {
  const found: string[] = []
  for (const [key, value] of Object.entries(answer as object)) {
    const name = prefix === '' ? key : `${prefix}.${key}`
    const field = fields.find((one) => one.name === name)
    if (!field) found.push(`${name} is not documented`)
    else if (!isOfType(value, field)) found.push(`${name} is not ${field.type}`)
    else if (field.type === 'object') found.push(...undocumented(value, fields, name))
    else if (field.type === 'array<object>')
      for (const item of value as unknown[]) found.push(...undocumented(item, fields, `${name}[]`))
    else if (field.type === 'map<string,array<object>>')
      for (const item of Object.values(value as Record<string, unknown[]>).flat())
        found.push(...undocumented(item, fields, `${name}[]`))
  }
  return found
}

function isOfType(value: unknown, { type, enum: allowed }: Field): boolean {
  if (allowed && !allowed.includes(value as string)) return false
  switch (type) {
    case 'string':
    case 'boolean':
      return typeof value === type
    case 'number':
      return Number.isSafeInteger(value)
    case 'array<object>':
      return Array.isArray(value)
    case 'array<string>':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
    case 'map<string,string>':
      return Object.values(value as object).every((item) => typeof item === 'string')
    case 'map<string,array<object>>':
      return Object.values(value as object).every(Array.isArray)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    default:
      return false
  }
}
