import { joined, type Text } from '../http/text.ts'
import { display } from './local-file.ts'
import { listed } from './names.ts'
import type { Found, Line } from './search.ts'

/** Common mistakes in patterns. */
const MISTAKES: readonly (Text & { readonly pattern: RegExp })[] = [
  {
    pattern: /\{[^{}]*,[^{}]*\}/,
    en: 'Braces such as {a,b} are not supported. Put each alternative on a separate line.',
    zh: '不支持 {a,b} 这样的花括号，请将每种情况单独写一行。',
  },
  {
    pattern: /\$\{?\w+|%\w+%/,
    en: 'Shell variables such as $HOME or %USERPROFILE% are not replaced. Use an expression such as ${{ github.workspace }}, "~" for the home directory, or a relative path.',
    zh: '不会替换 $HOME、%USERPROFILE% 等 shell 变量。请使用 ${{ github.workspace }} 等表达式、表示主目录的「~」，或相对路径。',
  },
  {
    pattern: /^(["']).*\1$/,
    en: 'Quotation marks are part of the pattern. Remove them.',
    zh: '引号会被视为路径的一部分，请去掉。',
  },
  {
    pattern: /[@+!?*]\([^()]*\)/,
    en: 'Groups such as +(a|b) are not supported. The wildcards are *, ?, [a-z], and **.',
    zh: '不支持 +(a|b) 这样的分组。可用的通配符为 *、?、[a-z] 和 **。',
  },
  {
    pattern: /[^/\\]\*\*|\*\*[^/\\]/,
    en: '** matches directories only if nothing else is between the slashes: use **/*.apk instead of **.apk.',
    zh: '** 只有单独位于两个斜杠之间时才表示任意层目录：请写 **/*.apk，而不是 **.apk。',
  },
  ...(process.platform === 'win32'
    ? []
    : [
        {
          pattern: /\\/,
          en: 'A backslash is not a separator here. Use slashes.',
          zh: '此处反斜杠不是路径分隔符，请使用「/」。',
        },
      ]),
]

const ONE_PER_LINE: Text = {
  en: 'Each line is one pattern, including its spaces and commas. Put each pattern on a separate line, and write `path: |` instead of `path: >`.',
  zh: '每行是一个路径或通配符，空格和逗号也是其中的一部分。请每行只写一个，并将 `path: >` 改为 `path: |`。',
}

/**
 * Explains why no file was found.
 *
 * @param isHidden whether hidden files match
 * @param finds whether a pattern matches a file
 */
export async function nothingFound(
  lines: readonly Line[],
  releaseTag: string,
  { directories, broken }: Pick<Found, 'directories' | 'broken'>,
  isHidden: boolean,
  finds: (pattern: string) => Promise<boolean>,
): Promise<Text> {
  const patterns = lines.flatMap(({ text }) => text.split('\n'))
  const nothing = {
    en: `No file matches "${patterns.join('", "')}"`,
    zh: `没有文件匹配「${patterns.join('」、「')}」`,
  }
  const where = releaseTag
    ? {
        en: `, neither in ${process.cwd()} nor among the assets of the release ${releaseTag}.`,
        zh: `：在 ${process.cwd()} 和 Release ${releaseTag} 的附件中都没有找到。`,
      }
    : { en: ` in ${process.cwd()}.`, zh: `（工作目录：${process.cwd()}）。` }
  const text = { en: nothing.en + where.en, zh: nothing.zh + where.zh }
  if (isHidden) {
    return joined(text, {
      en: 'Only hidden files match, whose names or directories start with a dot. To upload them, set include-hidden-files: true.',
      zh: '只匹配到隐藏文件（文件名或所在目录名以点开头）。如需上传，请设置 include-hidden-files: true。',
    })
  }
  const wanted = lines.filter(({ excludes }) => !excludes).map((line) => line.text)
  const reasons: Text[] = MISTAKES.filter(({ pattern }) => wanted.some((line) => pattern.test(line)))
  for (const part of wanted.flatMap((line) => (/[\s,，;；]/.test(line) ? line.split(/[\s,，;；]+/) : []))) {
    // An invalid pattern throws.
    if (!part || part.startsWith('!') || !(await finds(part).catch(() => false))) continue
    reasons.unshift(ONE_PER_LINE)
    break
  }
  if (directories > 0) reasons.push({ en: 'Only empty directories match.', zh: '只匹配到没有文件的目录。' })
  if (broken.length > 0) {
    const { en, zh } = listed(broken.map((path) => display(path)))
    reasons.push({
      en: `These symbolic links lead to a file that doesn't exist, or in a circle: ${en}.`,
      zh: `以下符号链接的目标不存在，或循环引用：${zh}。`,
    })
  }
  const isThere = directories + broken.length > 0
  const advice = {
    en: 'Check path, and whether the step that builds the files ran before this one and succeeded.',
    zh: '请检查 path，并确认生成这些文件的构建步骤已在本步骤之前运行成功。',
  }
  return [...reasons, ...(reasons.length > 0 && !isThere ? [] : [advice])].reduce(joined, text)
}
