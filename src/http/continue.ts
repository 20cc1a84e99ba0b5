import type { Socket } from 'node:net'

const BEGINNING = Buffer.from('HTTP/1.1 100 ')
const END = Buffer.from('\r\n\r\n')
/** How many bytes are held back at most until an interim response is complete. */
const MAX_HEAD = 4096

/**
 * Removes every `100 Continue` from what a connection receives. No request asks for one, but some proxies send it, and undici
 * rejects it. A client has to ignore it: https://www.rfc-editor.org/rfc/rfc9110#section-15.2.1
 *
 * Call this before undici gets the connection, so that this reads first.
 */
export function dropContinue(socket: Socket): void {
  let held = Buffer.alloc(0)
  /** How much had been written when the last response began. Until more is written, all bytes belong to that response. */
  let written = -1
  socket.on('readable', () => {
    if (socket.bytesWritten === written) return
    let chunk: Buffer | null
    while ((chunk = socket.read() as Buffer | null) !== null) held = Buffer.concat([held, chunk])
    for (let end; startsWith(held, BEGINNING) && (end = held.indexOf(END)) >= 0;)
      held = held.subarray(end + END.length)
    const isIncomplete =
      held.length < MAX_HEAD && (startsWith(held, BEGINNING) || startsWith(BEGINNING, held))
    if (isIncomplete) return
    written = socket.bytesWritten
    socket.unshift(held)
    held = Buffer.alloc(0)
  })
}

function startsWith(bytes: Buffer, beginning: Buffer): boolean {
  return bytes.subarray(0, beginning.length).equals(beginning)
}
