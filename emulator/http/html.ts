/** As a careful template writes text into HTML, attributes included. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'/+=]/g, (character) => `&#${character.charCodeAt(0)};`)
}
