import type { Clock } from '../src/http/environment.ts'

/** A clock whose sleeps advance it without taking time. Its timers fire when it has passed them. */
export interface SimulatedClock extends Clock {
  /** Every sleep so far, in ms. */
  readonly slept: number[]
  /** Advances the time by so many ms. */
  advance(ms: number): void
  /** Adjusts the wall clock by so many ms without passing time. */
  step(ms: number): void
}

export function simulatedClock(start = Date.now()): SimulatedClock {
  let now = start
  let stepped = 0
  const timers = new Set<{ at: number; fire: () => void }>()
  const clock: SimulatedClock = {
    slept: [],
    now: () => now + stepped,
    monotonic: () => now,
    step: (ms) => void (stepped += ms),
    advance(ms) {
      now += ms
      for (const timer of timers) {
        if (timer.at > now) continue
        timers.delete(timer)
        timer.fire()
      }
    },
    sleep(ms, signal) {
      signal?.throwIfAborted()
      clock.slept.push(ms)
      now += ms
      return Promise.resolve()
    },
    timer(ms, fire) {
      const timer = { at: now + ms, fire }
      let isStopped = false
      timers.add(timer)
      return {
        restart: (after = ms) => {
          if (isStopped) return
          timer.at = now + after
          timers.add(timer)
        },
        stop: () => {
          isStopped = true
          timers.delete(timer)
        },
      }
    },
  }
  return clock
}
