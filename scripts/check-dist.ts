// Fails if the committed dist/ is not what the sources make.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle, bundleFiles } from './bundle.ts'

const fresh = mkdtempSync(join(tmpdir(), 'dist-'))
try {
  bundle(fresh)
  const wanted = bundleFiles(fresh)
  const committed = bundleFiles(join(import.meta.dirname, '../dist'))
  const stale = [...new Set([...wanted.keys(), ...committed.keys()])].filter(
    (name) => !wanted.get(name)?.equals(committed.get(name) ?? Buffer.alloc(0)),
  )
  if (stale.length > 0) {
    console.error(`dist/ is not what the sources make (${stale.join(', ')}): run npm run build and commit it`)
    process.exitCode = 1
  }
} finally {
  rmSync(fresh, { recursive: true })
}
