import { joined, type Text } from '../http/text.ts'
import { causeOf } from './failures.ts'
import { hintText } from './hint.ts'
import { hintFor } from './hints.ts'

const NOT_SKIPPED: Text = {
  en: 'Every file is uploaded, because the folder could not be searched for existing files (conflict-strategy, re-runs).',
  zh: '无法在文件夹中查找已有文件，因此会上传所有文件（conflict-strategy、重新运行）。',
}

/** What `return-existing`, `if-changed` and re-runs cannot do if the folder may not be listed. @param error the refusal */
export function notSkipped(error: unknown, appKey: string): Text {
  const hint = hintFor(error, { appKey })
  return joined(NOT_SKIPPED, hint ? hintText(hint) : causeOf(error, hint))
}
