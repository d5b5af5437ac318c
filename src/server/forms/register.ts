import type { World } from '../world.js';
import { forms, mayReview } from './formRecords.js';

/** Registers the data files of forms. */
export function registerForms(world: World): void {
  world.files.defineAssociation('FormData', (caller, objectId, fileHandleId) => {
    const form = forms(world).get(objectId);
    return form?.dataFileHandleId === fileHandleId && mayReview(world, caller, form);
  });
}
