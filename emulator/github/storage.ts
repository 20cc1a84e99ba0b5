import type { RequestListener } from '../http/listener.ts'
import type { GitHub } from './interface.ts'

/** The storage of the assets. It refuses a request that carries a token: none may be sent there. */
export function assetStorage(github: GitHub): RequestListener {
  return (request, response, url) => {
    const asset = github.releases.flatMap(({ assets }) => assets)[Number(url.pathname.slice(1))]
    if (!asset || 'authorization' in request.headers) {
      response.writeHead(400).end()
      return
    }
    const { content } = asset
    const { onSilence } = github
    const half = content.subarray(0, content.length / 2)
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': content.length,
    })
    if (github.cutDownloads > 0) {
      github.cutDownloads--
      response.write(half, () => response.socket?.destroy())
    } else if (onSilence) {
      github.onSilence = undefined
      response.write(half, () => {
        onSilence(() => !response.closed)
      })
    } else response.end(content)
  }
}
