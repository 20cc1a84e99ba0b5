import { type FileSelection, type FileSources, collectFiles } from '../src/files/find.ts'
import type { LocalFile } from '../src/files/local-file.ts'
import { TemporaryDirectory } from '../src/files/temporary-directory.ts'
import { patternRules } from '../src/github/patterns.ts'
import type { Text } from '../src/http/text.ts'

/** The files that a step would upload from the working directory, and its warnings. Finding nothing is allowed by default. */
export async function collected(
  path: string,
  selection: Partial<FileSelection> = {},
  sources: Partial<FileSources> = {},
): Promise<{ files: LocalFile[]; paths: string[]; warnings: Text[] }> {
  const warnings: Text[] = []
  const files = await collectFiles(
    {
      path,
      includeHiddenFiles: false,
      ifNoFilesFound: 'ignore',
      name: '',
      archive: false,
      keepDirectories: false,
      releaseTag: '',
      ...selection,
    },
    {
      rules: patternRules(),
      inside: [process.cwd()],
      releaseAssets: () => Promise.resolve([]),
      temporary: new TemporaryDirectory(process.cwd()),
      logger: { info: () => undefined, warning: (text) => void warnings.push(text) },
      ...sources,
    },
  )
  return { files, paths: files.map((file) => file.path), warnings }
}
