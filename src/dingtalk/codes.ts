// The platform spells one code in several ways. Here they become one, before anything is compared.

/** The parameters of the calls, as the documented codes name them (`paramError.uploadKey`). */
const PARAMETERS = new Map(
  [
    'appProperties',
    'body',
    'conflictStrategy',
    'conversationId',
    'dentryId',
    'dentryIds',
    'dentryUuid',
    'multipart',
    'name',
    'openConversationId',
    'option',
    'parentDentryUuid',
    'parentId',
    'partNumbers',
    'protocol',
    'size',
    'spaceId',
    'storageDriver',
    'unionId',
    'uploadKey',
  ].map((name) => [name.toLowerCase(), name]),
)

/** Faults of the platform itself, by their letters alone. */
const SYSTEM = new Map(
  [
    'systemError',
    'unknownError',
    'operationTimeout',
    'ServiceUnavailable',
    'InternalError',
    'InternalServerError',
  ].map((code) => [code.toLowerCase(), code]),
)

/**
 * A code as the pages spell it: `paramError.name` for `paramError-name`, `InvalidName`, or `MissingName`; `paramError` for
 * `param.error`; `systemError` for `system.error`. Any other code stays as it is.
 */
export function canonicalCode(code: string): string {
  const system = SYSTEM.get(code.replace(/[._-]/g, '').toLowerCase())
  if (system !== undefined) return system
  const [, rest] = /^param[._-]?error(?:[._-](.+))?$/i.exec(code) ?? []
  if (/^param[._-]?error/i.test(code)) {
    if (rest === undefined) return code.length > 'param.error'.length ? code : 'paramError'
    return `paramError.${parameterIn(rest) ?? rest}`
  }
  const named = /^(?:invalid|missing)[._-]?(\w+)$/i.exec(code)?.[1]
  const parameter = named === undefined ? undefined : parameterIn(named)
  return parameter === undefined ? code : `paramError.${parameter}`
}

/** @param words such as `option.appProperties` or `UploadKey` */
function parameterIn(words: string): string | undefined {
  const path = words.split('.').map((word) => PARAMETERS.get(word.toLowerCase()) ?? word)
  return path.length > 1 || PARAMETERS.has(words.toLowerCase()) ? path.join('.') : undefined
}

/** Whether a code is about the platform, and not about the request: the call may have had its effect, at any HTTP status. */
export function isSystemFault(code: string): boolean {
  return code === 'unknown.send.result' || [...SYSTEM.values()].includes(canonicalCode(code))
}
