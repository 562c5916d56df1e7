/** The pages under docs/method name files and headings of this repository: that they are there. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const FOLDER = 'docs/method'
const pages = readdirSync(FOLDER).filter((name) => name.endsWith('.md'))

function anchorsOf(page: string): string[] {
  const headings = [...readFileSync(join(FOLDER, page), 'utf8').matchAll(/^#+ (.+)$/gm)]
  return headings.map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  )
}

for (const page of pages) {
  const text = readFileSync(join(FOLDER, page), 'utf8')

  test(`every link of ${page} leads somewhere`, () => {
    const broken = [...text.matchAll(/\]\(([^)]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => {
        const [file = '', anchor] = link.split('#')
        const target = file === '' ? page : file
        if (!existsSync(join(FOLDER, target))) return true
        return anchor !== undefined && !anchorsOf(target).includes(anchor)
      })
    assert.deepEqual(broken, [])
  })

  test(`every test that ${page} names is there`, () => {
    const named = [...text.matchAll(/`(test\/[^`]+\.ts)`/g)].map(([, path = '']) => path)
    assert.deepEqual(
      named.filter((path) => !existsSync(path)),
      [],
    )
  })
}
