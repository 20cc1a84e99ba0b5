import { type Button, MAX_BUTTON_TITLE, MAX_MESSAGE, sizeBeside } from '../dingtalk/robots.ts'
import { shortened } from './markdown.ts'
import { type Facts, filled, noLimits, valuesOf } from './placeholders.ts'

/** How many graphemes of a value from outside are shown, if fewer than usual: of so many bytes, nothing would be left for the text. */
const FEWER_GRAPHEMES = [MAX_BUTTON_TITLE, 8, 0]

/**
 * Fills in the placeholders of buttons. A button whose title or address is empty then is left out, such as a link to the
 * run outside a workflow: the platform would refuse the whole message.
 *
 * @param templates with placeholders
 */
export function buttonsFor(templates: readonly Button[], facts: Facts): Button[] {
  const showing = (graphemes: number) => {
    const values = valuesOf(facts, { ...noLimits(facts), graphemes })
    return templates
      .map(({ title, url }) => ({
        title: shortened(filled(title, values, 'plain').trim(), MAX_BUTTON_TITLE),
        url: filled(url, values, 'url'),
      }))
      .filter(({ title, url }) => title !== '' && URL.canParse(url))
  }
  let buttons = showing(noLimits(facts).graphemes)
  for (const graphemes of FEWER_GRAPHEMES) {
    if (sizeBeside(buttons) <= MAX_MESSAGE / 2) break
    buttons = showing(graphemes)
  }
  return buttons
}
