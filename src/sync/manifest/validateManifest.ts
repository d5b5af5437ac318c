import type { Context } from '../../context.js';
import { isUrl } from '../../values/urls.js';
import { runPool } from '../../transfer/pool.js';
import type { PlanProblem } from '../plan/planData.js';
import { checkEntities, type CheckEntitiesOptions } from './checkEntities.js';
import { localFileProblem } from './checkLocal.js';
import { checkNames } from './checkNames.js';
import { checkProvenance } from './checkProvenance.js';
import { Findings } from './findings.js';
import type { ManifestForm, ManifestRow } from './manifestRow.js';
import { readManifest, type ReadManifestOptions } from './readManifest.js';

/** What {@link validateManifest} checks. */
export interface ValidateManifestOptions extends CheckEntitiesOptions, ReadManifestOptions {
  /** Whether names that Synapse does not accept are replaced by similar ones. @default false */
  safeNames?: boolean;
}

/** A manifest that was checked. */
export interface ValidManifest {
  form: ManifestForm;
  /**
   * The rows without problems of their own, in the order of the file, each with its name in Synapse. In `used` and `executed`, a
   * local path is that of another row; a file that only Synapse has is replaced by its id and version.
   */
  rows: ManifestRow[];
  /** Everything that is wrong, by row. Nothing should be stored while there is any. */
  problems: PlanProblem[];
  /** What is unusual, but prevents nothing. */
  warnings: PlanProblem[];
}

/** Files that are looked at together. */
const lookAhead = 64;

/**
 * Checks a whole manifest and changes nothing: the columns, the cells, the local files, the names, the parents, the ids, the
 * provenance. Goes on after a problem, so that all are found at once.
 *
 * @param source - The path of the manifest, or its bytes.
 * @throws {@link FileSystemError} when the manifest cannot be read.
 * @throws {@link AuthenticationError} when the caller is not logged in.
 */
export async function validateManifest(
  ctx: Context,
  source: string | AsyncIterable<Uint8Array>,
  options: ValidateManifestOptions = {},
): Promise<ValidManifest> {
  const rows: ManifestRow[] = [];
  let findings: Findings | undefined;
  const paths = new Set<string>();
  for await (const { form, row, path, problems, warnings } of readManifest(source, options)) {
    findings ??= new Findings(form);
    findings.problems.push(...problems);
    findings.warnings.push(...warnings);
    if (path !== undefined) paths.add(path);
    if (row) rows.push(row);
  }
  findings ??= new Findings(options.form ?? 'csv');
  await checkPaths(rows, findings, options.signal);
  checkNames(rows, findings, options);
  await checkProvenance(ctx, rows, paths, findings, options);
  await checkEntities(ctx, rows, findings, options);
  const { form, problems, warnings } = findings;
  const byRow = (a: PlanProblem, b: PlanProblem): number => (a.row ?? 0) - (b.row ?? 0);
  problems.sort(byRow);
  warnings.sort(byRow);
  const bad = new Set(problems.map(({ row }) => row));
  return { form, rows: rows.filter(({ row }) => !bad.has(row)), problems, warnings };
}

async function checkPaths(
  rows: readonly ManifestRow[],
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<void> {
  await runPool(rows, { limit: lookAhead, signal }, async (row) => {
    if (isUrl(row.path)) return;
    const problem = await localFileProblem(row.path);
    if (problem !== undefined) findings.problem(row, 'path', row.path, problem);
  });
}
