import { joined, type Text } from '../http/text.ts'

/** What is known of a failure, and what the user can do about it. */
export interface Hint {
  /** What is wrong, in a sentence: the headline. Absent where only what failed is known. */
  readonly cause?: Text
  readonly fix: Text
  /** The page where it is done, told once after both languages. Several are separated by blanks. */
  readonly link?: string
}

/** A hint in one paragraph: the cause, what to do, and the link. */
export function hintText({ cause, fix, link }: Hint): Text {
  const { en, zh } = cause ? joined(cause, fix) : fix
  return link === undefined ? { en, zh } : { en: `${en} ${link}`, zh: `${zh}${link}` }
}
