import type { Folder } from '../dingtalk/drive.ts'
import type { UploadStrategy } from '../domain.ts'

/** Where files go, in whose name, and what happens to names that are taken. */
export interface Destination {
  folder: Folder
  unionId: string
  conflictStrategy: UploadStrategy
}
