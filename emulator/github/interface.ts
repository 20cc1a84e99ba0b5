import type { ServerResponse } from 'node:http'

export interface Asset {
  name: string
  content: Buffer
  /** As the API reports it, in bytes. Default: the size of the content. */
  size?: number
  /** `sha256:…`; null for assets older than digests. Default: the digest of the content. */
  digest?: string | null
  /** `open`: it is being uploaded. `starter`: its upload failed. Default `uploaded`. */
  state?: 'uploaded' | 'open' | 'starter'
}

export interface Release {
  tag: string
  draft?: boolean
  prerelease?: boolean
  name?: string
  /** Markdown */
  body?: string
  assets: Asset[]
}

/** The part of GitHub's releases that a download needs. */
export interface GitHub {
  /** For `GITHUB_API_URL`. */
  readonly apiUrl: string
  /** May read releases, and drafts too. */
  readonly token: string
  /** Of the repository `octo/app`, the newest first. */
  readonly releases: Release[]
  /**
   * Set to `true` to be Gitea or Forgejo instead: assets have neither a state, nor a digest, nor a URL in the API, and are
   * downloaded from `browser_download_url`.
   */
  isGitea: boolean
  /** Path of every request, and whether it carried a token. */
  readonly requests: { path: string; authorized: boolean }[]
  /** If set, called before each response, with the path. Returns true if it has responded, or if nobody ever will. */
  onRequest: ((path: string, response: ServerResponse) => boolean) | undefined
  /** How many of the next downloads are cut off in the middle. */
  cutDownloads: number
  /**
   * If set, the next download stops in the middle without closing the connection. Called at that moment, with a function
   * that returns whether the client still waits.
   */
  onSilence: ((isWaitedFor: () => boolean) => void) | undefined
  close(): Promise<void>
}
