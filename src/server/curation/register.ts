import type { World } from '../world.js';
import { watchTasks } from './taskRecords.js';

/** Registers the listener that deletes the tasks of purged projects. */
export function registerCuration(world: World): void {
  watchTasks(world);
}
