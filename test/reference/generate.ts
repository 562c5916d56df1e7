/** Writes the reference results and charts from the published CSV: `npm run charts`. They are never edited by hand. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toolFolder } from '../../src/run/tool-version.ts'
import { writeFiles } from '../../src/report/render.ts'
import { referenceChartFiles, resultFiles } from './reference-files.ts'

const root = toolFolder()
const csv = readFileSync(join(root, 'results/reference/amazon-mq-throughput-2020.csv'), 'utf8')
const written = writeFiles(root, [...resultFiles(csv), ...(await referenceChartFiles(csv))])
console.log(`${written.length} files of the reference written`)
