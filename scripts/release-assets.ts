// Builds the assets of a release from the commit that is checked out: node scripts/start.js scripts/release-assets.ts DIRECTORY
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { bundle, bundleFiles } from './bundle.ts'
import { buildAssets } from './release/assets.ts'

const ROOT = dirname(import.meta.dirname)
const [directory] = process.argv.slice(2)
if (directory === undefined)
  throw new Error('usage: node scripts/start.js scripts/release-assets.ts DIRECTORY')

console.log(buildAssets({ root: ROOT, directory: resolve(directory), packages: packagesInDist() }))

/** The packages in dist/, by building it again: the bundler knows which modules it took. */
function packagesInDist(): Set<string> {
  const fresh = mkdtempSync(join(tmpdir(), 'dist-'))
  try {
    const packages = bundle(fresh)
    const [built, committed] = [bundleFiles(fresh), bundleFiles(join(ROOT, 'dist'))]
    const isSame =
      built.size === committed.size && [...built].every(([path, bytes]) => committed.get(path)?.equals(bytes))
    if (!isSame) throw new Error('dist/ is not what the sources make. Run npm run build and commit it.')
    return packages
  } finally {
    rmSync(fresh, { recursive: true })
  }
}
