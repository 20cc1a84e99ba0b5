/** A line of a step's log as the runner shows it; undefined for workflow commands, which aren't shown. */
export function shownLine(line: string): string | undefined {
  if (/^::(add-mask|debug|endgroup)::/.test(line)) return undefined
  const [, command, message] = /^::(group|error|warning)::(.*)$/.exec(line) ?? []
  if (command === undefined || message === undefined) return line
  const text = message.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%')
  return command === 'group' ? `▾ ${text}` : `${command === 'error' ? 'Error' : 'Warning'}: ${text}`
}
