import { isAbsolute, relative } from 'node:path';
import type { Context } from '../../context.js';
import { findLocalFile } from '../../entities/findEntity.js';
import { NotFoundError } from '../../errors.js';
import { lookIfThere } from '../../files/look.js';
import type { CommonOptions } from '../../options.js';
import { runPool } from '../../transfer/pool.js';
import { isSynapseId } from '../../values/ids.js';
import { quoted } from '../../values/quoted.js';
import { isUrl } from '../../values/urls.js';
import { filesAtOnce } from '../filesAtOnce.js';
import type { Findings } from './findings.js';
import type { ManifestRow } from './manifestRow.js';
import { provenanceOrder } from './provenanceOrder.js';

const columns = ['used', 'executed'] as const;

/**
 * Replaces local files that are not in the manifest by the entities that have their content, and checks that no file uses itself.
 *
 * @param paths - All local paths of the manifest.
 */
export async function checkProvenance(
  ctx: Context,
  rows: readonly ManifestRow[],
  paths: ReadonlySet<string>,
  findings: Findings,
  { signal }: CommonOptions,
): Promise<void> {
  const isElsewhere = (item: string): boolean =>
    !paths.has(item) && !isSynapseId(item) && !isUrl(item);
  const elsewhere = new Set<string>();
  for (const { used, executed } of rows) {
    for (const item of [...used, ...executed]) if (isElsewhere(item)) elsewhere.add(item);
  }
  const found = new Map<string, Found>();
  await runPool(elsewhere, { limit: filesAtOnce, signal }, async (path) => {
    found.set(path, await findFile(ctx, path, signal));
  });
  for (const row of rows) {
    for (const column of columns) {
      row[column] = row[column].map((item) => {
        const { id, problem } = found.get(item) ?? {};
        if (problem !== undefined) findings.problem(row, column, asWritten(item), problem);
        return id ?? item;
      });
    }
  }
  reportCycles(rows, findings);
}

interface Found {
  id?: string;
  problem?: string;
}

/** A relative path was made absolute when it was read. A word that is no path should not look like one. */
function asWritten(path: string): string {
  const below = relative('.', path);
  return below.startsWith('..') || isAbsolute(below) ? path : below;
}

async function findFile(ctx: Context, path: string, signal?: AbortSignal): Promise<Found> {
  const look = await lookIfThere(path);
  if (look?.kind !== 'file') {
    return { problem: `${quoted(asWritten(path))} is not an existing file, a URL or a Synapse id` };
  }
  try {
    const { id, versionNumber } = await findLocalFile(ctx, path, { signal });
    return { id: versionNumber === undefined ? id : `${id}.${versionNumber}` };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof NotFoundError) {
      return {
        problem: `${quoted(asWritten(path))} is not in the manifest, and Synapse has no file with its content`,
      };
    }
    return { problem: (error as Error).message };
  }
}

function reportCycles(rows: readonly ManifestRow[], findings: Findings): void {
  for (const cycle of provenanceOrder(rows).cycles) {
    const [first] = cycle;
    if (first === undefined) continue;
    const next = (cycle[1] ?? first).path;
    const column = first.used.includes(next) ? 'used' : 'executed';
    const names = [...cycle, first].map(({ path }) => path);
    findings.problem(first, column, next, `the files use each other in a circle: ${shown(names)}`);
  }
}

const mostShown = 10;

function shown(names: readonly string[]): string {
  if (names.length <= mostShown) return names.join(' -> ');
  const left = names.length - mostShown;
  return [...names.slice(0, mostShown - 1), `(${left} more)`, names.at(-1)].join(' -> ');
}
