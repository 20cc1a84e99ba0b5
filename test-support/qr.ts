import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } })

/** Reads a QR code from a picture with another library: its text, level of error correction, and size. */
export async function readQr(picture: Uint8Array) {
  const [code] = await readBarcodes(new Uint8Array(picture), { formats: ['QRCode'] })
  if (!code) throw new Error('there is no QR code')
  const { text, extra, position } = code
  const { ECLevel: ecLevel, Version: version } = JSON.parse(extra) as Record<string, string>
  const pixels = (position.topRight.x - position.topLeft.x) / (17 + 4 * Number(version))
  return { text, ecLevel, pixels, quietZone: position.topLeft.x / pixels }
}
