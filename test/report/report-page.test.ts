import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Locator, type Page } from 'playwright-core'
import { writeReport } from '../../src/report/write-report.ts'
import { publishedResult } from '../../src/reference/published-result.ts'
import { curvesFor, twoTargets } from './example-results.ts'
import { matrix, result, targetResult } from './result-builder.ts'

/** Only a bound for failure: a busy machine takes its time. */
const DEADLINE_MS = 240_000
const executablePath = '/usr/bin/chromium'
const skip = existsSync(executablePath) ? false : 'needs chromium (apt-get install chromium)'

const reference = publishedResult({
  instance: 'mq.m5.2xlarge',
  vcpu: 8,
  concurrentStoreAndDispatch: true,
  cells: [{ sizeKilobytes: 1, pairs: 25, tps: 2250, cpuPercent: 8 }],
})

describe('report.html in a browser without a network', { skip }, () => {
  let folder = ''
  let url = ''
  let browser: Browser | undefined

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'brokermark-page-'))
    const measured = twoTargets()
    const { files } = await writeReport(measured, { folder, curves: curvesFor(measured), against: reference })
    url = pathToFileURL(files[0] ?? '').href
    // Containers have little shared memory.
    const args = ['--no-sandbox', '--disable-dev-shm-usage']
    browser = await chromium.launch({ executablePath, args, timeout: DEADLINE_MS })
  })
  after(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** The page with what it said and asked for; drawn, unless scripts are off. */
  async function open(
    width: number,
    colorScheme: 'light' | 'dark',
    javaScriptEnabled = true,
  ): Promise<{ page: Page; said: string[]; asked: string[] }> {
    assert.ok(browser !== undefined)
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      offline: true,
      javaScriptEnabled,
    })
    context.setDefaultTimeout(DEADLINE_MS)
    const page = await context.newPage()
    const said: string[] = []
    const asked: string[] = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(url)
    if (javaScriptEnabled) {
      const drawn = page.locator('figure[data-drawn="true"]')
      await drawn.nth(4).waitFor()
    }
    return { page, said, asked }
  }

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const) {
    test(`at ${width} px by ${colorScheme === 'light' ? 'day' : 'night'}: five charts, no error, no request, no sideways scroll`, async () => {
      const { page, said, asked } = await open(width, colorScheme)
      assert.deepEqual(said, [])
      assert.deepEqual(asked, [url])
      assert.equal(await page.locator('.live svg').count(), 5)
      const widths = await page.evaluate('[document.documentElement.scrollWidth, document.documentElement.clientWidth]')
      assert.deepEqual(widths, [width, width])
      const ground = await page.evaluate('getComputedStyle(document.querySelector(".live svg")).backgroundColor')
      assert.equal(ground, colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(22, 27, 34)')
      await page.context().close()
    })
  }

  test('shows several long targets side by side, and a verdict beside each cell, without scrolling', async (context) => {
    const targets = [1, 2].map(
      (node) => `stomp+ssl://b-${'1234a5b6-'.repeat(9)}${node}.mq.us-west-2.amazonaws.com:61614`,
    )
    const cells = targets.flatMap((target) => matrix(target))
    const long = result(cells, { targets: targets.map((target) => targetResult({ target })) })
    const own = mkdtempSync(join(tmpdir(), 'brokermark-page-'))
    context.after(() => {
      rmSync(own, { recursive: true, force: true })
    })
    const { files } = await writeReport(long, { folder: own, curves: new Map() })
    const { page } = await open(1280, 'light', false)
    await page.goto(pathToFileURL(files[0] ?? '').href)
    for (const id of ['tps-1', 'verdict']) {
      const widths = await page.evaluate(
        `(({ parentElement: { scrollWidth, clientWidth } }) => [scrollWidth, clientWidth])(document.getElementById('${id}'))`,
      )
      assert.ok(Array.isArray(widths) && widths[0] === widths[1], `${id}: ${String(widths)}`)
    }
    await page.context().close()
  })

  test('has the cells of the published form in a table with caption and heads', async () => {
    const { page } = await open(1280, 'light')
    const rows = await page.locator('#tps-1 tbody tr').allInnerTexts()
    assert.deepEqual(
      rows.map((row) =>
        row
          .split(/\s*\t\s*/)
          .join(' | ')
          .replace(/\s+/g, ' '),
      ),
      [
        '1 KB | TPS | 4,756 | 9,513 | invalid: 19,0262 | 4,756 | 9,513 | 19,026',
        'CPU % | 42 | 42 | invalid: 42 | 42 | 42 | 42',
        '10 KB | TPS | failed1 | 6,614 | 13,228 | 3,307 | 6,614 | 13,228',
        'CPU % | failed | 42 | n/a3 | 42 | 42 | 42',
      ],
    )
    assert.equal(await page.locator('#tps-1 caption').count(), 1)
    assert.deepEqual(await page.locator('#tps-1 thead th[scope="colgroup"]').allInnerTexts(), [
      'STOMP stomp://127.0.0.1:61613',
      'AMQP 1.0 amqp10://127.0.0.1:5672',
    ])
    assert.equal(await page.locator('#tps-1 tbody th[scope="rowgroup"]').count(), 2)
    assert.equal(await page.locator('#tps-1 s').count(), 2)
    await page.context().close()
  })

  test('names what a screen reader needs: one text per chart, headings in order, every link at a place', async () => {
    const { page } = await open(1280, 'light')
    const charts = await page.getByRole('img').all()
    const labels = await Promise.all(charts.map((chart) => chart.getAttribute('aria-label')))
    assert.equal(labels.filter((label) => (label ?? '').length > 40).length, 5)
    const levels = await page.evaluate<number[]>(
      '[...document.querySelectorAll("h1, h2, h3")].map((heading) => Number(heading.tagName[1]))',
    )
    levels.forEach((level, place) => assert.ok(level <= (levels[place - 1] ?? 0) + 1, `heading ${place + 1}`))
    const lost = await page.evaluate(
      '[...document.querySelectorAll("a[href^=\\"#\\"]")].filter((a) => !document.getElementById(a.hash.slice(1))).map((a) => a.hash)',
    )
    assert.deepEqual(lost, [])
    await page.context().close()
  })

  test('shows the figure under the pointer', async () => {
    const { page, said } = await open(1280, 'light')
    const point = page.locator('#chart-tps-by-pairs .live svg .mark-symbol path').first()
    const tooltip = page.locator('.vg-tooltip').filter({ hasText: '4,75' })
    const deadlineMs = performance.now() + DEADLINE_MS
    // Where the page was not ready for the pointer, it has to come once more.
    do {
      await page.mouse.move(0, 0)
      await point.hover({ force: true })
    } while (!(await isShown(tooltip)) && performance.now() < deadlineMs)
    assert.ok(await tooltip.isVisible())
    assert.deepEqual(said, [])
    await page.context().close()
  })

  test('shows the static pictures where scripts are off', async () => {
    const { page } = await open(390, 'light', false)
    assert.equal(await page.locator('.drawn svg').first().isVisible(), true)
    assert.equal(await page.locator('.drawn svg').count(), 5)
    await page.context().close()
  })

  test('prints the static pictures, on white', async () => {
    const { page } = await open(1280, 'dark')
    await page.emulateMedia({ media: 'print' })
    assert.equal(await page.locator('.drawn svg').first().isVisible(), true)
    assert.equal(await page.locator('.live').first().isVisible(), false)
    await page.context().close()
  })
})

/** Within five seconds. */
function isShown(locator: Locator): Promise<boolean> {
  return locator.waitFor({ timeout: 5_000 }).then(
    () => true,
    () => false,
  )
}
