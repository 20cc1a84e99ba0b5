import type { Text } from '../http/text.ts'
import { unquoted } from './plain-text.ts'

/** The language of errors, the job summary and the log. */
export type Language = 'both' | 'en' | 'zh'

export const LANGUAGES: Readonly<Record<Language, Language>> = { both: 'both', en: 'en', zh: 'zh' }

export const LANGUAGE_ALIASES: Readonly<Record<string, Language>> = { 'zh-cn': 'zh', cn: 'zh' }

/** The language that an input names; `both` if it names none. Which values are valid is checked with the inputs. */
export function languageOf(value: string): Language {
  const languages = new Map(Object.entries({ ...LANGUAGES, ...LANGUAGE_ALIASES }))
  return languages.get(unquoted(value).toLowerCase()) ?? 'both'
}

/** A routine line of the log. `both` is English: two languages side by side would double the log. */
export function routine(text: Text, language: Language): string {
  return language === 'zh' ? text.zh : text.en
}

/** A text in full, in each language: first English, then Chinese. */
export function inFull(text: Text, language: Language): string[] {
  return language === 'both' ? (text.en === text.zh ? [text.en] : [text.en, text.zh]) : [text[language]]
}
