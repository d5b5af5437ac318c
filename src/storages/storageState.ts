import type * as M from '../../generated/models.js';
import type { Clock } from '../net/clock.js';
import { StsTokens, type StsLocation } from './s3/stsTokens.js';
import { FileHandleBatch } from './synapse/fileHandleBatch.js';
import type { TransferService } from './synapse/transferService.js';

/** The cached upload destination of a container. */
export interface KnownDestination {
  destination: Promise<M.UploadDestination>;
  /** Milliseconds since 1970. */
  until: number;
}

/** The state about storages that a client keeps between calls. */
export interface StorageState {
  /** Shares calls for presigned URLs between downloads. */
  readonly fileHandles: FileHandleBatch;
  /** Temporary credentials of the user who is logged in. */
  readonly stsTokens: StsTokens;
  /**
   * State of a single storage, created on first use. Only the storage knows the types of that state, because the types of an
   * optional package must not be part of the published declarations.
   */
  readonly of: <T>(create: () => T) => T;
  /** Storage locations by id: those with temporary credentials, and `undefined` for the others. */
  readonly stsLocations: Map<number, Promise<StsLocation | undefined>>;
  /** Upload destinations by the id of the container. */
  readonly uploadDestinations: Map<string, KnownDestination>;
}

/** Creates the initial state of a client. */
export function createStorageState(files: TransferService, clock: Clock): StorageState {
  return {
    fileHandles: new FileHandleBatch(files, clock),
    stsTokens: new StsTokens(() => clock.epoch()),
    of: createSlots(),
    stsLocations: new Map(),
    uploadDestinations: new Map(),
  };
}

/** Operations that change where the files of containers go. */
const settingChanges: ReadonlySet<string> = new Set([
  'projectSettings.createProjectSetting',
  'projectSettings.deleteProjectSetting',
  'projectSettings.updateProjectSetting',
]);

/** Forgets what an operation has changed. */
export function forgetAfter(state: StorageState, operation: string): void {
  if (settingChanges.has(operation)) forgetDestinations(state);
}

/** Forgets where files go. A setting applies to everything below its container, and a folder that is moved gets other settings. */
export function forgetDestinations(state: StorageState): void {
  state.uploadDestinations.clear();
  state.stsTokens.clear();
}

function createSlots(): StorageState['of'] {
  const slots = new Map<unknown, unknown>();
  return <T>(create: () => T): T => {
    if (!slots.has(create)) slots.set(create, create());
    // `create` returned it, so it has its type.
    return slots.get(create) as T;
  };
}
