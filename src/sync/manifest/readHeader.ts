import { strip } from '../../values/whitespace.js';
import type { PlanProblem } from '../plan/planData.js';
import { annotationKeyProblem } from './annotationLimits.js';
import { formColumns, isAnnotationColumn } from './manifestColumns.js';
import type { ManifestForm } from './manifestRow.js';
import type { ScannedRow } from './manifestScanner.js';

/** The columns of a manifest. */
export interface ManifestHeader {
  form: ManifestForm;
  /** The names by index. */
  names: string[];
  /** The index of each column by name. Of two columns of one name, the first. */
  indexes: ReadonlyMap<string, number>;
  /** The columns with annotations whose names can be keys. */
  annotationColumns: string[];
}

/** Reads the header of a manifest. */
export function readHeader(
  { cells, isOpen }: ScannedRow,
  path: string,
  given: ManifestForm | undefined,
): { header: ManifestHeader; problems: PlanProblem[]; warnings: PlanProblem[] } {
  const names = cells.map(strip);
  const form = given ?? formOf(names);
  const problems: PlanProblem[] = [];
  const add = (column: string, message: string): void =>
    void problems.push({ path, row: 0, column, value: column, message });
  if (isOpen) add(names.at(-1) ?? '', 'the header has a quote that is not closed');
  const indexes = new Map<string, number>();
  const reported = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (name === '') continue;
    if (!indexes.has(name)) indexes.set(name, index);
    else if (!reported.has(name)) {
      reported.add(name);
      add(
        name,
        `the header has the column ${JSON.stringify(name)} more than once: keep one of them`,
      );
    }
  }
  const { parentId } = formColumns[form];
  for (const required of ['path', parentId]) {
    if (indexes.has(required)) continue;
    problems.push({
      path,
      row: 0,
      column: required,
      message: missingColumn(required, names, form),
    });
  }
  const annotationColumns: string[] = [];
  for (const name of indexes.keys()) {
    if (!isAnnotationColumn(name, form)) continue;
    const problem = annotationKeyProblem(name);
    if (problem === undefined) annotationColumns.push(name);
    else add(name, problem);
  }
  return { header: { form, names, indexes, annotationColumns }, problems, warnings: [] };
}

/** The column of parents tells the form, whatever the separator. */
function formOf(names: readonly string[]): ManifestForm {
  return names.includes('parent') && !names.includes('parentId') ? 'tsv' : 'csv';
}

function missingColumn(column: string, names: readonly string[], form: ManifestForm): string {
  const similar = names.find((name) => name.toLowerCase() === column.toLowerCase());
  const hint =
    similar === undefined
      ? ''
      : ` The column ${JSON.stringify(similar)} is written in another way.`;
  const which = column === 'path' ? 'the local file' : 'the project or folder';
  const other = form === 'csv' && column === 'parentId' ? ' (or parent)' : '';
  return `the column ${column}${other} is missing, which names ${which} of each row.${hint}`;
}
