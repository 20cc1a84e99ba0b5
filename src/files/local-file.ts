/** A file to upload, as it was when it was found. */
export interface LocalFile {
  /** Relative to the working directory where it lies below that, with forward slashes. */
  readonly path: string
  /** Its name in DingTalk. */
  readonly name: string
  /** bytes */
  readonly size: number
  /** When it was last written to, in ms since the epoch. */
  readonly modified: number
}
