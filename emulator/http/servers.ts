import { Listener, type RequestListener } from './listener.ts'
import type { Server } from './operation.ts'

/** The listeners of the three servers. */
export class Servers {
  readonly #byServer: Readonly<Record<Server, readonly [Listener, ...Listener[]]>>
  readonly #all: readonly Listener[]

  constructor(handles: Readonly<Record<Server, RequestListener>>) {
    this.#byServer = {
      gateway: [new Listener(handles.gateway)],
      oapi: [new Listener(handles.oapi)],
      // The platform offers several hosts for its storage, so there are two.
      oss: [new Listener(handles.oss), new Listener(handles.oss)],
    }
    this.#all = Object.values(this.#byServer).flat()
  }

  /**
   * Starts every listener, or none.
   *
   * @param gatewayPort 0 is any
   * @throws Error of Node's if the port is taken
   */
  async listen(gatewayPort: number): Promise<void> {
    try {
      for (const listener of this.#all) {
        await listener.listen(this.#byServer.gateway.includes(listener) ? gatewayPort : 0)
      }
    } catch (error) {
      await this.close()
      throw error
    }
  }

  /** The origins of a server; valid once it listens. */
  origins(server: Server): [string, ...string[]] {
    const [first, ...others] = this.#byServer[server]
    return [first.origin, ...others.map(({ origin }) => origin)]
  }

  /** Stops listening: connections to the server are refused. */
  refuseConnections(server: Server): void {
    for (const listener of this.#byServer[server]) listener.refuse()
  }

  /** Listens again, at the same addresses. */
  async acceptConnections(server: Server): Promise<void> {
    await Promise.all(this.#byServer[server].map((listener) => listener.listen()))
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((listener) => listener.close()))
  }
}
