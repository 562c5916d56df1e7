import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'

const instructions = readFileSync('Dockerfile', 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
const packageJson = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: { brokermark: string } }

describe('the Dockerfile fits the checkout', () => {
  test('everything that it copies from the checkout is there, and .dockerignore lets it through', () => {
    const admitted = readFileSync('.dockerignore', 'utf8').split('\n')
    for (const source of copiedFromCheckout()) {
      assert.ok(existsSync(source), `${source} is copied and does not exist`)
      assert.ok(admitted.includes(`!${source}`), `${source} is copied and .dockerignore keeps it out`)
    }
  })

  test('it runs the file that package.json calls brokermark', () => {
    const entry = instructions.find((line) => line.startsWith('ENTRYPOINT '))
    assert.equal(entry, `ENTRYPOINT ["node", "/brokermark/${packageJson.bin.brokermark}"]`)
    const copied = instructions.filter((line) => line.startsWith('COPY ')).map((line) => line.split(' ').at(-1) ?? '')
    assert.ok(copied.some((target) => packageJson.bin.brokermark.startsWith(target.replace('./', ''))))
  })

  test('it does not run as root', () => {
    assert.ok(instructions.lastIndexOf('USER node') > instructions.findLastIndex((line) => line.startsWith('FROM ')))
  })

  test('it is built on the Node that package.json asks for', () => {
    const images = instructions.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1])
    assert.deepEqual([...new Set(images)], ['node:20-bookworm-slim'])
  })
})

function copiedFromCheckout(): string[] {
  return instructions
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1))
}
