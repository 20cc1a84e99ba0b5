import { SCHEMES } from './guide-schemes.ts'
import { drawn } from './scheme.ts'

/** Where the pictures of the setup guide are. */
export const PICTURES_DIRECTORY = 'docs/setup'

/** The pictures of the setup guide, by the names of their files. */
export const PICTURES: ReadonlyMap<string, string> = new Map(
  Object.entries(SCHEMES).flatMap(([name, scheme]) =>
    (['en', 'zh'] as const).map((language): [string, string] => [
      `${name}.${language}.svg`,
      drawn(scheme, language),
    ]),
  ),
)
