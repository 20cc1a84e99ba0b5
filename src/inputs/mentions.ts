import { readFileSync, statSync } from 'node:fs'
import { type Members, memberKey, type Mention } from '../domain.ts'
import { type InputReader, linesOf } from './reader.ts'

/** The platform's limits for mentions by user ID and for mentions by mobile number. */
const MAX_MENTIONS = 50
/** A mobile number of mainland China, or one with a country code: `+852-12345678`. */
const MOBILE = /^(1\d{10}|\+\d{1,4}-?\d{5,14})$/
/** Other spellings of a mobile number of mainland China. DingTalk would take them for user IDs. */
const WRITTEN_MOBILE = /^(1\d\d\D\d{4}\D\d{4}|(00)?86-?1[3-9]\d{9})$/
const USER_ID = /^[0-9A-Za-z][\w.@-]{0,63}$/
/** The maximum size of a file of members, in bytes. */
const MAX_FILE = 1024 ** 2

/** The mobile numbers in `mention` or `members`, in every form that a response may quote. They are personal data and must not be logged. */
export function mobilesIn(value: string): string[] {
  const forms = itemsOf(value.replaceAll('=', '\n'))
    .filter((item) => MOBILE.test(item))
    .flatMap((mobile) => {
      const [, national = ''] = mobile.split('-')
      return [mobile, asSent(mobile), mobile.replace(/\D/g, ''), national.length < 7 ? '' : national]
    })
  return [...new Set(forms)]
}

/** The platform expects numbers of mainland China without the country code. */
function asSent(mobile: string): string {
  return mobile.replace(/^\+86-?(?=\d{11}$)/, '')
}

/** Items are separated by line breaks, commas, or semicolons, but not by blanks, which a number may contain. */
function itemsOf(value: string): string[] {
  return linesOf(value)
    .flatMap((line) => line.split(/[,;，、；]/))
    .map((item) => item.trim())
    .filter(Boolean)
}

/** Reads whom the message mentions. Problems name items by their positions, because the values may be mobile numbers. */
export function readMention(
  reader: InputReader<'mention' | 'members' | 'message' | 'robot-code' | 'robot-webhook'>,
): Mention | undefined {
  const items = itemsOf(reader.text('mention'))
  if (items.length === 0) return undefined
  if (reader.text('robot-code') || !reader.text('robot-webhook') || !reader.text('message'))
    reader.problem('mention', {
      en: "Mentions require message and robot-webhook. The app's own robot (robot-code) cannot mention anyone: DingTalk supports mentions only for custom robots.",
      zh: '@ 群成员需要填写 message 和 robot-webhook。应用机器人（robot-code）不支持 @，只有自定义机器人支持。',
    })
  const [userIds, mobiles, wrong] = [new Set<string>(), new Set<string>(), new Array<number>()]
  let [everyone, author] = [false, false]
  for (const [index, item] of items.entries()) {
    const userId = userIdIn(item)
    if (/^all$/i.test(item)) everyone = true
    else if (/^author$/i.test(item)) author = true
    else if (MOBILE.test(item)) mobiles.add(asSent(item))
    else if (userId !== undefined) userIds.add(userId)
    else wrong.push(index + 1)
  }
  if (wrong.length > 0)
    reader.problem('mention', {
      en: `Item ${listed(wrong)} of ${items.length} is not valid. Enter one of these per line: all, author, a user ID without @ before it, or a mobile number without spaces (11 digits, or + and the country code: +852-12345678). The values are not shown, because mobile numbers are personal data.`,
      zh: `共 ${items.length} 项，第 ${listed(wrong)} 项无效。请每行填写一项：all、author、userId（前面不加 @）或手机号（11 位数字，不加空格；境外号码加国家或地区代码，例如 +852-12345678）。手机号属于个人信息，此处不显示填写的内容。`,
    })
  const most = Math.max(userIds.size + Number(author), mobiles.size)
  if (most > MAX_MENTIONS)
    reader.problem('mention', {
      en: `A message can mention at most ${MAX_MENTIONS} people by user ID, and ${MAX_MENTIONS} by mobile number. ${most} are listed. To mention everyone, enter all.`,
      zh: `一条消息最多 @ ${MAX_MENTIONS} 个 userId 和 ${MAX_MENTIONS} 个手机号，这里有 ${most} 个。如需 @所有人，请填写 all。`,
    })
  if (author && !reader.text('members'))
    reader.problem('members', {
      en: 'Required, because mention contains author. Enter lines such as octocat = manager01, with a GitHub login or an email address and the userId of that person, or the path of a file with such lines.',
      zh: 'mention 中使用了 author，因此必填。请填写 octocat = manager01 形式的行（GitHub 用户名或邮箱，以及对应成员的 userId），或包含这些行的文件的路径。',
    })
  return { userIds: [...userIds], mobiles: [...mobiles], everyone, author }
}

