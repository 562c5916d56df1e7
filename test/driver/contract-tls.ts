import assert from 'node:assert/strict'
import type { Endpoint, TlsSettings } from '../../src/driver/endpoint.ts'
import { refuses } from './contract-connect.ts'
import type { ContractSession } from './contract-session.ts'
import type { ContractFacts, ContractClause } from './contract-clause.ts'

/** Clauses about certificates. */
export const tlsTests: readonly ContractClause[] = [
  {
    title: 'TLS: with the CA the certificate verifies and messages go through',
    missing: withoutTls,
    run: (session) => works(session, secured(session)),
  },
  {
    title: 'TLS: without the CA the certificate is untrusted',
    missing: withoutTls,
    run: (session) => refuses(session, withTls(secured(session), { ca: null }), ['untrusted-certificate']),
  },
  {
    title: 'TLS: a certificate for another name is untrusted',
    missing: withoutTls,
    run: (session) =>
      refuses(session, withTls(secured(session), { serverName: 'other.invalid' }), ['untrusted-certificate']),
  },
  {
    title: 'TLS: verification can be switched off by name',
    missing: withoutTls,
    run: (session) => works(session, withTls(secured(session), { ca: null, verify: false })),
  },
  {
    title: 'TLS: a client certificate is presented and accepted',
    missing: (_, __, facts) =>
      facts.clientCertificateEndpoint === undefined ? 'no listener that demands a client certificate' : null,
    run: (session) => works(session, session.facts.clientCertificateEndpoint?.() ?? session.endpoint),
  },
  {
    title: 'TLS: without the client certificate that the broker demands nobody gets in',
    missing: (_, __, facts) =>
      facts.clientCertificateEndpoint === undefined ? 'no listener that demands a client certificate' : null,
    async run(session) {
      const endpoint = session.facts.clientCertificateEndpoint?.() ?? session.endpoint
      await refuses(session, withTls(endpoint, { certificate: null, key: null }), ['authentication', 'closed'])
    },
  },
]

function withoutTls(_: unknown, __: unknown, facts: ContractFacts): string | null {
  return facts.tlsEndpoint === undefined ? 'no TLS listener on this broker' : null
}

function secured(session: ContractSession): Endpoint {
  return session.facts.tlsEndpoint?.() ?? session.endpoint
}

function withTls(endpoint: Endpoint, over: Partial<TlsSettings>): Endpoint {
  assert.ok(endpoint.tls !== null, 'the fact names an endpoint without TLS settings')
  return { ...endpoint, tls: { ...endpoint.tls, ...over } }
}

async function works(session: ContractSession, endpoint: Endpoint): Promise<void> {
  // Declared where it is used: the endpoint that demands a client certificate is another broker.
  const queue = await session.destination('queue', endpoint)
  const consumer = await session.consumer(queue, {}, endpoint)
  const publisher = await session.publisher(queue, {}, endpoint)
  await publisher.send(20)
  await consumer.received(20)
  assert.equal(consumer.deliveries.length, 20)
}
