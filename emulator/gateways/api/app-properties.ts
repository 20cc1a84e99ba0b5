import { VISIBILITIES, type AppProperties, type AppProperty } from '../../drive/drive.ts'
import { paramError, GatewayError } from '../../http/errors.ts'
import type { Platform } from '../../organization/platform.ts'
import { Parameters } from './parameters.ts'

/** How many properties an app may set on a file. */
const MAX_PROPERTIES = 3
/** How many apps' properties one query may ask for. */
const MAX_APP_IDS = 20

/** The properties that a call gives a new file or folder. @throws GatewayError `paramError` or `paramError.<parameter>` */
export function newAppProperties(platform: Platform, option: Parameters): AppProperties | undefined {
  const properties = propertiesIn(option)
  return properties.length === 0 ? undefined : kept(platform, properties)
}

/**
 * The properties of a file after a call has set some of them; those with other names stay.
 *
 * @throws GatewayError `paramError.<parameter>`, or `dentryAppPropertiesNumberExceedsLimit`
 */
export function updatedAppProperties(
  platform: Platform,
  before: AppProperties | undefined,
  body: Parameters,
): AppProperties | undefined {
  const given = propertiesIn(body)
  if (given.length === 0) throw paramError('appProperties', 'must be 1 to 3 properties')
  const own = (Array.isArray(before) ? before : Object.values(before ?? {}).flat()) as AppProperty[]
  const names = new Set(given.map(({ name }) => name))
  const properties = [...own.filter(({ name }) => !names.has(name)), ...given]
  if (properties.length > MAX_PROPERTIES)
    throw new GatewayError(400, 'dentryAppPropertiesNumberExceedsLimit', '文件应用属性数量超出限制')
  return kept(platform, properties)
}

function propertiesIn(option: Parameters): readonly AppProperty[] {
  const list = option.optionalList('appProperties') ?? []
  if (list.length > MAX_PROPERTIES) throw paramError('appProperties', `must be at most ${MAX_PROPERTIES}`)
  const properties = list.map((item): AppProperty => {
    const property = new Parameters(item)
    return {
      name: property.string('name'),
      value: property.string('value'),
      visibility: property.oneOf('visibility', VISIBILITIES),
    }
  })
  if (new Set(properties.map(({ name }) => name)).size < properties.length)
    throw paramError('appProperties', 'must have different names')
  return properties
}

/** The properties that the platform keeps. @throws GatewayError `paramError` */
function kept(
  { appId, appProperties: mode }: Platform,
  properties: readonly AppProperty[],
): AppProperties | undefined {
  if (mode === 'refused') throw new GatewayError(400, 'paramError', '参数错误')
  if (mode === 'dropped') return undefined
  return mode === 'list' ? properties : { [appId]: properties }
}

/** The owners whose properties a query asks for. Default: the calling app. @throws GatewayError `paramError.<parameter>` */
export function propertyOwners({ appId }: Platform, option: Parameters): readonly string[] {
  const ids = option.optionalList('appIdsForAppProperties')
  if (ids === undefined) return [appId]
  if (ids.length > MAX_APP_IDS || !ids.every((id) => typeof id === 'string'))
    throw paramError('appIdsForAppProperties', `must be at most ${MAX_APP_IDS} strings`)
  return ids
}
