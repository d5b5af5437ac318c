import type { World } from '../world.js';
import { forms, mayReadForm } from './formRecords.js';

/** Registers the data files of forms. */
export function registerForms(world: World): void {
  world.files.defineAssociation('FormData', (caller, objectId, fileHandleId) => {
    const form = forms(world).get(objectId);
    return form?.dataFileHandleId === fileHandleId && mayReadForm(world, caller, form);
  });
}
