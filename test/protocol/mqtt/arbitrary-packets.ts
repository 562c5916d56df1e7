import fc from '../../support/properties.ts'
import { writeAcknowledgement } from '../../../src/protocol/mqtt/acknowledgement.ts'
import { encodeConnect, encodeSubscribe, encodeUnsubscribe } from '../../../src/protocol/mqtt/encode-packet.ts'
import { PACKET_TYPE, packetName } from '../../../src/protocol/mqtt/packet-type.ts'
import type { ProtocolLevel, Qos } from '../../../src/protocol/mqtt/packet-type.ts'
import { PublishTemplate } from '../../../src/protocol/mqtt/publish-template.ts'
import { bytesOf, joined } from './seen-packets.ts'
import type { SeenPacket } from './seen-packets.ts'

interface EncodedPacket {
  readonly seen: SeenPacket
  readonly encoded: Uint8Array
}

/** Streams of packets as either side may send them, with what a parser must find in them. */
export function arbitraryStream(level: ProtocolLevel) {
  return fc
    .array(fc.oneof(publish(level), acknowledgement(), answer(level), request(level)), { minLength: 1, maxLength: 6 })
    .map((all) => ({
      packets: all.map(({ seen }) => seen),
      bytes: joined(all.map(({ encoded }) => encoded)),
    }))
}

function publish(level: ProtocolLevel): fc.Arbitrary<EncodedPacket> {
  return fc
    .record({
      topic: fc.string({ maxLength: 40 }),
      qos: fc.constantFrom<Qos>(0, 1, 2),
      packetId: fc.integer({ min: 1, max: 65_535 }),
      body: fc.uint8Array({ maxLength: 300 }),
    })
    .map(({ topic, qos, packetId, body }) => {
      const template = new PublishTemplate(level, topic, qos)
      const encoded = new Uint8Array(template.packetBytes(body.length))
      template.write(encoded, 0, packetId, body)
      const payload = Buffer.from(body).toString('latin1')
      const seen = {
        type: 'PUBLISH',
        flags: qos << 1,
        packetId: qos > 0 ? packetId : 0,
        topic,
        properties: '',
        payload,
      }
      return { seen, encoded }
    })
}

function acknowledgement(): fc.Arbitrary<EncodedPacket> {
  const { puback, pubrec, pubrel, pubcomp } = PACKET_TYPE
  return fc
    .record({ type: fc.constantFrom(puback, pubrec, pubrel, pubcomp), packetId: fc.integer({ min: 1, max: 65_535 }) })
    .map(({ type, packetId }) => {
      const encoded = new Uint8Array(4)
      writeAcknowledgement(encoded, 0, type, packetId)
      const flags = type === pubrel ? 2 : 0
      return { seen: { type: packetName(type), flags, packetId, reasonCode: 0, properties: '', payload: '' }, encoded }
    })
}

/** What brokers answer, written out by hand. */
function answer(level: ProtocolLevel): fc.Arbitrary<EncodedPacket> {
  const bare: EncodedPacket[] = [
    { seen: { type: 'PINGRESP', flags: 0, payload: '' }, encoded: bytesOf('\xd0\x00') },
    {
      seen: { type: 'DISCONNECT', flags: 0, reasonCode: 0, properties: '', payload: '' },
      encoded: bytesOf('\xe0\x00'),
    },
    {
      seen: { type: 'CONNACK', flags: 0, reasonCode: 5, properties: '', payload: '' },
      encoded: bytesOf('\x20\x02\x00\x05'),
    },
  ]
  const ofLevel4: EncodedPacket[] = [
    {
      seen: { type: 'SUBACK', flags: 0, packetId: 258, properties: '', payload: '\x01\x80' },
      encoded: bytesOf('\x90\x04\x01\x02\x01\x80'),
    },
  ]
  const ofLevel5: EncodedPacket[] = [
    {
      seen: { type: 'PUBACK', flags: 0, packetId: 9, reasonCode: 0x97, properties: '', payload: '' },
      encoded: bytesOf('\x40\x03\x00\x09\x97'),
    },
    {
      seen: { type: 'PUBACK', flags: 0, packetId: 9, reasonCode: 0x10, properties: '\x1f\x00\x02no', payload: '' },
      encoded: bytesOf('\x40\x09\x00\x09\x10\x05\x1f\x00\x02no'),
    },
    {
      seen: { type: 'CONNACK', flags: 0, reasonCode: 0, properties: '\x21\x00\x14\x26\x00\x01a\x00\x01b', payload: '' },
      encoded: bytesOf('\x20\x0d\x01\x00\x0a\x21\x00\x14\x26\x00\x01a\x00\x01b'),
    },
    {
      seen: { type: 'SUBACK', flags: 0, packetId: 258, properties: '\x0b\x80\x01', payload: '\x01' },
      encoded: bytesOf('\x90\x07\x01\x02\x03\x0b\x80\x01\x01'),
    },
    {
      seen: { type: 'DISCONNECT', flags: 0, reasonCode: 0x8e, properties: '', payload: '' },
      encoded: bytesOf('\xe0\x01\x8e'),
    },
    {
      seen: { type: 'AUTH', flags: 0, reasonCode: 0x18, properties: '', payload: '' },
      encoded: bytesOf('\xf0\x02\x18\x00'),
    },
  ]
  return fc.constantFrom(...bare, ...(level === 4 ? ofLevel4 : ofLevel5))
}

/** What clients ask. */
function request(level: ProtocolLevel): fc.Arbitrary<EncodedPacket> {
  const texts = fc.string({ maxLength: 20 })
  const seen = (type: string, flags: number, encoded: Uint8Array): EncodedPacket => ({
    // Short enough for a length of one byte or two.
    seen: {
      type,
      flags,
      payload: Buffer.from(encoded.subarray((encoded[1] as number) >= 0x80 ? 3 : 2)).toString('latin1'),
    },
    encoded,
  })
  const connect = fc
    .record({
      clientId: texts,
      clean: fc.boolean(),
      keepAliveSeconds: fc.nat({ max: 65_535 }),
      username: fc.option(texts),
      password: fc.option(texts),
      sessionExpirySeconds: fc.nat(),
      receiveMaximum: fc.option(fc.integer({ min: 1, max: 65_535 })),
    })
    .map((fields) => seen('CONNECT', 0, encodeConnect({ ...fields, level })))
  const filter = fc.record({
    packetId: fc.integer({ min: 1, max: 65_535 }),
    name: texts,
    qos: fc.constantFrom<Qos>(0, 1, 2),
  })
  return fc.oneof(
    connect,
    filter.map(({ packetId, name, qos }) => seen('SUBSCRIBE', 2, encodeSubscribe(level, packetId, name, qos))),
    filter.map(({ packetId, name }) => seen('UNSUBSCRIBE', 2, encodeUnsubscribe(level, packetId, name))),
  )
}
