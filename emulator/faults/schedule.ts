import type { Operation } from '../http/operation.ts'
import type { RecordedRequest } from '../http/request.ts'
import type { Fault } from './fault.ts'

/** Called when a fault starts to affect a request. */
export type FaultListener = (fault: Fault, request: RecordedRequest) => void

/** The faults to inject, and those that were injected. */
export class FaultSchedule {
  /** One item for each time a fault was played. */
  readonly played: Fault[] = []
  readonly #pending: { fault: Fault; left: number }[] = []
  readonly #counts = new Map<Fault['operation'], number>()
  readonly #listeners: FaultListener[] = []

  add(fault: Fault): void {
    this.#pending.push({ fault, left: fault.times ?? 1 })
  }

  /** Removes all faults and resets the counts. */
  clear(): void {
    this.#pending.length = 0
    this.#counts.clear()
    this.played.length = 0
  }

  /** Counts a call. @returns the fault to inject, if any */
  next(operation: Operation): Fault | undefined {
    for (const counted of [operation, '*'] as const)
      this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + 1)
    const match = this.#pending.find(({ fault, left }) => {
      if (fault.operation !== '*' && fault.operation !== operation) return false
      if (fault.nth === undefined) return left > 0
      const count = this.#counts.get(fault.operation) ?? 0
      return count >= fault.nth && count < fault.nth + (fault.times ?? 1)
    })
    if (!match) return undefined
    match.left -= 1
    this.played.push(match.fault)
    return match.fault
  }

  onStart(listener: FaultListener): void {
    this.#listeners.push(listener)
  }

  /** Notifies the listeners. */
  notify(fault: Fault, request: RecordedRequest): void {
    for (const listener of this.#listeners) listener(fault, request)
  }
}
