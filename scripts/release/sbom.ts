import { createHash } from 'node:crypto'

/** The parts of a CycloneDX document that differ between installed and bundled packages. */
export interface Sbom {
  serialNumber: string
  metadata: {
    timestamp: string
    lifecycles: { phase: string }[]
    component: { 'bom-ref': string; name: string; [key: string]: unknown }
    [key: string]: unknown
  }
  components: Component[]
  dependencies: { ref: string; dependsOn: string[] }[]
  [key: string]: unknown
}

interface Component {
  /** Such as `undici@8.1.0`. */
  'bom-ref': string
  scope?: string
  properties?: { name: string; value: string }[]
  [key: string]: unknown
}

export interface Built {
  /** The name of package.json. */
  name: string
  /** The packages in the bundle, such as `undici@8.1.0`. */
  packages: ReadonlySet<string>
  /** When the commit was made. */
  date: Date
}

/**
 * Turns npm's list of installed packages into the list of bundled ones, which npm regards as development tools. Two runs on one
 * commit return the same.
 *
 * @throws Error if npm doesn't list one of the packages
 */
export function bundledSbom(installed: Sbom, { name, packages, date }: Built): Sbom {
  const components = installed.components
    .filter((component) => packages.has(component['bom-ref']))
    .map(({ properties = [], ...rest }) => ({
      ...rest,
      scope: 'required',
      properties: properties.filter((property) => property.name !== 'cdx:npm:package:development'),
    }))
  const listed = new Set(components.map((component) => component['bom-ref']))
  const missing = [...packages].filter((id) => !listed.has(id))
  if (missing.length > 0) throw new Error(`npm sbom doesn't list ${missing.join(', ')}.`)
  const { metadata } = installed
  const root = metadata.component['bom-ref']
  const sbom: Sbom = {
    ...installed,
    serialNumber: '',
    metadata: {
      ...metadata,
      timestamp: date.toISOString(),
      lifecycles: [{ phase: 'build' }],
      // npm uses the name of the directory.
      component: { ...metadata.component, name },
    },
    components,
    dependencies: installed.dependencies
      .filter(({ ref }) => ref === root || listed.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((id) => listed.has(id)) })),
  }
  return { ...sbom, serialNumber: serialNumber(JSON.stringify(sbom)) }
}

/** A UUID that depends on the content. */
function serialNumber(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`]
  return `urn:uuid:${[...parts, hex.slice(20, 32)].join('-')}`
}
