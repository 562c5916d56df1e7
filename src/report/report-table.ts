/** A table before it is text: what the terminal, Markdown, CSV and HTML renderers share. Pure data. */

export interface TableCell {
  readonly text: string
  /** The figure is not to be used: struck out in Markdown and HTML, marked `!` on a terminal. */
  readonly struck: boolean
  /** Numbers of the table's notes, from 1. */
  readonly notes: readonly number[]
  /** `missing`: n/a or failed, set in a quieter tone. */
  readonly tone: 'figure' | 'missing' | 'good' | 'bad'
}

export interface TableColumn {
  readonly label: string
  readonly align: 'left' | 'right'
  /** Left out of a terminal that is too narrow for the whole table; Markdown and HTML always have it. */
  readonly spare?: boolean
}

/** A head over several figure columns: one per target where there are several. */
export interface ColumnGroup {
  /** Short name, unique in the table: `STOMP`. */
  readonly label: string
  /** The name in full: `stomp://127.0.0.1:61613`. */
  readonly title: string
  /** How many columns it stands over. */
  readonly span: number
}

export interface ReportTable {
  readonly caption: string
  /** The leading columns that name the row; an empty text repeats the one above. */
  readonly keyColumns: number
  /** Over the columns after the keys; empty where there is only one group. */
  readonly groups: readonly ColumnGroup[]
  readonly columns: readonly TableColumn[]
  readonly rows: readonly (readonly TableCell[])[]
  /** Sentences; the number of a note is its place, from 1. */
  readonly notes: readonly string[]
  /** Sentences about the table as a whole, printed without a number after the notes. */
  readonly remarks: readonly string[]
}

/** A plain cell. */
export function textCell(text: string, tone: TableCell['tone'] = 'figure'): TableCell {
  return { text, struck: false, notes: [], tone }
}

/** The table without its spare columns and the notes that stood only there; a remark names them. */
export function withoutSpareColumns(table: ReportTable): ReportTable {
  const isKept = (_: unknown, index: number): boolean => table.columns[index]?.spare !== true
  const rows = table.rows.map((row) => row.filter(isKept))
  const used = [...new Set(rows.flatMap((row) => row.flatMap((cell) => cell.notes)))].sort((a, b) => a - b)
  const left = table.columns.filter((column) => column.spare === true).map(({ label }) => label)
  return {
    ...table,
    columns: table.columns.filter(isKept),
    rows: rows.map((row) => row.map((cell) => ({ ...cell, notes: cell.notes.map((note) => used.indexOf(note) + 1) }))),
    notes: used.map((note) => table.notes[note - 1] ?? ''),
    remarks: [...table.remarks, `No room here for ${left.join(', ')}: wider terminals and the report files show it.`],
  }
}

/** Notes of one table while it is made: the same sentence gets the same number. */
export class NoteList {
  readonly sentences: string[] = []

  /** @returns the number of the note, from 1. */
  number(sentence: string): number {
    const known = this.sentences.indexOf(sentence)
    if (known >= 0) return known + 1
    return this.sentences.push(sentence)
  }

  /** `n/a`, with the reason as a note. */
  missing(why: string): TableCell {
    return { text: 'n/a', struck: false, notes: [this.number(why)], tone: 'missing' }
  }
}
