import type { ConflictStrategy, Folder } from '../dingtalk/drive.ts'

/**
 * What happens to a file whose name is taken: what the platform does by itself, or `IF_CHANGED`: one with the same content
 * stays as it is, and any other gets a new version.
 */
export type UploadStrategy = ConflictStrategy | 'IF_CHANGED'

/** Where files go, in whose name, and what happens to names that are taken. */
export interface Destination {
  folder: Folder
  unionId: string
  conflictStrategy: UploadStrategy
}
