import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** PEM files of one test run, in a scratch folder of the caller. */
export interface TestCertificates {
  readonly caPath: string
  /** For `localhost` and 127.0.0.1, signed by the CA. */
  readonly serverCertificatePath: string
  readonly serverKeyPath: string
  /** For a client, signed by the same CA. */
  readonly clientCertificatePath: string
  readonly clientKeyPath: string
  /** A CA that signed none of them. */
  readonly unrelatedCaPath: string
}

/** Makes a CA, a server and a client certificate and an unrelated CA with the `openssl` command line, valid for 2 days. */
export function makeCertificates(directory: string): TestCertificates {
  const authority = selfSigned(directory, 'authority')
  const unrelated = selfSigned(directory, 'unrelated')
  const server = signed(directory, 'server', authority, 'subjectAltName=DNS:localhost,IP:127.0.0.1')
  const client = signed(directory, 'client', authority, 'extendedKeyUsage=clientAuth')
  return {
    caPath: authority.certificatePath,
    serverCertificatePath: server.certificatePath,
    serverKeyPath: server.keyPath,
    clientCertificatePath: client.certificatePath,
    clientKeyPath: client.keyPath,
    unrelatedCaPath: unrelated.certificatePath,
  }
}

/** The text of a PEM file, as an endpoint's TLS settings want it. */
export function pem(path: string): string {
  return readFileSync(path, 'utf8')
}

interface KeyPair {
  readonly certificatePath: string
  readonly keyPath: string
}

// RSA, because it is what every broker and every client in the matrix knows.
const NEW_KEY = ['-newkey', 'rsa:2048', '-nodes']

function selfSigned(directory: string, name: string): KeyPair {
  const pair = pathsOf(directory, name)
  openssl([
    ...['req', '-x509', ...NEW_KEY, '-days', '2', '-subj', `/CN=brokermark test ${name}`],
    ...['-keyout', pair.keyPath, '-out', pair.certificatePath],
  ])
  return pair
}

function signed(directory: string, name: string, authority: KeyPair, extension: string): KeyPair {
  const pair = pathsOf(directory, name)
  const request = join(directory, `${name}.csr`)
  const extensions = join(directory, `${name}.ext`)
  writeFileSync(extensions, `${extension}\n`)
  openssl(['req', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', pair.keyPath, '-out', request])
  openssl([
    ...['x509', '-req', '-days', '2', '-in', request, '-extfile', extensions, '-out', pair.certificatePath],
    ...['-CA', authority.certificatePath, '-CAkey', authority.keyPath, '-CAcreateserial'],
  ])
  return pair
}

function pathsOf(directory: string, name: string): KeyPair {
  return { certificatePath: join(directory, `${name}.pem`), keyPath: join(directory, `${name}.key`) }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' })
}
