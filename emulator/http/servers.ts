import { Listener, type RequestListener } from './listener.ts'
import type { Server } from './operation.ts'

/** The listeners of the three servers. */
export class Servers {
  readonly #byServer: Readonly<Record<Server, readonly [Listener, ...Listener[]]>>
  readonly #all: readonly Listener[]

  /** @param host in their origins */
  constructor(handles: Readonly<Record<Server, RequestListener>>, host?: string) {
    const listener = (server: Server) => new Listener(handles[server], host)
    this.#byServer = {
      gateway: [listener('gateway')],
      oapi: [listener('oapi')],
      // The platform offers several hosts for its storage, so there are two.
      oss: [listener('oss'), listener('oss')],
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
