import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

const BEGINNING = Buffer.from('HTTP/1.1 100 ')
const END = Buffer.from('\r\n\r\n')
/** The most that is held back while the end of an interim response is missing, in bytes. */
const MAX_HEAD = 4096

/**
 * Takes every `100 Continue` out of what a connection receives. Nobody asks for one, but some proxies send it, and undici
 * takes it for a broken answer: https://www.rfc-editor.org/rfc/rfc9110#section-15.2.1 has clients ignore it.
 *
 * To be called before the connection is handed to undici, so that this is the first to read.
 */
export function dropContinue<T extends Socket | TLSSocket>(socket: T): T {
  let held = Buffer.alloc(0)
  /** What had been written when the last final response began. Whatever arrives next belongs to it. */
  let answered = -1
  socket.on('readable', () => {
    if (socket.bytesWritten === answered) return
    let chunk: Buffer | null
    while ((chunk = socket.read() as Buffer | null) !== null) held = Buffer.concat([held, chunk])
    for (let end; startsWith(held, BEGINNING) && (end = held.indexOf(END)) >= 0;)
      held = held.subarray(end + END.length)
    const isIncomplete =
      held.length < MAX_HEAD && (startsWith(held, BEGINNING) || startsWith(BEGINNING, held))
    if (isIncomplete) return
    answered = socket.bytesWritten
    socket.unshift(held)
    held = Buffer.alloc(0)
  })
  return socket
}

function startsWith(bytes: Buffer, beginning: Buffer): boolean {
  return bytes.subarray(0, beginning.length).equals(beginning)
}
