export const VISIBILITIES = ['PUBLIC', 'PRIVATE'] as const

/** A mark that an app puts on a file or folder. */
export interface AppProperty {
  readonly name: string
  readonly value: string
  readonly visibility: (typeof VISIBILITIES)[number]
}

/** The properties of a file or folder, as answers show them: by owner, or as the page's sample shows them, a list. */
export type AppProperties = Readonly<Record<string, readonly AppProperty[]>> | readonly AppProperty[]
