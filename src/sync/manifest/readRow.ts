import { resolve } from 'node:path';
import type * as M from '../../../generated/models.js';
import { trimName } from '../../entities/entityName.js';
import { expandPath } from '../../files/expandPath.js';
import { isSynapseId } from '../../values/ids.js';
import { parseBoolean } from '../../values/manifestValues.js';
import { quoted } from '../../values/quoted.js';
import { isUrl } from '../../values/urls.js';
import { strip } from '../../values/whitespace.js';
import type { PlanProblem } from '../plan/planData.js';
import { annotationCountProblem } from './annotationLimits.js';
import { annotationsOfCell } from './annotationsOfCell.js';
import { factColumns, formColumns } from './manifestColumns.js';
import type { ManifestFacts, ManifestRow } from './manifestRow.js';
import type { ScannedRow } from './manifestScanner.js';
import { isMissing } from './pandasCells.js';
import type { ManifestHeader } from './readHeader.js';
import type { ManifestEvent } from './manifestEvent.js';

/**
 * Reads one row of a manifest.
 *
 * @returns `undefined` for a row of blank cells.
 */
export function readRow(
  header: ManifestHeader,
  number: number,
  scanned: ScannedRow,
): ManifestEvent | undefined {
  if (scanned.cells.every((cell) => strip(cell) === '') && !scanned.isOpen) return undefined;
  return new RowReader(header, number, scanned).read();
}

class RowReader {
  readonly #header: ManifestHeader;
  readonly #cells: readonly string[];
  readonly #isOpen: boolean;
  readonly #event: ManifestEvent;

  constructor(header: ManifestHeader, number: number, { cells, isOpen = false }: ScannedRow) {
    this.#header = header;
    this.#cells = cells;
    this.#isOpen = isOpen;
    this.#event = { form: header.form, number, problems: [], warnings: [] };
  }

