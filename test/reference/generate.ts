/**
 * Writes what is made by a program and never edited by hand: the reference results and charts from the published CSV, and
 * the page on one stall. `npm run charts`
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toolFolder } from '../../src/run/tool-version.ts'
import { writeFiles } from '../../src/report/render.ts'
import { stallFiles } from '../bench/stall.ts'
import { referenceChartFiles, resultFiles } from './reference-files.ts'

const root = toolFolder()
const csv = readFileSync(join(root, 'results/reference/amazon-mq-throughput-2020.csv'), 'utf8')
const files = [...resultFiles(csv), ...(await referenceChartFiles(csv)), ...(await stallFiles())]
console.log(`${writeFiles(root, files).length} files written`)
