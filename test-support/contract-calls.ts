import { createHash } from 'node:crypto'
import type { CallName, ContractOperation, Field } from '../contract/contract.ts'
import type { Emulator } from '../emulator/emulator.ts'
import { CALLS, pageOf, serverOf } from '../emulator/http/operation.ts'
import type { CallResponse, Caller } from './emulator-caller.ts'

/** Values of a call's parameters, by the contract's names. */
export type Values = Record<string, unknown>

/** A call of the contract that a gateway of the emulator serves. */
export interface ServedCall {
  readonly operation: CallName
  readonly contract: ContractOperation
}

/** Every call of the gateways. */
export const SERVED: readonly ServedCall[] = CALLS.filter((operation) => operation !== 'put').map(
  (operation) => ({ operation, contract: pageOf(operation) }),
)

/** Makes names unique. */
let calls = 0
/** The beginning of a PNG. */
export const PNG = Buffer.from('89504e470d0a1a0a', 'hex')
const MD5 = createHash('md5').update('hello').digest('hex')

/** Values of parameters with the same name in every call, including optional ones. */
const valuesByName = ({ values, others }: Emulator): Values => ({
  ...values,
  userid: values.userId,
  userIds: [others.secondUser.userId],
  operatorId: values.unionId,
  parentDentryUuid: values.parentUuid,
  dentryUuid: values.parentUuid,
  dentryId: others.file.dentryId,
  dentryIds: [others.file.dentryId],
  robotCode: others.robotCode,
  coolAppCode: 'COOLAPP-1',
  msgKey: 'sampleMarkdown',
  msgParam: JSON.stringify({ title: '构建', text: '**完成**' }),
  name: '构建.apk',
  multipart: false,
  partNumbers: [1, 2],
  language: 'zh_CN',
  maxResults: '50',
  orderBy: 'NAME',
  order: 'ASC',
  withThumbnail: 'true',
  toRecycleBin: 'true',
  appProperties: [{}],
  'appProperties[].name': 'build',
  'appProperties[].value': '1',
  'appProperties[].visibility': 'PUBLIC',
  'option.appIdsForAppProperties': ['1'],
  'option.appProperties[].name': 'build',
  'option.appProperties[].value': '1',
  'option.appProperties[].visibility': 'PUBLIC',
  'option.classificationLabelId': 'label',
  'option.conflictStrategy': 'AUTO_RENAME',
  'option.convertToOnlineDoc': true,
  'option.convertToOnlineDocTargetDocumentType': 'DOC',
  'option.preCheckParam.md5': MD5,
  'option.preCheckParam.name': 'a.txt',
  'option.preCheckParam.parentId': values.parentId,
  'option.preCheckParam.size': 5,
  'option.preferIntranet': true,
  'option.preferRegion': 'SHANGHAI',
  'option.size': 5,
  'option.storageDriver': 'DINGTALK',
  'option.toRecycleBin': true,
  'option.withThumbnail': true,
})

/** A value for every parameter of a call that doesn't depend on another call, if there is one. */
export function exampleValues(operation: CallName, emulator: Emulator): Values {
  const byName = valuesByName(emulator)
  const parameters = pageOf(operation).request
  return Object.fromEntries(
    parameters.map(({ name, required, enum: words, example }) => [
      name,
      example ?? byName[name] ?? (required ? words?.[0] : undefined),
    ]),
  )
}

/**
 * A valid value for every parameter of a call. Values that can be used once, such as an upload key, are new each time.
 *
 * @throws Error for a required parameter without a value
 */
export async function validValues(operation: CallName, emulator: Emulator, caller: Caller): Promise<Values> {
  const { values, others } = emulator
  const commit = async () => ({ uploadKey: await caller.stored('hello'), name: `${++calls}.txt` })
  const special: Partial<Record<CallName, () => Values | Promise<Values>>> = {
    unionId: async () => ({ access_token: await caller.token() }),
    uploadMedia: async () => ({
      access_token: await caller.token(),
      type: 'image',
      media: new File([PNG], 'qr.png'),
    }),
    partInfo: async () => ({ uploadKey: (await caller.multipart([1])).uploadKey }),
    commitV1: commit,
    commitV2: commit,
    subfolder: () => ({ name: `v${++calls}` }),
    appProperties: async () => ({ dentryId: await newFile(caller) }),
    remove: async () => ({ dentryId: await newFile(caller) }),
    batchRemove: async () => ({ dentryIds: [await newFile(caller)] }),
    postByWebhook: () => ({
      access_token: new URL(others.keywordRobot.webhook).searchParams.get('access_token'),
      msgtype: 'markdown',
      msgUuid: `uuid-${++calls}`,
      'markdown.title': 't',
      'markdown.text': others.keywordRobot.keyword,
      'at.isAtAll': false,
      'at.atUserIds': [values.userId],
    }),
  }
  const given: Values = { ...exampleValues(operation, emulator), ...(await special[operation]?.()) }
  for (const { name, required } of pageOf(operation).request)
    if (required && !/[.[(]/.test(name) && given[name] === undefined)
      throw new Error(`contract/contract.json: give the parameter ${name} of ${operation} an "example"`)
  return given
}

async function newFile(caller: Caller): Promise<string> {
  const { json } = await caller.upload(`${++calls}.txt`, 'hello')
  return json.dentry.id
}

/** Makes a call. Body parameters without a value are omitted; without any, there is no body. */
export function makeCall(
  { operation, contract }: ServedCall,
  caller: Caller,
  values: Values,
  { emptyBody = false } = {},
): Promise<CallResponse> {
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
  if (contract.encoding) return caller.oapi(path, { query, body: formOf(body) })
  const hasBody = emptyBody || Object.keys(body).length > 0
  const options = { method: contract.method, query, ...(hasBody ? { body } : {}) }
  if (serverOf(operation) === 'oapi') return caller.oapi(path, { ...options, body })
  return caller.gateway(path, options)
}

function formOf(fields: Record<string, unknown>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return form
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

/** The fields of a response that are undocumented, or of another type. */
export function undocumented(response: unknown, fields: readonly Field[], prefix = ''): string[] {
  const found: string[] = []
  for (const [key, value] of Object.entries(response as object)) {
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
