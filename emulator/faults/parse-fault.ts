import { isOperation, OPERATIONS } from '../http/operation.ts'
import { BREAKAGES } from './broken.ts'
import type { Fault, Play } from './fault.ts'
import { PLAYS } from './plays.ts'
import { refusal } from './refusals.ts'

type Fits = (value: unknown) => boolean

const isNumber: Fits = (value) => typeof value === 'number' && value >= 0
const isStatus: Fits = (value) => Number.isInteger(value) && Number(value) >= 200 && Number(value) < 600
const isOptionalNumber: Fits = (value) => value === undefined || isNumber(value)
const isBody: Fits = (value) => ['undefined', 'string', 'object'].includes(typeof value) && value !== null

/** The fields of each kind of play. */
const FIELDS: Readonly<Record<Play['kind'], Readonly<Record<string, Fits>>>> = {
  answer: { status: isStatus, body: isBody },
  'answer-after': { status: isStatus, body: isBody },
  'cut-before': { afterBytes: isOptionalNumber },
  'cut-after': {},
  'cut-in-body': {},
  hang: { afterBytes: isOptionalNumber },
  'hang-after': {},
  corrupt: {},
  broken: { how: (value) => Object.hasOwn(BREAKAGES, String(value)) },
  echo: { status: isStatus, as: (value) => value === 'html' || value === 'json' },
  drip: {},
  delay: { ms: isNumber },
}

/** Every kind of play. */
export const KINDS = Object.keys(FIELDS) as Play['kind'][]

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
  const { kind, ...fields } = (value ?? {}) as Record<string, unknown>
  if (typeof kind !== 'string' || !(KINDS as string[]).includes(kind))
    throw new Error('play.kind: is missing or not valid')
  for (const [name, fits] of Object.entries(FIELDS[kind as Play['kind']]))
    if (!fits(fields[name])) throw new Error(`play.${name}: is missing or not valid`)
  return value as Play
}
