import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export type Handle = (request: IncomingMessage, response: ServerResponse, url: URL) => void

/** One of the servers, on a loopback port of its own. */
export class Listener {
  readonly #server: HttpServer
  /** Connections, each with the answers that are still owed on it. */
  readonly #connections = new Map<Socket, Set<ServerResponse>>()
  #port = 0

  constructor(handle: Handle) {
    this.#server = createServer(
      // Large transfers take longer than Node lets a request take, and few large reads are quicker than many small ones.
      { requestTimeout: 0, keepAliveTimeout: 65_000, highWaterMark: 1024 ** 2 },
      (request, response) => {
        const owed = this.#connections.get(request.socket)
        owed?.add(response)
        response.once('close', () => owed?.delete(response))
        response.shouldKeepAlive &&= this.#server.listening
        const url = URL.parse(request.url ?? '', 'http://127.0.0.1')
        if (url) handle(request, response, url)
        else response.writeHead(400).end()
      },
    )
    this.#server.on('connection', (socket) => {
      this.#connections.set(socket, new Set())
      socket.once('close', () => this.#connections.delete(socket))
    })
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** @param port 0 is any; default: the one it had before */
  listen(port = this.#port): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject)
        this.#port = (this.#server.address() as AddressInfo).port
        resolve()
      })
    })
  }

  /**
   * From now on connections are refused by the machine itself, for nothing listens. Idle ones are dropped; a request
   * that is under way gets its answer, then its connection is closed too.
   */
  refuse(): void {
    this.#server.close()
    for (const [socket, owed] of this.#connections) {
      if (owed.size === 0) socket.destroy()
      else for (const response of owed) response.shouldKeepAlive = false
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve()
      })
      this.#server.closeAllConnections()
    })
  }
}
