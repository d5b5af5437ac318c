import { basename } from 'node:path';
import { isEntityName, safeEntityName, trimName } from '../../entities/entityName.js';
import { quoted } from '../../values/quoted.js';
import { guessFileName, isUrl } from '../../values/urls.js';
import type { ManifestRow } from './manifestRow.js';
import { formColumns } from './manifestColumns.js';
import type { Findings } from './findings.js';

/** Gives each row its name in Synapse, and checks that no two rows have the same path, name in a folder, or id. */
export function checkNames(
  rows: readonly ManifestRow[],
  findings: Findings,
  { safeNames = false }: { safeNames?: boolean },
): void {
  const paths = new Map<string, ManifestRow>();
  const ids = new Map<string, ManifestRow>();
  const targets = new Targets(findings);
  for (const row of rows) {
    const other = paths.get(row.path);
    const hasName = nameRow(row, findings, safeNames);
    const byId = row.id === undefined ? undefined : ids.get(row.id);
    if (other !== undefined) {
      findings.problem(row, 'path', row.path, `row ${other.row} has the same path`);
      continue;
    }
    paths.set(row.path, row);
    if (byId !== undefined) {
      const { id } = formColumns[findings.form];
      findings.problem(row, id, row.id, `row ${byId.row} has the same id`);
      continue;
    }
    if (row.id !== undefined) ids.set(row.id, row);
    if (hasName) targets.add(row);
  }
}

/** @returns whether Synapse accepts the name */
function nameRow(row: ManifestRow, findings: Findings, safeNames: boolean): boolean {
  const column = row.name === undefined ? 'path' : 'name';
  const name = row.name ?? defaultName(row.path);
  if (name === undefined) {
    findings.problem(row, 'name', '', `the URL has no file name: give one in the column name`);
    return false;
  }
  row.name = safeNames ? safeEntityName(name) : trimName(name);
  if (isEntityName(row.name)) return true;
  const value = column === 'path' ? row.path : name;
  findings.problem(
    row,
    column,
    value,
    `Synapse does not accept the name ${quoted(name)}: names have at most 256 letters (a to z), digits, spaces and ,_.-+()'. ` +
      'Give another one in the column name, or ask for safe names (safeNames, --safe-names)',
  );
  return false;
}

function defaultName(path: string): string | undefined {
  if (!isUrl(path)) return basename(path);
  try {
    return guessFileName(path);
  } catch {
    return undefined;
  }
}

/** The names in the folders of Synapse. */
class Targets {
  readonly #findings: Findings;
  readonly #exact = new Map<string, ManifestRow>();
  readonly #folded = new Map<string, ManifestRow>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  add(row: ManifestRow): void {
    const { parentId, name = '' } = row;
    const key = `${parentId}/${name}`;
    const same = this.#exact.get(key);
    if (same !== undefined) {
      const message = `row ${same.row} has the same name, ${quoted(name)}, in ${parentId}`;
      this.#findings.problem(row, 'name', name, message);
      return;
    }
    this.#exact.set(key, row);
    const folded = key.toLowerCase();
    const similar = this.#folded.get(folded);
    if (similar === undefined) this.#folded.set(folded, row);
    else {
      const message = `the name differs from ${quoted(similar.name)} of row ${similar.row} in upper and lower case only: Synapse has both, but some file systems have one`;
      this.#findings.warning(row, 'name', name, message);
    }
  }
}
