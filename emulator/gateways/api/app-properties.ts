import { VISIBILITIES, type AppProperties, type AppProperty } from '../../drive/app-properties.ts'
import { paramError, GatewayError } from '../../http/errors.ts'
import type { Platform } from '../../organization/platform.ts'
import { Parameters } from './parameters.ts'

/** How many properties an app may put on a file. */
const MAX_PROPERTIES = 3
/** How many apps' properties one query may ask for. */
const MAX_APP_IDS = 20

/** The properties that a call gives a new file or folder. @throws GatewayError `paramError` or `paramError.<parameter>` */
export function newAppProperties(platform: Platform, option: Parameters): { appProperties?: AppProperties } {
  const list = option.optionalList('appProperties')
  if (list === undefined || list.length === 0) return {}
  if (list.length > MAX_PROPERTIES) throw paramError('appProperties', `are more than ${MAX_PROPERTIES}`)
  const properties = list.map((item): AppProperty => {
    const property = new Parameters(item)
    return {
      name: property.string('name'),
      value: property.string('value'),
      visibility: property.oneOf('visibility', VISIBILITIES),
    }
  })
  if (new Set(properties.map(({ name }) => name)).size < properties.length)
    throw paramError('appProperties', 'have a name twice')
  switch (platform.appProperties) {
    case 'kept':
    case 'first-kept':
    case 'unlisted':
      return { appProperties: { [platform.appId]: properties } }
    case 'list':
      return { appProperties: properties }
    case 'dropped':
      return {}
    case 'refused':
      throw new GatewayError(400, 'paramError', '参数错误')
  }
}

/** The owners whose properties a query asks for. Default: the calling app. @throws GatewayError `paramError.<parameter>` */
export function propertyOwners({ appId }: Platform, option: Parameters): readonly string[] {
  const ids = option.optionalList('appIdsForAppProperties')
  if (ids === undefined) return [appId]
  if (ids.length > MAX_APP_IDS || !ids.every((id) => typeof id === 'string'))
    throw paramError('appIdsForAppProperties', `must be at most ${MAX_APP_IDS} strings`)
  return ids
}
