/** R1.1: where a stamp at the actual send would have hidden what the broker did, the verdict says so. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Latency } from '../../../src/result/result.ts'
import { judge } from '../../../src/run/verdict/judge.ts'
import { good, latency } from './good-evidence.ts'

const at = (p99: number | null): Latency => ({ ...latency, p99 })

function reasonsOf(response: number | null, service: number | null, blocked: number, generator = 0) {
  const latencyUs = {
    endToEnd: { response: at(response), service: at(service) },
    publish: null,
    sendLag: { generator: at(generator), blocked: at(blocked) },
  }
  return judge({ ...good, latencyUs }).reasons
}

describe('a response p99', () => {
  test('of twice the service p99 while the broker held messages back is called coordinated, in a valid cell', () => {
    const [reason, ...others] = reasonsOf(450_870, 2_700, 434_000)
    assert.deepEqual(others, [])
    assert.equal(reason?.code, 'coordinated')
    assert.match(reason.text, /^coordinated: response\/service p99 ratio 167x: /)
    assert.match(reason.text, /would have said 2\.70 ms$/)
    assert.deepEqual(
      reasonsOf(4_000, 2_000, 1_500).map(({ code }) => code),
      ['coordinated'],
    )
    assert.deepEqual(reasonsOf(3_999, 2_000, 1_500), [])
  })

  test('that the generator’s own lag made is not', () => {
    assert.deepEqual(
      reasonsOf(45_000, 300, 0, 45_000).map(({ code }) => code),
      ['generator-lag'],
    )
  })

  test('over a service latency of nothing is a number all the same', () => {
    assert.equal(reasonsOf(500, 0, 400)[0]?.figure, 500)
  })

  test('is that of publishing where messages carry no time, so that none has a service latency end to end', () => {
    const latencyUs = {
      endToEnd: { response: at(450_870), service: null },
      publish: { response: at(450_000), service: at(3_000) },
      sendLag: { generator: at(0), blocked: at(434_000) },
    }
    assert.equal(judge({ ...good, latencyUs }).reasons[0]?.figure, 150)
  })

  test('of too few messages is not looked at', () => {
    assert.deepEqual(reasonsOf(null, 2_000, 5_000), [])
  })
})