  read(): ManifestEvent {
    const event = this.#event;
    if (!this.#checkShape()) return event;
    const path = this.#text('path');
    const isLink = isUrl(path);
    if (path !== undefined) event.path = isLink ? path : resolve(expandPath(path));
    const facts = this.#facts();
    if (facts?.error !== undefined) {
      event.skipped = this.#row(facts, isLink, this.#text(this.#parentColumn, strip));
      event.problems = [];
      const message = 'the row is skipped: there is no file, because its download failed';
      event.warnings = [this.#note('error', facts.error, message)];
      return event;
    }
    this.#require('path', 'the local file, or a URL');
    const parentId = this.#require(this.#parentColumn, 'the project or folder');
    const row = this.#row(facts, isLink, parentId);
    if (path !== undefined && parentId !== undefined) event.row = row;
    return event;
  }

  get #parentColumn(): string {
    return formColumns[this.#header.form].parentId;
  }

  #row(facts: ManifestFacts | undefined, isLink: boolean, parentId = ''): ManifestRow {
    return {
      row: this.#event.number,
      path: this.#event.path ?? '',
      parentId: strip(parentId),
      name: this.#text('name', trimName),
      id: this.#text(formColumns[this.#header.form].id, strip),
      synapseStore: this.#boolean('synapseStore', synapseStoreWords) && !isLink,
      contentType: this.#text('contentType', strip),
      forceVersion: this.#boolean('forceVersion', {}),
      used: this.#items('used'),
      executed: this.#items('executed'),
      activityName: this.#text('activityName'),
      activityDescription: this.#text('activityDescription'),
      annotations: this.#annotations(),
      facts,
    };
  }

  /** @returns false when the cells cannot be told apart */
  #checkShape(): boolean {
    const { names } = this.#header;
    if (this.#isOpen) {
      this.#problem(names[this.#cells.length - 1], this.#cells.at(-1), 'a quote is not closed');
      return false;
    }
    const extra = this.#cells.slice(names.length).filter((cell) => strip(cell) !== '');
    if (extra.length > 0) {
      this.#problem(
        undefined,
        extra[0],
        `the row has ${this.#cells.length} cells, the header has ${names.length}: put a cell with a separator or a line break in quotes`,
      );
      return false;
    }
    for (const [index, name] of names.entries()) {
      const cell = this.#cells[index] ?? '';
      if (name === '' && !isMissing(cell))
        this.#problem('', cell, 'the header has no name for this cell');
    }
    return true;
  }

  /** The text of a cell; `undefined` when it is blank. */
  #text(column: string, clean: (text: string) => string = same): string | undefined {
    const index = this.#header.indexes.get(column);
    const cell = index === undefined ? '' : (this.#cells[index] ?? '');
    if (isMissing(cell)) {
      if (cell !== '') this.#warnOfMissing(column, cell);
      return undefined;
    }
    const text = clean(cell);
    return strip(text) === '' ? undefined : text;
  }

  #warnOfMissing(column: string, cell: string): void {
    const isText = this.#header.annotationColumns.includes(column);
    const hint = isText ? `: for that text, write ["${cell}"]` : '';
    const message = `${quoted(cell)} counts as a blank cell, as in the Python client${hint}`;
    this.#event.warnings.push(this.#note(column, cell, message));
  }

  #require(column: string, what: string): string | undefined {
    const text = this.#text(column);
    // A missing column is reported once, with the header.
    if (text === undefined && this.#header.indexes.has(column)) {
      this.#problem(column, '', `the cell is blank: it names ${what}`);
    }
    return text;
  }

  #boolean(column: string, words: Readonly<Record<string, boolean>>): boolean {
    const text = this.#text(column, strip);
    if (text === undefined) return true;
    const value = parseBoolean(text) ?? words[text];
    if (value === undefined) this.#problem(column, text, 'expected true, false or a blank cell');
    return value ?? true;
  }

  #items(column: string): string[] {
    const text = this.#text(column) ?? '';
    const items = text.split(';').map(strip);
    return items.filter((item) => item !== '').map(provenanceItem);
  }

  #annotations(): Record<string, M.AnnotationsValue> {
    const found: [string, M.AnnotationsValue][] = [];
    for (const column of this.#header.annotationColumns) {
      const text = this.#text(column);
      if (text === undefined) continue;
      try {
        const value = annotationsOfCell(text, this.#header.form);
        if (value !== undefined) found.push([column, value]);
      } catch (error) {
        this.#problem(column, text, (error as Error).message);
      }
    }
    const annotations = Object.fromEntries(found);
    const problem = annotationCountProblem(annotations);
    if (problem) this.#problem(problem.column, undefined, problem.message);
    return annotations;
  }

  #facts(): ManifestFacts | undefined {
    if (!formColumns[this.#header.form].hasFacts) return undefined;
    const facts: Record<string, string | number> = {};
    for (const column of factColumns) {
      const text = this.#cells[this.#header.indexes.get(column) ?? -1] ?? '';
      if (isMissing(text)) continue;
      const isNumber = numberColumns.has(column);
      if (!isNumber) facts[column] = text;
      else if (/^\d{1,15}(?:\.0)?$/.test(text)) facts[column] = Number(text);
    }
    return Object.keys(facts).length > 0 ? facts : undefined;
  }

  #problem(column: string | undefined, value: string | undefined, message: string): void {
    this.#event.problems.push(this.#note(column, value, message));
  }

  #note(column: string | undefined, value: string | undefined, message: string): PlanProblem {
    const path = this.#cells[this.#header.indexes.get('path') ?? -1] ?? '';
    return { path, row: this.#event.number, column, value, message };
  }
}

const same = (text: string): string => text;

/** pandas reads numbers in this column as booleans. */
const synapseStoreWords: Readonly<Record<string, boolean>> = {
  '0': false,
  '1': true,
  '0.0': false,
  '1.0': true,
};

const numberColumns: ReadonlySet<string> = new Set(['versionNumber', 'dataFileSizeBytes']);

/** Local paths are made absolute, so that they can be compared with those of other rows. */
function provenanceItem(item: string): string {
  return isSynapseId(item) || isUrl(item) ? item : resolve(expandPath(item));
}
