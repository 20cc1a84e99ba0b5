/** Escapes text for HTML, including attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'/+=]/g, (character) => `&#${character.charCodeAt(0)};`)
}
