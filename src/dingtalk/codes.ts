// The platform spells one code in several ways. For comparisons, each has the spelling of the documentation.

function bySpelling(names: string): ReadonlyMap<string, string> {
  return new Map(names.split(' ').map((name) => [name.toLowerCase(), name]))
}

/** The parameters of the calls. */
const PARAMETERS = bySpelling(
  'appProperties body conflictStrategy conversationId dentryId dentryIds dentryUuid multipart name option ' +
    'openConversationId parentDentryUuid parentId partNumbers protocol size spaceId storageDriver unionId uploadKey',
)

/** Faults of the platform itself, without separators. */
const SYSTEM = bySpelling(
  'systemError unknownError operationTimeout ServiceUnavailable InternalError InternalServerError',
)

/**
 * A code as the documentation spells it: `paramError.name` for `paramError-name`, `InvalidName`, or `MissingName`;
 * `paramError` for `param.error`; `systemError` for `system.error`. Any other code is returned unchanged.
 */
export function canonicalCode(code: string): string {
  const system = SYSTEM.get(code.replace(/[._-]/g, '').toLowerCase())
  if (system !== undefined) return system
  const parameterError = /^param[._-]?error(?:[._-](.+))?$/i.exec(code)
  if (parameterError) {
    const path = parameterError[1]?.split('.').map((word) => PARAMETERS.get(word.toLowerCase()) ?? word)
    return ['paramError', ...(path ?? [])].join('.')
  }
  const named = /^(?:invalid|missing)[._-]?(\w+)$/i.exec(code)?.[1] ?? ''
  const parameter = PARAMETERS.get(named.toLowerCase())
  return parameter === undefined ? code : `paramError.${parameter}`
}

/** Whether a code means a fault of the platform, so that the call may have taken effect, whatever its HTTP status. */
export function isSystemFault(code: string): boolean {
  return code === 'unknown.send.result' || SYSTEM.has(canonicalCode(code).toLowerCase())
}
