import { type DeletedFile, type FileResult, sizeOf } from '../domain.ts'
import { type Language, routine } from '../text/language.ts'
import { failureLine } from './failures.ts'

/** The outputs of the step, by name. They tell what got there, also when the step fails. */
export function outputs(
  reports: readonly FileResult[],
  language: Language,
  deleted: readonly DeletedFile[] = [],
): Readonly<Record<string, string>> {
  const there = reports.flatMap(({ uploaded }) => uploaded ?? [])
  return {
    'dentry-id': there[0]?.dentry.id ?? '',
    'dentry-ids': there.map(({ dentry }) => dentry.id).join('\n'),
    url: there[0]?.url ?? '',
    files: JSON.stringify(reports.map((report) => fileOutput(report, language))),
    'uploaded-count': String(there.filter(({ existing }) => !existing).length),
    'existing-count': String(there.filter(({ existing }) => existing).length),
    'failed-count': String(reports.length - there.length),
    deleted: JSON.stringify(
      deleted.map(({ id, name, size, run }) => ({ name, size, dentryId: id, runId: run })),
    ),
  }
}

function fileOutput(result: FileResult, language: Language) {
  const { file, uploaded, sentTo, failures } = result
  return {
    path: file.path,
    name: uploaded?.dentry.name ?? file.name,
    size: sizeOf(result),
    md5: uploaded?.md5,
    dentryId: uploaded?.dentry.id,
    dentryUuid: uploaded?.dentry.uuid,
    spaceId: uploaded?.dentry.spaceId,
    parentId: uploaded?.dentry.parentId,
    url: uploaded?.url,
    sentTo: sentTo.map(({ id }) => id),
    region: uploaded?.region,
    status: uploaded ? (uploaded.existing ? 'existing' : 'uploaded') : 'failed',
    ...(uploaded && failures.length === 0 ? {} : { error: errorOf(failures, language) }),
  }
}

function errorOf(failures: FileResult['failures'], language: Language): string {
  if (failures.length === 0) return routine({ en: 'Not attempted.', zh: '未执行。' }, language)
  return failures.map((failure) => routine(failureLine(failure), language)).join(' ')
}
