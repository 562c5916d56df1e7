/** A report table as a real HTML table: caption, heads with their scope, row groups, notes with links. Pure. */
import type { ReportTable, TableCell, TableColumn } from '../report-table.ts'
import { htmlText } from './html-text.ts'

/**
 * @param id unique on the page; the notes hang on it.
 * @returns the table in a container of its own that scrolls sideways where the page is narrow.
 */
export function htmlTable(table: ReportTable, id: string): string {
  const caption = htmlText(table.caption)
  return [
    `<div class="scroll" role="region" aria-label="${caption}" tabindex="0">`,
    `<table id="${id}">`,
    `<caption><span>${caption}</span></caption>`,
    columnGroups(table),
    `<thead>\n${groupRow(table)}${headRow(table)}\n</thead>`,
    ...rowGroups(table).map((rows) => `<tbody>\n${groupRows(table, rows, id)}\n</tbody>`),
    '</table>',
    '</div>',
    noteList(table, id),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

function columnGroups(table: ReportTable): string {
  if (table.groups.length === 0) return ''
  return [table.keyColumns, ...table.groups.map((group) => group.span)]
    .map((span) => `<colgroup span="${span}"></colgroup>`)
    .join('')
}

function groupRow(table: ReportTable): string {
  if (table.groups.length === 0) return ''
  const heads = table.groups.map((group) => {
    const full = group.title === group.label ? '' : ` <span class="full">${htmlText(group.title)}</span>`
    return `<th scope="colgroup" colspan="${group.span}">${htmlText(group.label)}${full}</th>`
  })
  return `<tr><td colspan="${table.keyColumns}"></td>${heads.join('')}</tr>\n`
}

function headRow(table: ReportTable): string {
  const heads = table.columns.map((column) => {
    const label = column.label === '' ? '<span class="unseen">Figure</span>' : htmlText(column.label)
    return `<th scope="col" class="${column.align}">${label}</th>`
  })
  return `<tr>${heads.join('')}</tr>`
}

/** Rows that share their first key: it is named once and stands for all of them. */
function rowGroups(table: ReportTable): (readonly TableCell[])[][] {
  const groups: (readonly TableCell[])[][] = []
  for (const row of table.rows) {
    const last = groups.at(-1)
    if (last !== undefined && row[0]?.text === '') last.push(row)
    else groups.push([row])
  }
  return groups
}

function groupRows(table: ReportTable, rows: readonly (readonly TableCell[])[], id: string): string {
  return rows
    .map((row, place) => {
      const cells = row.map((cell, index) => {
        const column = table.columns[index] ?? { label: '', align: 'left' }
        if (index === 0 && table.keyColumns > 1) return place === 0 ? groupHead(cell, rows.length) : ''
        if (index < table.keyColumns) return `<th scope="row" class="${column.align}">${htmlText(cell.text)}</th>`
        return figure(cell, column, id)
      })
      return `<tr>${cells.join('')}</tr>`
    })
    .join('\n')
}

function groupHead(cell: TableCell, span: number): string {
  const scope = span > 1 ? 'rowgroup' : 'row'
  return `<th scope="${scope}" rowspan="${span}" class="left">${htmlText(cell.text)}</th>`
}

function figure(cell: TableCell, column: TableColumn, id: string): string {
  const text = htmlText(cell.text)
  const struck = cell.struck && text !== '' ? `<s><span class="unseen">invalid: </span>${text}</s>` : text
  const notes = cell.notes.map((note) => `<a href="#${id}-note-${note}" aria-label="note ${note}">${note}</a>`)
  const marks = notes.length === 0 ? '' : `<sup>${notes.join(',')}</sup>`
  return `<td class="${column.align} ${cell.tone}">${struck}${marks}</td>`
}

function noteList(table: ReportTable, id: string): string {
  const notes = table.notes.map((note, place) => `<li id="${id}-note-${place + 1}">${htmlText(note)}</li>`)
  const list = notes.length === 0 ? '' : `<ol class="notes">\n${notes.join('\n')}\n</ol>`
  const remarks = table.remarks.map((remark) => `<p class="remark">${htmlText(remark)}</p>`)
  return [list, ...remarks].filter((part) => part !== '').join('\n')
}
