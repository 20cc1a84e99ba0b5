import { create } from '@actions/glob'

/** Where the search of patterns begins: absolute, each pattern up to its first wildcard, none below another. */
export async function searchPaths(patterns: string): Promise<string[]> {
  return (await create(patterns)).getSearchPaths()
}
