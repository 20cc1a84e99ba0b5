import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle, bundleFiles } from './bundle.ts'

/** Builds the bundle and compares it with dist/. @returns the names of files that differ, are missing, or are superfluous */
export function staleFiles(): string[] {
  const fresh = mkdtempSync(join(tmpdir(), 'dist-'))
  try {
    bundle(fresh)
    const wanted = bundleFiles(fresh)
    const committed = bundleFiles(join(import.meta.dirname, '../dist'))
    return [...new Set([...wanted.keys(), ...committed.keys()])].filter(
      (name) => !wanted.get(name)?.equals(committed.get(name) ?? Buffer.alloc(0)),
    )
  } finally {
    rmSync(fresh, { recursive: true })
  }
}
