/** A row of a manifest as the file has it. */
export interface ScannedRow {
  cells: string[];
  /** Whether the file ends inside of a quoted cell. */
  isOpen?: boolean;
}

/**
 * Finds the cells of a text as pandas does: rows end with any usual line end, blank lines are skipped, a cell that begins with a
 * quote goes on to the next single quote, and other quotes are characters like any other.
 */
export class ManifestScanner {
  #separator: string | undefined;
  #rest = '';
  /** Where the search for the end of a quoted cell goes on, so that a long cell takes linear time. */
  #scanAt = 0;

  /** `,` or a TAB: the first line tells which. */
  get separator(): string {
    return this.#separator ?? ',';
  }

  /** Takes more text; returns the rows that are complete. */
  push(text: string): ScannedRow[] {
    this.#rest += text;
    if (this.#rest.length < this.#scanAt) return [];
    return this.#scan(false);
  }

  /** Returns the last rows. */
  end(): ScannedRow[] {
    return this.#scan(true);
  }

  #scan(isEnd: boolean): ScannedRow[] {
    const text = this.#rest;
    const rows: ScannedRow[] = [];
    let start = 0;
    if (this.#separator === undefined) {
      const line = firstLine(text, isEnd);
      if (line === undefined) {
        // A first line without an end is searched again only when the text has doubled.
        this.#scanAt = 2 * text.length;
        return [];
      }
      this.#separator = line.includes('\t') ? '\t' : ',';
    }
    while (start < text.length) {
      if (isLineEnd(text, start)) {
        start += 1;
        continue;
      }
      const found = readRow(text, start, this.#separator, isEnd);
      if (found === undefined) break;
      start = found.next;
      if (!isBlankLine(found.row)) rows.push(found.row);
    }
    this.#rest = text.slice(start);
    // An incomplete row is read again only when the text has doubled.
    this.#scanAt = 2 * this.#rest.length;
    return rows;
  }
}

function cellEnd(text: string, from: number, separatorCode: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== separatorCode && !isLineEnd(text, at)) at += 1;
  return at;
}

function isLineEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || code === 13;
}

/** The first line that is not blank; `undefined` when its end has not arrived. */
function firstLine(text: string, isEnd: boolean): string | undefined {
  const line = text.trimStart();
  const end = line.search(/[\r\n]/);
  if (end < 0) return isEnd ? line : undefined;
  return line.slice(0, end);
}

function isBlankLine({ cells }: ScannedRow): boolean {
  return cells.length === 1 && (cells[0] ?? '').trim() === '';
}

/** @returns `undefined` when the row is not complete */
function readRow(
  text: string,
  start: number,
  separator: string,
  isEnd: boolean,
): { row: ScannedRow; next: number } | undefined {
  const separatorCode = separator.charCodeAt(0);
  const cells: string[] = [];
  let at = start;
  for (;;) {
    let cell = '';
    if (text.charAt(at) === '"') {
      const quotedCell = readQuoted(text, at, isEnd);
      if (quotedCell === undefined) return undefined;
      cell = quotedCell.cell;
      at = quotedCell.next;
      if (quotedCell.isOpen) return { row: { cells: [...cells, cell], isOpen: true }, next: at };
    }
    const end = cellEnd(text, at, separatorCode);
    // What follows a quoted cell belongs to it.
    cell += text.slice(at, end);
    cells.push(cell);
    if (end >= text.length) return isEnd ? { row: { cells }, next: end } : undefined;
    const character = text.charAt(end);
    if (character === separator) {
      at = end + 1;
      continue;
    }
    if (character === '\r' && end + 1 >= text.length && !isEnd) return undefined;
    return { row: { cells }, next: text.startsWith('\r\n', end) ? end + 2 : end + 1 };
  }
}

interface QuotedCell {
  cell: string;
  next: number;
  isOpen?: boolean;
}

function readQuoted(text: string, start: number, isEnd: boolean): QuotedCell | undefined {
  let from = start + 1;
  let cell = '';
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) {
      if (!isEnd) return undefined;
      return { cell: cell + text.slice(from), next: text.length, isOpen: true };
    }
    if (quote + 1 >= text.length && !isEnd) return undefined;
    cell += text.slice(from, quote);
    if (text.charAt(quote + 1) !== '"') return { cell, next: quote + 1 };
    cell += '"';
    from = quote + 2;
  }
}
