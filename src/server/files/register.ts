import type { World } from '../world.js';
import { defineFileEntities } from './downloads.js';
import { registerPreviews } from './previews.js';
import { watchEntities } from './projectSettings.js';
import { restoreHandles } from './restoreHandles.js';

/** Registers how entities refer to files, previews, the rules of project settings, and the restore job. */
export function registerFiles(world: World): void {
  defineFileEntities(world);
  watchEntities(world);
  registerPreviews(world);
  world.jobs.define(
    'org.sagebionetworks.repo.model.file.FileHandleRestoreRequest',
    (request, { caller }) => restoreHandles(world, caller, request),
  );
}
