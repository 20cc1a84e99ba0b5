import { dirname, join } from 'node:path'
import { format, resolveConfig } from 'prettier'

const ROOT = dirname(import.meta.dirname)

/**
 * A page with its generated parts, formatted. A part is the text between `<!-- name: … -->` and `<!-- /name -->`.
 *
 * @param parts lines by name
 * @throws Error for a part that the page doesn't contain
 */
export async function withParts(
  page: string,
  parts: Readonly<Record<string, readonly string[]>>,
): Promise<string> {
  let filled = page
  for (const [name, lines] of Object.entries(parts)) {
    const between = new RegExp(`(<!-- ${name}: .* -->)[^]*?(<!-- /${name} -->)`)
    if (!between.test(filled)) throw new Error(`there is no place for ${name}`)
    filled = filled.replace(
      between,
      (_, begin: string, end: string) => `${begin}\n\n${lines.join('\n')}\n\n${end}`,
    )
  }
  return format(filled, { ...(await resolveConfig(join(ROOT, 'README.md'))), parser: 'markdown' })
}
