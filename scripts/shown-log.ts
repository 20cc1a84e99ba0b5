/** A step's log as the runner shows it: workflow commands are obeyed, not shown. */
export function shownLog(stdout: string): string {
  return stdout
    .split('\n')
    .filter((line) => !/^::(add-mask|debug|endgroup)::/.test(line))
    .map((line) => {
      const [, command, message] = /^::(group|error|warning)::(.*)$/.exec(line) ?? []
      if (command === undefined || message === undefined) return line
      const text = message.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%')
      return command === 'group' ? `▾ ${text}` : `${command === 'error' ? 'Error' : 'Warning'}: ${text}`
    })
    .join('\n')
    .trim()
}
