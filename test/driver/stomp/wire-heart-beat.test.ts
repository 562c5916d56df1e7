import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeartBeat } from '../../../src/driver/stomp/wire-heart-beat.ts'
import type { Connection, ConnectionCounters } from '../../../src/transport/connection.ts'

/** A connection that only counts what is written. */
class CountingConnection implements Pick<Connection, 'peer' | 'isBlocked' | 'counters' | 'write'> {
  readonly peer = 'stomp://counting'
  isBlocked = false
  writes = 0

  counters(): ConnectionCounters {
    return { writes: this.writes, bytesWritten: this.writes, bytesRead: 0 }
  }

  write(): void {
    this.writes++
  }
}

function beating(answer: string): { connection: CountingConnection; silences: string[] } {
  const connection = new CountingConnection()
  const silences: string[] = []
  HeartBeat.start({}, answer, connection as unknown as Connection, ({ message }) => silences.push(message))
  return { connection, silences }
}

test('a beat goes out twice in each interval that the broker was promised, but none beside other traffic', (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const { connection } = beating('0,30000')
  context.mock.timers.tick(150_000)
  assert.equal(connection.writes, 10)
  for (let seconds = 0; seconds < 150; seconds += 5) {
    connection.write()
    context.mock.timers.tick(5_000)
  }
  assert.equal(connection.writes, 10 + 30)
})

test('a broker that promised to beat is gone after two intervals of silence, and one that did not never is', (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const promised = beating('30000,0')
  const silent = beating('0,30000')
  context.mock.timers.tick(60_000)
  assert.deepEqual(promised.silences, [])
  context.mock.timers.tick(60_000)
  assert.equal(promised.silences[0], 'stomp://counting was silent for 2 heart-beat intervals')
  assert.deepEqual(silent.silences, [])
})
