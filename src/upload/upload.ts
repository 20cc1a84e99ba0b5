import { previewUrl } from '../dingtalk/drive.ts'
import { markOf } from '../dingtalk/mark.ts'
import type { Uploaded } from '../domain.ts'
import { nameKey } from '../files/names.ts'
import { type LocalFile, placeOf } from '../files/local-file.ts'
import type { UploadContext } from './context.ts'
import type { Destination } from './destination.ts'
import { Progress } from './progress.ts'
import { store } from './store.ts'

/**
 * Uploads one file in the platform's three steps: upload info, bytes, commit.
 *
 * @throws DingTalkError, or LocalFileError if the file was written to meanwhile; then nothing is committed
 */
export async function upload(file: LocalFile, to: Destination, context: UploadContext): Promise<Uploaded> {
  const { committer, environment, log } = context
  const progress = new Progress(file.size, environment.clock, ({ en, zh }) => {
    log({ en: `${file.path}: ${en}`, zh: `${file.path}：${zh}` })
  })
  const turn = committer.turn(nameKey(placeOf(file)))
  try {
    const { ticket, md5, region } = await store(file, to, context, progress)
    await turn.before
    const conflictStrategy = to.conflictStrategy === 'IF_CHANGED' ? 'OVERWRITE' : to.conflictStrategy
    const committed = await committer.commit({ ...to, conflictStrategy, ticket, file, md5 })
    const { dentry, existing } = committed
    return {
      ...committed,
      fromEarlierAttempt: false,
      md5: existing ? markOf(dentry)?.md5 : md5,
      url: previewUrl(dentry),
      region: existing ? undefined : region,
    }
  } finally {
    turn.end()
    progress.stop()
  }
}
