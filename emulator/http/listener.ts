import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** @param url with the path and query of the request */
export type RequestListener = (request: IncomingMessage, response: ServerResponse, url: URL) => void

/** An HTTP server on a loopback port of its own. */
export class Listener {
  readonly #server: HttpServer
  /** The open connections, each with its pending responses. */
  readonly #connections = new Map<Socket, Set<ServerResponse>>()
  #port = 0

  readonly #host: string

  /** @param host in its origin */
  constructor(handle: RequestListener, host = '127.0.0.1') {
    this.#host = host
    this.#server = createServer(
      // A large transfer takes longer than Node's default timeout. Large reads are faster.
      { requestTimeout: 0, keepAliveTimeout: 65_000, highWaterMark: 1024 ** 2 },
      (request, response) => {
        const pending = this.#connections.get(request.socket)
        pending?.add(response)
        response.once('close', () => pending?.delete(response))
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
    return `http://${this.#host}:${this.#port}`
  }

  /** @param port 0 is any; default: the previous port */
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
   * Stops listening. Closes idle connections at once, and others after their pending response.
   */
  refuse(): void {
    this.#server.close()
    for (const [socket, pending] of this.#connections) {
      if (pending.size === 0) socket.destroy()
      else for (const response of pending) response.shouldKeepAlive = false
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
