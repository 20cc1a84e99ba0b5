// Builds the assets of a release from the commit that is checked out: node scripts/release-assets.ts DIRECTORY. It needs no packages.
import { dirname, resolve } from 'node:path'
import { buildAssets } from './release/assets.ts'

const [directory] = process.argv.slice(2)
if (directory === undefined) throw new Error('usage: node scripts/release-assets.ts DIRECTORY')

console.log(buildAssets(dirname(import.meta.dirname), resolve(directory)))
