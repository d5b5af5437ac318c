import type * as M from '../../generated/models.js';
import {
  ArgumentError,
  AuthorizationError,
  NotFoundError,
  PreconditionFailedError,
} from '../errors.js';
import { withoutOldVersion } from '../entities/writeEntity.js';
import { getProvenance } from '../provenance/getProvenance.js';
import { isRefusal } from './copyOnce.js';
import type { IndexRow } from './indexRows.js';
import { judgeHandle } from './judgeHandle.js';
import type { PendingEntity } from './migrationIndex.js';
import { failed, itemName, itemOf, migrated, type MigrateRun } from './migrateRun.js';
import { readFileVersion, type FileVersion } from './readFileVersion.js';

/** How often a file may change while it is migrated. */
const maximumChanges = 5;

/** Migrates the versions of a file that are to be migrated, one after the other. */
export async function migrateFile(
  run: MigrateRun,
  file: PendingEntity,
  signal: AbortSignal,
): Promise<void> {
  let changes = 0;
  for (let last = 0; ;) {
    const row = run.index.nextVersion(file.id, last);
    if (row === undefined) return;
    last = row.rowNumber;
    try {
      const outcome = await migrateVersion(run, row, signal);
      if (outcome === 'migrated') continue;
      if (outcome === 'gone') {
        run.index.replace(row, undefined, { ...itemOf(row), reason: gone });
        continue;
      }
      // What is known of the file is replaced by what it has now; that row comes later.
      changes += 1;
      if (changes > maximumChanges) throw restless(row);
      const { row: next, leftOut } = judgeHandle(outcome.handle, row, run.settings);
      run.index.replace(row, next, leftOut);
    } catch (error) {
      signal.throwIfAborted();
      failed(run, [row], error);
    }
  }
}

const gone = 'It has been deleted since it was indexed.';

/** What became of a version. One that has other content than the index says, or whose size is not known, is returned. */
type Outcome = FileVersion | 'gone' | 'migrated';

async function readNow(
  { ctx }: MigrateRun,
  { id, version }: IndexRow,
  signal: AbortSignal,
): Promise<FileVersion | undefined> {
  try {
    return await readFileVersion(ctx, { id, version: version ?? undefined }, { signal });
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

async function migrateVersion(
  run: MigrateRun,
  row: IndexRow,
  signal: AbortSignal,
): Promise<Outcome> {
  const { id, version, fromFileHandleId: oldFileHandleId } = row;
  if (version === null) return createVersion(run, row, signal);
  if (row.size === null || oldFileHandleId === null) {
    return (await readNow(run, row, signal)) ?? 'gone';
  }
  let newFileHandleId: string | undefined;
  try {
    newFileHandleId = await run.copies.of(row, signal);
    const body = { oldFileHandleId, newFileHandleId };
    const { entity } = run.ctx.services;
    await entity.updateEntityVersionFileHandle({ id, versionNumber: version, body }, { signal });
  } catch (error) {
    if (!isRefusal(error) && !(error instanceof PreconditionFailedError)) throw error;
    // An earlier request was applied, or the version has other content now, or is deleted; or it is not allowed.
    const now = await readNow(run, row, signal);
    if (now === undefined) return 'gone';
    if (now.handle.id === oldFileHandleId) throw error;
    if (now.handle.id !== newFileHandleId) return now;
  }
  migrated(run, row, newFileHandleId ?? '');
  return 'migrated';
}

/** Creates a version with the copy, unless an earlier run has done it. */
async function createVersion(
  run: MigrateRun,
  row: IndexRow,
  signal: AbortSignal,
): Promise<Outcome> {
  const { copies } = run;
  for (let changes = 0; ; changes += 1) {
    const now = await readNow(run, row, signal);
    if (now === undefined) return 'gone';
    const known = copies.known(row);
    if (known !== undefined && now.handle.id === known) {
      migrated(run, row, known);
      return 'migrated';
    }
    if (now.handle.id !== row.fromFileHandleId || row.size === null) return now;
    const copy = await copies.of(row, signal);
    try {
      await writeVersion(run, now.entity, copy, signal);
      migrated(run, row, copy);
      return 'migrated';
    } catch (error) {
      if (!(error instanceof PreconditionFailedError) || changes === maximumChanges) throw error;
    }
  }
}

/** The new version has the provenance of the one that it is a copy of. */
async function writeVersion(
  { ctx }: MigrateRun,
  entity: M.Entity,
  dataFileHandleId: string,
  signal: AbortSignal,
): Promise<void> {
  const id = entity.id ?? '';
  const body = withoutOldVersion(entity, { ...entity, dataFileHandleId } as M.Entity);
  const write = (generatedBy: string | undefined): Promise<M.Entity> =>
    ctx.services.entity.updateEntity({ id, body, newVersion: true, generatedBy }, { signal });
  const activity = await getProvenance(ctx, id, { signal });
  try {
    await write(activity?.id);
  } catch (error) {
    if (activity === undefined || !(error instanceof AuthorizationError)) throw error;
    await write(undefined);
    ctx.log(
      `The new version of ${id} has no provenance: another user has created that of the version before, ` +
        'and Synapse lets only that user connect it with the new one.',
    );
  }
}

/** The error for a file that is never the same as when it was indexed. */
export function restless(row: IndexRow): ArgumentError {
  return new ArgumentError(
    `The content of ${itemName(row)} changes again and again: it is not migrated. Run the migration again when it does not change any more.`,
  );
}
