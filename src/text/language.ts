import type { Text } from '../http/text.ts'
import { unquoted } from './plain-text.ts'

/** The language of errors, the job summary, and the log. */
export type Language = 'both' | 'en' | 'zh'

export const LANGUAGES: Readonly<Record<Language, Language>> = { both: 'both', en: 'en', zh: 'zh' }

export const LANGUAGE_ALIASES: Readonly<Record<string, Language>> = { 'zh-cn': 'zh', cn: 'zh' }

/** The language for the value of an input; `both` if the value is invalid, which is reported with the other inputs. */
export function languageOf(value: string): Language {
  const languages = new Map(Object.entries({ ...LANGUAGES, ...LANGUAGE_ALIASES }))
  return languages.get(unquoted(value).toLowerCase()) ?? 'both'
}

/** The text for a line of the log. `both` means English only, to keep the log short. */
export function routine(text: Text, language: Language): string {
  return language === 'zh' ? text.zh : text.en
}

/** The text in each language, English first. */
export function inFull(text: Text, language: Language): string[] {
  return language === 'both' ? (text.en === text.zh ? [text.en] : [text.en, text.zh]) : [text[language]]
}
