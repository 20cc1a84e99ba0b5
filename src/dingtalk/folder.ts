/** How the v1 API addresses a folder; the root of a space has the parent id `0`. */
export interface FolderIds {
  readonly spaceId: string
  readonly parentId: string
}

/**
 * A folder in the drive, by what is known of it. The v1 API addresses it by its ids, v2 by its uuid:
 *
 * - `ids`: files are committed by v1
 * - `uuid`: files are committed by v2; the ids cost a call, but the user may have given the space
 * - `both`: files are committed by v2, and the ids are known
 */
export type Folder =
  | ({ readonly kind: 'ids' } & FolderIds)
  | { readonly kind: 'uuid'; readonly uuid: string; readonly spaceId?: string }
  | ({ readonly kind: 'both'; readonly uuid: string } & FolderIds)

/** What happens to a file whose name is taken; the platform's own spelling. */
export type ConflictStrategy =
  'AUTO_RENAME' | 'OVERWRITE' | 'RETURN_DENTRY_IF_EXISTS' | 'RETURN_ERROR_IF_EXISTS'

/** The link that opens a file in the client or on the web. */
export function previewUrl(file: { spaceId: string; id: string }): string {
  const query = new URLSearchParams({
    route: 'previewDentry',
    spaceId: file.spaceId,
    fileId: file.id,
    type: 'file',
  })
  return `https://qr.dingtalk.com/page/yunpan?${query.toString()}`
}
