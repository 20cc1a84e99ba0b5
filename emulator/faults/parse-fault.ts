import { isOperation, OPERATIONS } from '../http/operation.ts'
import { BREAKAGES } from './broken.ts'
import type { Fault, Play } from './fault.ts'
import { PLAYS } from './plays.ts'
import { refusal } from './refusals.ts'

/** What a play can be. */
export const KINDS: readonly Play['kind'][] = [
  'answer',
  'answer-after',
  'cut-before',
  'cut-after',
  'cut-in-body',
  'hang',
  'hang-after',
  'corrupt',
  'broken',
  'echo',
  'drip',
  'delay',
]

/**
 * Parses the JSON of a fault: `times` may be `"always"`, and `play` the name of a predefined play. Instead of `play`,
 * `refuse` may be a documented code of the operation.
 *
 * @throws Error that names the invalid field
 */
export function parseFault(value: unknown): Fault {
  const { operation, nth, times, play, refuse } = (value ?? {}) as Record<string, unknown>
  if (typeof operation !== 'string' || (operation !== '*' && !isOperation(operation)))
    throw new Error(`operation: one of *, ${OPERATIONS.join(', ')} is expected`)
  const isCount = (count: unknown): count is number => Number.isSafeInteger(count) && Number(count) >= 1
  if (nth !== undefined && !isCount(nth)) throw new Error('nth: a number from 1 up is expected')
  if (times !== undefined && times !== 'always' && !isCount(times))
    throw new Error('times: a number from 1 up, or "always", is expected')
  return {
    operation,
    play: refuse === undefined ? parsePlay(play) : parseRefusal(operation, refuse),
    ...(nth === undefined ? {} : { nth }),
    ...(times === undefined ? {} : { times: times === 'always' ? Infinity : times }),
  }
}

function parseRefusal(operation: Fault['operation'], code: unknown): Play {
  if (operation === '*' || typeof code !== 'string')
    throw new Error('refuse: a documented code of one operation is expected')
  return refusal(operation, code)
}

function parsePlay(value: unknown): Play {
  if (typeof value === 'string') {
    const play = Object.hasOwn(PLAYS, value) ? PLAYS[value] : undefined
    if (!play) throw new Error(`play: one of ${Object.keys(PLAYS).join(', ')}, or an object, is expected`)
    return play
  }
  const play = (value ?? {}) as Record<string, unknown>
  const needs = (field: string, fits: boolean) => {
    if (!fits) throw new Error(`play.${field}: is missing or not valid`)
  }
  const isNumber = (number: unknown, least: number) => typeof number === 'number' && number >= least
  needs('kind', (KINDS as readonly unknown[]).includes(play['kind']))
  const isStatus = (status: unknown) =>
    Number.isInteger(status) && isNumber(status, 200) && Number(status) < 600
  if (play['kind'] === 'answer' || play['kind'] === 'answer-after') {
    needs('status', isStatus(play['status']))
    needs('body', ['undefined', 'string', 'object'].includes(typeof play['body']) && play['body'] !== null)
  }
  if (play['kind'] === 'broken') needs('how', Object.hasOwn(BREAKAGES, String(play['how'])))
  if (play['kind'] === 'echo') {
    needs('status', isStatus(play['status']))
    needs('as', play['as'] === 'html' || play['as'] === 'json')
  }
  if (play['kind'] === 'delay') needs('ms', isNumber(play['ms'], 0))
  if (play['afterBytes'] !== undefined) needs('afterBytes', isNumber(play['afterBytes'], 0))
  return value as Play
}
