import { placeOf, type LocalFile } from './local-file.ts'

/** What two names have in common that cannot stand side by side everywhere: case, blanks around, composed or not. */
export function nameKey(name: string): string {
  return name.trim().normalize('NFC').toLowerCase()
}

/** Files that would have the same name in one folder, or names that differ in case only, their folders' names too; each group in their order. */
export function collisions(files: readonly LocalFile[]): LocalFile[][] {
  const groups = Map.groupBy(files, (file) => nameKey(placeOf(file)))
  return [...groups.values()].filter((group) => group.length > 1)
}
