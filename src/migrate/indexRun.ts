import type { Context } from '../context.js';
import type { MigrationIndex } from './migrationIndex.js';
import type { MigrationSettings } from './indexSettings.js';
import type { Containers } from './containers.js';

/** A run that indexes files. */
export interface IndexRun {
  readonly ctx: Context;
  readonly index: MigrationIndex;
  readonly settings: MigrationSettings;
  readonly containers: Containers;
}
