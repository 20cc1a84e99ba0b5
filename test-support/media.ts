import type { Emulator } from '../emulator/emulator.ts'

/** The bytes of an image that was uploaded to the emulator. */
export async function mediaOf({ values }: Emulator, mediaId: string): Promise<Buffer> {
  const response = await fetch(`${values.apiBaseUrl}/_emulator/media/${encodeURIComponent(mediaId)}`)
  if (!response.ok) throw new Error(`there is no image ${mediaId}`)
  return Buffer.from(await response.arrayBuffer())
}
