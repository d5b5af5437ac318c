import type * as M from '../../../generated/models.js';
import { expandPath } from '../../files/expandPath.js';
import { parseBoolean } from '../../values/manifestValues.js';
import { quoted } from '../../values/quoted.js';
import { strip } from '../../values/whitespace.js';
import type { PlanProblem } from '../plan/planData.js';
import { cellOfAnnotations } from './cellOfAnnotations.js';
import { factColumns, formColumns, isAnnotationColumn } from './manifestColumns.js';
import type { ManifestEntry, ManifestForm } from './manifestRow.js';
import { isMissing, isNumeric } from './pandasCells.js';
import { RowSpool } from './rowSpool.js';

/** A row, as the spool keeps it: the cells by column. */
type Cells = Record<string, string>;

/** What the annotations of a key have in common. */
interface KeyUse {
  rows: number;
  /** Whether pandas would read a number in this column as a double, as far as the values tell. */
  hasDouble: boolean;
}

/** How {@link ManifestText} writes. */
export interface TextOptions {
  /** Columns for annotations that come first, in this order, also when no row has them. */
  annotationKeys?: readonly string[];
  /** Whether the columns of the Python client are there although they are blank, as in manifests of downloads. @default 'all' */
  columns?: 'all' | 'needed';
}

/** The text of a manifest. Rows are added one by one; the text follows, because any row can bring a new column. */
export class ManifestText {
  readonly problems: PlanProblem[] = [];
  readonly #form: ManifestForm;
  readonly #spool = new RowSpool<Cells>();
  readonly #keys = new Map<string, KeyUse>();
  /** The columns in which some row has a cell. */
  readonly #used = new Set<string>();
  readonly #columns: 'all' | 'needed';
  #rows = 0;

  constructor(form: ManifestForm, { annotationKeys = [], columns = 'all' }: TextOptions = {}) {
    this.#form = form;
    this.#columns = columns;
    for (const key of annotationKeys) this.#keys.set(key, { rows: 0, hasDouble: false });
  }

  get rows(): number {
    return this.#rows;
  }

