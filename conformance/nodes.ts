import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The path of another Node: 22.19, the oldest supported version, or an older one. npm has them for Linux on x64. */
export function otherNode(major: 12 | 20 | 22): string | undefined {
  const path = join(import.meta.dirname, `node_modules/old-node-${major}/bin/node`)
  return existsSync(path) ? path : undefined
}
