import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory for the stored bytes. */
export interface StorageDirectory {
  readonly path: string
  /** Removes the directory, unless it was given. */
  remove(): void
}

/** @param given the directory to use; default: a new temporary one */
export function openStorageDirectory(given: string | undefined): StorageDirectory {
  const path = given ?? mkdtempSync(join(tmpdir(), 'dingtalk-emulator-'))
  mkdirSync(path, { recursive: true })
  return {
    path,
    remove: () => {
      if (given === undefined) rmSync(path, { recursive: true, force: true })
    },
  }
}
