import { createHash } from 'node:crypto';
import { ArgumentError } from '../../errors.js';
import type { PlanProblem } from '../plan/planData.js';
import type { ManifestForm, ManifestRow } from './manifestRow.js';
import { readManifest } from './readManifest.js';
import { openManifest, type WrittenManifest } from './writeManifest.js';

/** Options of {@link mergeManifests}. */
export interface MergeManifestsOptions {
  signal?: AbortSignal;
}

/** Problems that the message of an error lists. */
const mostListed = 20;

/**
 * Joins manifests of one form, such as the parts that the shards of a download have written. The columns of annotations are those
 * of all parts. A row that is in several parts is written once. The manifest appears at its path in one step.
 *
 * @param parts - Paths, in the order of their rows.
 * @throws {@link ArgumentError} when two parts say different things of one path, the forms differ, or a part has problems: all
 * are named.
 */
export async function mergeManifests(
  parts: readonly string[],
  path: string,
  { signal }: MergeManifestsOptions = {},
): Promise<WrittenManifest> {
  const problems: string[] = [];
  const seen = new Map<string, { part: string; row: number; hash: string }>();
  const form = await commonForm(parts, signal);
  const manifest = openManifest(path, form, { signal });
  try {
    for (const part of parts) {
      for await (const event of readManifest(part, { signal })) {
        problems.push(...event.problems.map((problem) => problemLine(part, problem)));
        const row = event.row ?? event.skipped;
        if (row === undefined) continue;
        const hash = hashOf(row);
        // Without a path, a row is the note of a failed download.
        const other = row.path === '' ? undefined : seen.get(row.path);
        if (other === undefined) {
          if (row.path !== '') seen.set(row.path, { part, row: event.number, hash });
          await manifest.add(row);
        } else if (other.hash !== hash) {
          problems.push(
            `${part}, row ${event.number}: row ${other.row} of ${other.part} has the same path with other cells: ${row.path}`,
          );
        }
      }
    }
    if (problems.length > 0) throw new ArgumentError(listed(problems));
    return await manifest.end();
  } finally {
    await manifest.abort();
  }
}

async function commonForm(
  parts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ManifestForm> {
  const [first] = parts;
  if (first === undefined) throw new ArgumentError('There are no manifests to join.');
  const form = await formOf(first, signal);
  for (const part of parts.slice(1)) {
    const other = await formOf(part, signal);
    if (other === form) continue;
    throw new ArgumentError(
      `${first} has the form ${form}, ${part} has the form ${other}: only manifests of one form can be joined.`,
    );
  }
  return form;
}

async function formOf(part: string, signal: AbortSignal | undefined): Promise<ManifestForm> {
  for await (const { form } of readManifest(part, { signal })) return form;
  return 'csv';
}

/** Of what the cells say, not how they say it. */
function hashOf(row: ManifestRow): string {
  const annotations = Object.entries(row.annotations).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify({ ...row, row: 0, annotations });
  return createHash('sha1').update(text).digest('base64');
}

function problemLine(part: string, { row, column, message }: PlanProblem): string {
  const where = [part, row === 0 ? 'header' : `row ${row ?? '?'}`, column && `column ${column}`];
  return `${where.filter(Boolean).join(', ')}: ${message}`;
}

function listed(problems: readonly string[]): string {
  const more = problems.length - mostListed;
  const lines = problems.slice(0, mostListed).join('\n');
  return `The manifests cannot be joined:\n${lines}${more > 0 ? `\n... and ${more} more problems` : ''}`;
}
