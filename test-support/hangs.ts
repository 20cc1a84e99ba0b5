import { setImmediate as turn } from 'node:timers/promises'
import type { Emulator, RecordedRequest } from '../emulator/emulator.ts'
import type { SimulatedClock } from './simulated-clock.ts'

/** How many turns of the event loop are left to whatever else is under way before time is moved on. */
const TURNS = 50

/**
 * Moves the clock on while a request hangs: whoever waits for a response that never comes waits until the clock says so.
 *
 * @param idleTimeout ms by which it is moved, until the client has given the request up
 */
export function endHangs(emulator: Emulator, clock: SimulatedClock, idleTimeout = 30_000): void {
  const hanging = new Set<RecordedRequest>()
  /** One at a time moves the clock: what hangs at the same time is given up at the same time. */
  let moved = Promise.resolve()
  emulator.onFault(({ play }, request) => {
    if (!play.kind.startsWith('hang') && play.kind !== 'drip') return
    hanging.add(request)
    void waitOut(request, 'afterBytes' in play ? (play.afterBytes ?? 0) : 0)
  })

  async function waitOut(request: RecordedRequest, afterBytes: number): Promise<void> {
    const isOpen = () => !request.ended
    while (isOpen() && request.bytesReceived < afterBytes) await turn()
    // What else is under way is not to be taken for silent because this one is.
    await turnsWhile(() => emulator.requests.some((other) => !other.ended && !hanging.has(other)))
    moved = moved.then(async () => {
      await turnsWhile(isOpen)
      await advanceWhile(isOpen, clock, idleTimeout)
    })
  }
}

/** Moves the clock on by so many ms at a time while something is waited for. */
export async function advanceWhile(
  isWaitedFor: () => boolean,
  clock: SimulatedClock,
  ms: number,
): Promise<void> {
  while (isWaitedFor()) {
    clock.advance(ms)
    await turnsWhile(isWaitedFor)
  }
}

async function turnsWhile(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < TURNS && holds(); turns++) await turn()
}
