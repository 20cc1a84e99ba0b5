import type { Folder } from '../dingtalk/drive.ts'
import { DingTalkError, isInDoubt } from '../dingtalk/errors.ts'
import type { FileResult, Uploaded } from '../domain.ts'
import { Cancelled } from '../errors.ts'
import { foldersOf } from '../files/names.ts'
import { type LocalFile, placeOf } from '../files/local-file.ts'
import { Slots } from '../http/concurrency.ts'
import type { Clock } from '../http/environment.ts'
import type { Text } from '../http/text.ts'
import type { UploadContext } from './context.ts'
import type { Destination } from './destination.ts'
import { FolderUploads } from './folder-uploads.ts'
import { goesInParts } from './parts.ts'

/** So many files in a row that cannot be stored make an outage. */
const OUTAGE = 3

/** So many bytes of a file in parts count as one connection's work: large ones follow one another, small ones share the link. */
const CONNECTION_WORTH = 4 * 1024 ** 2

/**
 * Starts uploading every file to its folder, several at once, and fills in the results. Once a file has failed in a way in
 * which others would fail too, none of them is started any more. The storage counts as down once {@link OUTAGE} files have used
 * up their tries, and none was uploaded in between: then all that have not been started fail with that cause.
 *
 * @param unlisted told why existing files cannot be skipped, if the folder may not be listed
 * @returns for each file a promise that resolves when it is done, whether or not it was uploaded
 * @throws DingTalkError if the folder cannot be listed, for a reason that is no refusal
 */
export async function startUploads(
  results: readonly FileResult[],
  destination: Destination,
  context: UploadContext,
  unlisted: (error: DingTalkError) => void,
): Promise<Promise<void>[]> {
  const files = results.map(({ file }) => file)
  const folders = foldersOf(files).length
  if (folders > 0) context.log(foldersLine(folders))
  const uploader = new FolderUploads(files, destination, context, unlisted)
  await uploader.start()
  const { accepted, concurrency, environment } = context
  const underWay = new Slots(() => concurrency.limit * concurrency.filesPerConnection)
  let unstored = 0
  let cause: unknown
  const uploads = results.map((result, index) => {
    const run = async () => {
      if (results.some((other) => stops(other, result))) return
      const upload = async () => {
        if (unstored >= OUTAGE) throw cause
        return uploader.upload(result.file)
      }
      await uploadFile(result, upload, environment.clock)
      accepted.resolve()
      if (result.uploaded) unstored = 0
      const failure = result.failures.find(({ error }) => isOfStorage(error))
      if (failure) {
        unstored++
        cause = failure.error
      }
    }
    const start = async () => {
      // The first goes ahead: what refuses every file costs one call then, not one for each that may start.
      if (index > 0) await accepted.promise
      await underWay.run(run, undefined, connectionsFor(result.file, uploader.folderOf(result.file), context))
    }
    return start()
  })
  void Promise.all(uploads).then(() => context.digests.close())
  return uploads
}

/**
 * How many connections a file keeps busy, as far as is known before it starts. One PUT takes one, however large it is.
 *
 * @param folder where it goes, if that is known
 */
function connectionsFor({ size }: LocalFile, folder: Folder | undefined, context: UploadContext): number {
  const { concurrency, multipartThreshold, roundTrip, wholeOnly } = context
  if ((folder && wholeOnly.has(folder)) || !goesInParts(size, multipartThreshold, roundTrip())) return 1
  return Math.min(Math.ceil(size / CONNECTION_WORTH), concurrency.most)
}

async function uploadFile(result: FileResult, upload: () => Promise<Uploaded>, clock: Clock): Promise<void> {
  const started = clock.monotonic()
  try {
    result.uploaded = await upload()
  } catch (error) {
    const name = placeOf(result.file)
    result.failures.push({ consequence: isInDoubt(error) ? mayBeUploaded(name) : notUploaded(name), error })
  }
  result.duration = Math.round(clock.monotonic() - started)
}

/** Whether the storage has failed at every try. */
function isOfStorage(error: unknown): boolean {
  return error instanceof DingTalkError && error.operation === 'put' && error.kind === 'unavailable'
}

function notUploaded(name: string): Text {
  return { en: `${name} was not uploaded.`, zh: `${name} 未上传。` }
}

function mayBeUploaded(name: string): Text {
  return { en: `${name} may or may not have been uploaded.`, zh: `无法确认 ${name} 是否已上传。` }
}

/** Whether a file has failed in a way in which another would fail too. */
function stops({ file, uploaded, failures }: FileResult, other: FileResult): boolean {
  if (uploaded) return false
  return failures.some(({ error }) => {
    if (!(error instanceof DingTalkError)) return error instanceof Cancelled
    if (!error.concernsFolder) return error.concernsEveryFile
    // A folder that could not be created fails its files without a further call: each is told the cause.
    return error.operation !== 'subfolder' && file.directory === other.file.directory
  })
}

/** How many folders are needed: each costs a call, whether or not it is there. */
function foldersLine(count: number): Text {
  return {
    en: `Creating up to ${count} ${count === 1 ? 'folder' : 'folders'} below the target folder, with one API call each.`,
    zh: `将在目标文件夹下创建最多 ${count} 个文件夹，每个消耗一次 API 调用。`,
  }
}
