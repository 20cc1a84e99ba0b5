/** A folder in the drive: as the v1 API names it, or as v2 does (then the space is not always known). */
export type Folder =
  | { readonly spaceId: string; readonly parentId: string }
  | { readonly parentUuid: string; readonly spaceId?: string; readonly parentId?: string }

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
