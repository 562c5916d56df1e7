import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ProcessStat } from '../../src/probe/proc-stat.ts'
import { ProcessTree } from '../../src/probe/process-tree.ts'

/** Processes as a map from pid to parent, and the pids whose files were read. */
function tableOf(parents: Map<number, number>) {
  const asked: number[] = []
  const started = { count: 0 }
  const table = {
    newestPid: () => String(started.count),
    pids: () => [...parents.keys()],
    stat: (pid: number) => {
      asked.push(pid)
      const parentPid = parents.get(pid)
      return parentPid === undefined ? null : ({ pid, parentPid } as ProcessStat)
    },
  }
  return { table, asked, started }
}

describe('the tree of a broker', () => {
  test('is read again from its members and from newcomers alone, whatever else runs', () => {
    const others = Array.from({ length: 100 }, (_, index) => [1000 + index, 1] as const)
    const parents = new Map([[10, 1], [11, 10], ...others])
    const { table, asked, started } = tableOf(parents)
    const tree = new ProcessTree([10], table)
    const read = (): readonly number[] => {
      asked.length = 0
      return tree.read().map(({ pid }) => pid)
    }
    assert.deepEqual(read(), [10, 11])
    assert.equal(asked.length, 102)
    assert.deepEqual(read(), [10, 11])
    assert.deepEqual(asked, [10, 11])
    parents.set(2000, 1).set(12, 11).set(13, 12)
    started.count++
    assert.deepEqual(read(), [10, 11, 12, 13])
    assert.deepEqual(asked.toSorted(), [10, 11, 12, 13, 2000])
  })

  test('loses who ended or went to another parent, and is empty without its root', () => {
    const parents = new Map([
      [10, 1],
      [11, 10],
      [12, 11],
      [13, 10],
    ])
    const { table, started } = tableOf(parents)
    const tree = new ProcessTree([10], table)
    assert.equal(tree.read().length, 4)
    parents.delete(11)
    parents.set(12, 1)
    assert.deepEqual(
      tree.read().map(({ pid }) => pid),
      [10, 13],
    )
    parents.delete(10)
    started.count++
    assert.deepEqual(tree.read(), [])
  })
})