  async add(entry: ManifestEntry): Promise<void> {
    this.#rows += 1;
    const { parentId, id } = formColumns[this.#form];
    const note = (column: string, value: string | undefined, message: string): void => {
      this.problems.push({ path: entry.path, row: this.#rows, column, value, message });
    };
    this.#checkPath(entry, note);
    const cells: [string, string][] = [
      ['path', entry.path],
      [parentId, entry.parentId],
      ['name', readable('name', entry.name, note)],
      [id, entry.id ?? ''],
      ['synapseStore', this.#synapseStore(entry)],
      ['contentType', readable('contentType', entry.contentType, note)],
      ['used', itemsCell('used', entry.used ?? [], note)],
      ['executed', itemsCell('executed', entry.executed ?? [], note)],
      ['activityName', readable('activityName', entry.activityName, note)],
      ['activityDescription', readable('activityDescription', entry.activityDescription, note)],
      ...this.#annotationCells(entry.annotations ?? {}, note),
      ...this.#factCells(entry),
    ];
    if (entry.forceVersion === false) cells.push(['forceVersion', 'False']);
    const filled = cells.filter(([, cell]) => cell !== '');
    for (const [column] of filled) this.#used.add(column);
    await this.#spool.add(Object.fromEntries(filled));
  }

  #synapseStore({ synapseStore = true }: ManifestEntry): string {
    if (!synapseStore) return 'False';
    return this.#columns === 'all' ? 'True' : '';
  }

  /** The text, in pieces. */
  async *text(): AsyncGenerator<string> {
    const { parentId, id } = formColumns[this.#form];
    const always = ['path', parentId];
    const usual = ['name', id, 'synapseStore', 'contentType', ...provenanceColumns];
    const columns = [
      ...always,
      ...(this.#columns === 'all' ? usual : usual.filter((column) => this.#used.has(column))),
      ...['forceVersion', ...factColumns].filter((column) => this.#used.has(column)),
      ...this.#keys.keys(),
    ];
    yield this.#line(columns);
    for await (const cells of this.#spool.rows()) {
      yield this.#line(
        columns.map((column) => {
          const cell = Object.hasOwn(cells, column) ? (cells[column] ?? '') : '';
          const use = this.#keys.get(column);
          return use !== undefined && this.#isRounded(cell, use) ? `[${cell}]` : cell;
        }),
      );
    }
  }

  /** Removes what is kept of the rows. */
  async end(): Promise<void> {
    await this.#spool.remove();
  }

  #line(cells: readonly string[]): string {
    return `${cells.map((cell) => csvCell(cell, this.#form)).join(separators[this.#form])}\r\n`;
  }

  /** Whether pandas would read a number in another way, because of the other cells of the column. */
  #isRounded(cell: string, { rows, hasDouble }: KeyUse): boolean {
    if (/^-?\d+$/.test(cell)) return rows < this.#rows || hasDouble;
    return isNumeric(cell) && !exactInPandas.test(cell);
  }

  #checkPath({ path, name = '' }: ManifestEntry, note: Note): void {
    if (expandPath(path) !== path) {
      note('path', path, 'the path has a variable or ~, which readers of the manifest replace');
    } else if (path === '') {
      note('path', path, `there is no local file of ${quoted(name)}: the row cannot be uploaded`);
    }
  }

  #annotationCells(
    annotations: Readonly<Record<string, M.AnnotationsValue>>,
    note: Note,
  ): [string, string][] {
    const cells: [string, string][] = [];
    for (const [key, value] of Object.entries(annotations)) {
      if (!isAnnotationColumn(key, this.#form)) {
        note(
          key,
          undefined,
          'the annotation has the name of a column of manifests: it is left out',
        );
        continue;
      }
      const use = this.#keys.get(key) ?? { rows: 0, hasDouble: false };
      this.#keys.set(key, use);
      try {
        const cell = cellOfAnnotations(value);
        if (cell === '') {
          note(key, '', 'the annotation has no values: a blank cell is no annotation');
          continue;
        }
        use.rows += 1;
        use.hasDouble ||= value.type === 'DOUBLE' && isNumeric(cell);
        cells.push([key, cell]);
      } catch (error) {
        note(key, value.value.join(', ').slice(0, 300), (error as Error).message);
      }
    }
    return cells;
  }

  #factCells({ facts = {} }: ManifestEntry): [string, string][] {
    if (!formColumns[this.#form].hasFacts) return [];
    return factColumns.flatMap((column): [string, string][] => {
      const fact = facts[column];
      return fact === undefined ? [] : [[column, String(fact)]];
    });
  }
}

const provenanceColumns = ['used', 'executed', 'activityName', 'activityDescription'];

/** Numbers with at most 15 digits. */
const exactInPandas = /^-?(?=[\d.]{1,16}$)\d+\.\d+$/;

type Note = (column: string, value: string | undefined, message: string) => void;

const separators: Readonly<Record<ManifestForm, string>> = { csv: ',', tsv: '\t' };

/** The cell of a text that is no annotation, and so has no notation for texts that look like something else. */
function readable(column: string, text: string | undefined, note: Note): string {
  if (text === undefined || text === '') return '';
  if (isMissing(text) || strip(text) === '') {
    note(column, text, `${quoted(text)} counts as a blank cell when it is read`);
  } else if (isNumeric(text) || parseBoolean(text) !== undefined) {
    note(
      column,
      text,
      `the Python client may read ${quoted(text)} as a number or a boolean, not as a text`,
    );
  }
  return text;
}

function itemsCell(column: string, items: readonly string[], note: Note): string {
  const kept = items.filter((item) => {
    const isKept = item.trim() === item && item !== '' && !item.includes(';');
    if (!isKept) {
      note(
        column,
        item,
        'an item with ; or with blanks at its ends cannot be in a manifest: it is left out',
      );
    }
    return isKept;
  });
  return kept.join(';');
}

/** Quotes a cell as the Python client does: only when it is needed. */
function csvCell(text: string, form: ManifestForm): string {
  const isPlain =
    form === 'csv' ? !/[",\r\n]/.test(text) : !/[\t\r\n]/.test(text) && !text.startsWith('"');
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}
