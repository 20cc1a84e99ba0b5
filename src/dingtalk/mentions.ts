/** Whom the message of a custom robot notifies. The app's own robot cannot mention anybody. */
export interface Mentions {
  /** At most 50. */
  readonly userIds: readonly string[]
  /** Personal data: for the message alone, never for a log. */
  readonly mobiles: readonly string[]
  readonly everyone: boolean
}

/**
 * Adds a line with those whom the text does not name: DingTalk notifies only people whose `@id` the text contains. For
 * everyone, it demands nothing of the text.
 *
 * @param text Markdown
 */
export function withMentions(text: string, { userIds, mobiles }: Mentions): string {
  const missing = [...userIds, ...mobiles].filter((id) => !names(text, id)).map((id) => `@${id}`)
  return missing.length === 0 ? text : `${text}\n\n${missing.join(' ')}`
}

/** Whether a text contains `@id`, and not only the beginning of a longer ID. */
function names(text: string, id: string): boolean {
  return text.split(`@${id}`).some((rest, index) => index > 0 && !/^([\w-]|[.@]\w)/.test(rest))
}
