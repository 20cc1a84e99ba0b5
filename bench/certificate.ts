import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { environment } from './child.ts'

/** A self-signed certificate for `localhost` and 127.0.0.1: the paths of its PEM files. */
export interface Certificate {
  cert: string
  key: string
}

/** Creates a certificate in a directory, once. @throws Error if there is no `openssl` */
export function certificateIn(directory: string): Certificate {
  const [cert, key] = [join(directory, 'bench.crt'), join(directory, 'bench.key')]
  if (existsSync(cert)) return { cert, key }
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '7']
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const args = ['req', '-x509', ...curve, ...names, '-keyout', key, '-out', cert]
  const { status, error, stderr } = spawnSync('openssl', args, { env: environment(), encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`openssl req failed:\n${stderr}`)
  return { cert, key }
}

/** The options of a TLS server with the certificate. */
export function credentials({ cert, key }: Certificate): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(cert), key: readFileSync(key) }
}
