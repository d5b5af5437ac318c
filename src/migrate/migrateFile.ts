import type * as M from '../../generated/models.js';
import {
  ArgumentError,
  AuthorizationError,
  NotFoundError,
  PreconditionFailedError,
} from '../errors.js';
import { isRefusal } from './copyOnce.js';
import type { IndexRow } from './indexRows.js';
import { judgeHandle } from './judgeHandle.js';
import type { PendingEntity } from './migrationIndex.js';
import { failed, itemName, migrated, type MigrateRun } from './migrateRun.js';
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
    const [row] = run.index.pendingOf(file, last, 1);
    if (row === undefined) return;
    last = row.rowNumber;
    try {
      // Without a size, or when its content has changed, what is known of the file is read again; that row comes later.
      const changed = await migrateVersion(run, row, signal);
      if (changed === undefined) continue;
      changes += 1;
      if (changes > maximumChanges) throw restless(row);
      const { handle } = changed;
      const { row: next, leftOut } = judgeHandle(handle, row, run.settings);
      run.index.replace(row, next, leftOut);
    } catch (error) {
      signal.throwIfAborted();
      failed(run, [row], error);
    }
  }
}

/** @returns the version, when it has other content than the index says */
async function migrateVersion(
  run: MigrateRun,
  row: IndexRow,
  signal: AbortSignal,
): Promise<FileVersion | undefined> {
  if (row.version === null) return createVersion(run, row, signal);
  const { ctx, copies } = run;
  const { id, version, fromFileHandleId: oldFileHandleId } = row;
  const read = (): Promise<FileVersion> => readFileVersion(ctx, { id, version }, { signal });
  if (row.size === null || oldFileHandleId === null) return read();
  let newFileHandleId: string;
  try {
    newFileHandleId = await copies.of(row, signal);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const now = await read();
    if (now.handle.id === oldFileHandleId) throw error;
    return now;
  }
  const body = { oldFileHandleId, newFileHandleId };
  try {
    const { entity } = ctx.services;
    await entity.updateEntityVersionFileHandle({ id, versionNumber: version, body }, { signal });
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    // An earlier request was applied, or the version has other content now, or the copy is not the same.
    const now = await read();
    if (now.handle.id === oldFileHandleId) throw error;
    if (now.handle.id !== newFileHandleId) return now;
  }
  migrated(run, row, newFileHandleId);
  return undefined;
}

/** Creates a version with the copy, unless an earlier run has done it. */
async function createVersion(
  run: MigrateRun,
  row: IndexRow,
  signal: AbortSignal,
): Promise<FileVersion | undefined> {
  const { ctx, copies } = run;
  const { id, fromFileHandleId } = row;
  for (let changes = 0; ; changes += 1) {
    const now = await readFileVersion(ctx, { id }, { signal });
    const known = copies.known(row);
    if (known !== undefined && now.handle.id === known) {
      migrated(run, row, known);
      return undefined;
    }
    if (now.handle.id !== fromFileHandleId || row.size === null) return now;
    const copy = await copies.of(row, signal);
    try {
      await writeVersion(run, now.entity, copy, signal);
      migrated(run, row, copy);
      return undefined;
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
  // Label and comment belong to the old version: without a label, Synapse takes the new version's number.
  const members = Object.entries({ ...entity, dataFileHandleId }).filter(
    ([name]) => name !== 'versionLabel' && name !== 'versionComment',
  );
  const body = Object.fromEntries(members) as unknown as M.Entity;
  const write = (generatedBy: string | undefined): Promise<M.Entity> =>
    ctx.services.entity.updateEntity({ id, body, newVersion: true, generatedBy }, { signal });
  const activity = await ctx.services.entity
    .getEntityActivity({ id }, { signal })
    .catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
    });
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

function restless(row: IndexRow): ArgumentError {
  return new ArgumentError(
    `The content of ${itemName(row)} changes again and again: it is not migrated. Run the migration again when it does not change any more.`,
  );
}
