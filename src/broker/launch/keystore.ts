import { join } from 'node:path'
import type { TlsFiles } from './launched-broker.ts'
import { JAVA_PACKAGE } from './java.ts'
import { runTool } from './tool.ts'

/** What a JVM broker needs to open TLS listeners: two PKCS#12 files with one password. */
export interface KeyStores {
  readonly keyStorePath: string
  readonly trustStorePath: string
  readonly password: string
}

// The stores lie in a folder that only this user can read and hold nothing but copies of the user's own PEM files.
const STORE_PASSWORD = 'brokermark'

/**
 * Converts PEM files with `openssl` (the key pair) and `keytool` (the authority: a trust store needs an attribute that
 * only Java's own tool writes).
 * @throws LaunchError
 */
export async function makeKeyStores(directory: string, tls: TlsFiles): Promise<KeyStores> {
  const keyStorePath = join(directory, 'server.p12')
  const trustStorePath = join(directory, 'trust.p12')
  const exportKeyPair = ['pkcs12', '-export', '-name', 'broker', '-in', tls.certificatePath, '-inkey', tls.keyPath]
  const importAuthority = ['-importcert', '-noprompt', '-alias', 'authority', '-file', tls.caPath]
  await Promise.all([
    runTool({ executable: 'openssl', debianPackage: 'openssl' }, [
      ...exportKeyPair,
      ...['-certfile', tls.caPath, '-out', keyStorePath, '-passout', `pass:${STORE_PASSWORD}`],
    ]),
    runTool({ executable: 'keytool', debianPackage: JAVA_PACKAGE }, [
      ...importAuthority,
      ...['-keystore', trustStorePath, '-storetype', 'PKCS12', '-storepass', STORE_PASSWORD],
    ]),
  ])
  return { keyStorePath, trustStorePath, password: STORE_PASSWORD }
}
