import type { Text } from '../http/text.ts'

/** The language of errors, the job summary and the log. */
export type Language = 'both' | 'en' | 'zh'

export const LANGUAGES: Readonly<Record<Language, Language>> = { both: 'both', en: 'en', zh: 'zh' }

/** The language that an input names; `both` if it names none. Which values are valid is checked with the inputs. */
export function languageOf(value: string): Language {
  return new Map(Object.entries(LANGUAGES)).get(value.trim().toLowerCase()) ?? 'both'
}

/** A routine line of the log. `both` is English: two languages side by side would double the log. */
export function routine(text: Text, language: Language): string {
  return language === 'zh' ? text.zh : text.en
}

/** A text in full, in each language: first English, then Chinese. */
export function inFull(text: Text, language: Language): string[] {
  return language === 'both' ? (text.en === text.zh ? [text.en] : [text.en, text.zh]) : [text[language]]
}
