import { withParts } from './page-parts.ts'
import { npmPackage, PLACEHOLDER, repository, SCOPE_PLACEHOLDER } from './repository.ts'

const REPOSITORY = repository()
const IS_PLACEHOLDER = REPOSITORY.startsWith(`${PLACEHOLDER}/`)
const WORKFLOW = `https://github.com/${REPOSITORY}/actions/workflows/test.yml`

const COMMAND = `npx ${npmPackage()}`

const NOTES = {
  en: [
    '> [!IMPORTANT]',
    `> \`${PLACEHOLDER}\` and \`${SCOPE_PLACEHOLDER}\` are placeholders. In \`uses:\` and in links, replace \`${PLACEHOLDER}\` with the account or organization`,
    `> that hosts this repository on GitHub. The package is not on npm yet: clone this repository, and use \`node CLONE/dist/cli.js\``,
    `> instead of \`${COMMAND}@0\`, where \`CLONE\` is the directory of the clone.`,
  ],
  zh: [
    '> [!IMPORTANT]',
    `> \`${PLACEHOLDER}\` 和 \`${SCOPE_PLACEHOLDER}\` 是占位符。请把 \`uses:\` 和链接中的 \`${PLACEHOLDER}\` 替换为在 GitHub 上托管本仓库的账号或组织。安装包尚未发布到 npm：请克隆本仓库，用 \`node CLONE/dist/cli.js\` 代替 \`${COMMAND}@0\`，其中 \`CLONE\` 为克隆的目录。`,
  ],
}

/** A README with its badge, or with a note if the repository has no owner yet. */
export function withBadge(readme: string, language: 'en' | 'zh'): Promise<string> {
  const badge = [`[![test](${WORKFLOW}/badge.svg)](${WORKFLOW})`]
  return withParts(readme, IS_PLACEHOLDER ? { badge: [], owner: NOTES[language] } : { badge, owner: [] })
}

/** A page with the note about the owner if there is none yet. */
export function withOwnerNote(page: string, language: 'en' | 'zh'): Promise<string> {
  return withParts(page, { owner: IS_PLACEHOLDER ? NOTES[language] : [] })
}
