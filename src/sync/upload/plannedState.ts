import type { Found } from './readFound.js';
import type { UploadItem } from './uploadItem.js';

/** What a plan read for an item. `undefined` as the entity means that it does not exist. */
export interface PlannedState {
  found: Found | undefined;
}

// Not in the items, which are JSON. An item that was read from JSON has no state, and is compared again.
const states = new WeakMap<UploadItem, PlannedState>();

/** Keeps what was read for an item, so that applying it does not read it again. */
export function keepPlannedState(item: UploadItem, found: Found | undefined): void {
  states.set(item, { found });
}

/** What was read for an item, if its plan was made by this process and the item was not applied since. */
export function plannedState(item: UploadItem): PlannedState | undefined {
  return states.get(item);
}

/** Forgets what was read for an item, because it has been changed. */
export function forgetPlannedState(item: UploadItem): void {
  states.delete(item);
}
