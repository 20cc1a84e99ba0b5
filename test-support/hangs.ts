import { setImmediate as turn } from 'node:timers/promises'
import type { Emulator, RecordedRequest } from '../emulator/emulator.ts'
import type { SimulatedClock } from './simulated-clock.ts'

/** How many turns of the event loop other tasks get before the clock advances. */
const TURNS = 50

/**
 * Advances the clock while a request hangs, so that its timeout expires.
 *
 * @param idleTimeout ms by which it advances, until the client gives up the request
 */
export function endHangs(emulator: Emulator, clock: SimulatedClock, idleTimeout = 30_000): void {
  const hanging = new Set<RecordedRequest>()
  /** Only one of several hanging requests advances the clock. */
  let moved = Promise.resolve()
  emulator.onFault(({ play }, request) => {
    if (!play.kind.startsWith('hang') && play.kind !== 'drip') return
    hanging.add(request)
    void waitOut(request, 'afterBytes' in play ? (play.afterBytes ?? 0) : 0)
  })

  async function waitOut(request: RecordedRequest, afterBytes: number): Promise<void> {
    const isOpen = () => !request.ended
    while (isOpen() && request.bytesReceived < afterBytes) await turn()
    // Other requests must not time out because of this one.
    await turnsWhile(() => emulator.requests.some((other) => !other.ended && !hanging.has(other)))
    moved = moved.then(async () => {
      await turnsWhile(isOpen)
      await advanceWhile(isOpen, clock, idleTimeout)
    })
  }
}

/** Advances the clock in steps of so many ms until a promise settles. */
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
