/** A file to upload, as it was when it was found. */
export interface LocalFile {
  /** Relative to the working directory where it lies below that, with forward slashes. */
  readonly path: string
  /** Its name in DingTalk. */
  readonly name: string
  /** Where it goes below the target folder: names separated by slashes; default: into that folder itself. */
  readonly directory?: string
  /** bytes */
  readonly size: number
  /** When it was last written to, in ms since the epoch. */
  readonly modified: number
}

/** Where a file goes below the target folder, with its name: `docs/api/index.html`. */
export function placeOf({ directory = '', name }: Pick<LocalFile, 'directory' | 'name'>): string {
  return directory === '' ? name : `${directory}/${name}`
}
