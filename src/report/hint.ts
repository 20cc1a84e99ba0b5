/** What the user can do about a failure, in both languages. */
export interface Hint {
  en: string
  zh: string
}