/**
 * Reads the user IDs by login or email address, from lines or from a file with such lines. Ignores empty lines and lines that
 * start with `#`.
 */
export function readMembers(reader: InputReader<'members'>): Members {
  const members = new Map<string, string>()
  const given = reader.text('members')
  const content = given === '' || /[=\n]/.test(given) ? given : textOfFile(given)
  // Quotes no email address and no mobile number.
  const isPersonal = /[@\s]|\d{7}/.test(given)
  if (content === undefined)
    reader.problem('members', {
      en: `${isPersonal ? 'The value' : `"${given}"`} is neither a line such as octocat = manager01 nor the path of a UTF-8 text file. Check the path, and whether the job has checked out the file.`,
      zh: `${isPersonal ? '填写的内容' : `「${given}」`}不是 octocat = manager01 形式的行，也不是可以读取的 UTF-8 文本文件。请检查路径，并确认任务已检出该文件。`,
    })
  const invalid: number[] = []
  for (const [index, line] of (content ?? '').split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const [, name = '', value = ''] = /^\s*(?:-\s)?([^=]*)=\s*(.*?)\s*$/.exec(line) ?? []
    const [key, userId] = [memberKey(name), userIdIn(value)]
    // Even as user:all, "all" isn't a person.
    const isValid = userId && !/^all$/i.test(userId) && /^[^\s@]+(@[^\s@]+)?$/.test(key)
    if (isValid && (members.get(key) ?? userId) === userId) members.set(key, userId)
    else invalid.push(index + 1)
  }
  if (invalid.length > 0)
    reader.problem('members', {
      en: `Line ${listed(invalid)}: enter a GitHub login or an email address, =, and one userId, as in octocat = manager01. The userId can't be all or a mobile number, and each person has only one.`,
      zh: `第 ${listed(invalid)} 行无效。每行应为 GitHub 用户名或邮箱、等号和一个 userId，例如 octocat = manager01。不能填写 all 或手机号，每人只能有一个 userId。`,
    })
  return members
}

/** The user ID in a value, with or without `user:`; undefined if there is none. */
function userIdIn(value: string): string | undefined {
  const [, forced] = /^user:\s*(.*)$/i.exec(value) ?? []
  const isOther =
    forced === undefined &&
    (/^(all|author)$/i.test(value) || MOBILE.test(value) || WRITTEN_MOBILE.test(value))
  return !isOther && USER_ID.test(forced ?? value) ? (forced ?? value) : undefined
}

/** The first ten numbers. */
function listed(numbers: readonly number[]): string {
  return numbers.slice(0, 10).join(', ') + (numbers.length > 10 ? ', …' : '')
}

/** Undefined if the file can't be read or isn't UTF-8. */
function textOfFile(path: string): string | undefined {
  try {
    const file = statSync(path)
    if (!file.isFile() || file.size > MAX_FILE) return undefined
    const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '')
    // UTF-16 has a zero byte in each letter.
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}
