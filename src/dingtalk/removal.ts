import type { Gateway } from './gateway.ts'
import { RemovedResponse } from './responses/schema.ts'

/** How many files one call deletes. */
export const MAX_REMOVED = 50

/** The result of deleting files. */
export interface Removal {
  /** The ids of those that are not there any more. */
  readonly removed: ReadonlySet<string>
  /** The platform's code for each of the others, by id. */
  readonly refused: ReadonlyMap<string, string>
}

/**
 * Deletes files: for good, but in spaces that the add-space call has made, whose recycle bin is not asked for. Page:
 * `delete-files-or-folders-in-bulk`.
 *
 * @param ids at most {@link MAX_REMOVED} of them
 * @throws DingTalkError if none was deleted
 */
export async function removeFiles(
  gateway: Gateway,
  spaceId: string,
  ids: readonly string[],
  unionId: string,
): Promise<Removal> {
  const { value } = await gateway.call({
    operation: 'batchRemove',
    path: `/v1.0/storage/spaces/${encodeURIComponent(spaceId)}/dentries/batchRemove`,
    query: { unionId },
    body: { dentryIds: ids },
    response: RemovedResponse,
  })
  const items = new Map(value.resultItems.map((item) => [item.dentryId, item]))
  const removed = new Set<string>()
  const refused = new Map<string, string>()
  for (const id of ids) {
    const { success, errorCode } = items.get(id) ?? { success: false, errorCode: 'UnreadableAnswer' }
    // One that is not there has been deleted by an earlier try, whose answer was lost, or by another job.
    if (errorCode === 'dentryNotExist' || (success !== false && !errorCode)) removed.add(id)
    else refused.set(id, errorCode ?? 'unknownError')
  }
  return { removed, refused }
}
