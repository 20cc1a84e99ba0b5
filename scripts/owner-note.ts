import { withParts } from './page-parts.ts'
import { PLACEHOLDER, repository } from './repository.ts'

const REPOSITORY = repository()
const IS_PLACEHOLDER = REPOSITORY.startsWith(`${PLACEHOLDER}/`)
const WORKFLOW = `https://github.com/${REPOSITORY}/actions/workflows/test.yml`

const NOTES = {
  en: [
    '> [!IMPORTANT]',
    `> Replace \`${PLACEHOLDER}\` in \`uses:\` and in links with the account or organization that hosts this repository on GitHub.`,
  ],
  zh: [
    '> [!IMPORTANT]',
    `> 请把 \`uses:\` 和链接中的 \`${PLACEHOLDER}\` 替换为在 GitHub 上托管本仓库的账号或组织。`,
  ],
}

/** A README with its badge, or with a note as long as the repository has no owner. */
export function withBadge(readme: string, language: 'en' | 'zh'): Promise<string> {
  const badge = [`[![test](${WORKFLOW}/badge.svg)](${WORKFLOW})`]
  return withParts(readme, { owner: IS_PLACEHOLDER ? NOTES[language] : badge })
}

/** A page with the note on the owner, as long as there is none. */
export function withOwnerNote(page: string, language: 'en' | 'zh'): Promise<string> {
  return withParts(page, { owner: IS_PLACEHOLDER ? NOTES[language] : [] })
}
