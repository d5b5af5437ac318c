import type * as M from '../../generated/models.js';
import type { Clock } from '../net/clock.js';
import { StsTokens, type StsLocation } from './s3/stsTokens.js';
import { FileHandleBatch } from './synapse/fileHandleBatch.js';
import type { TransferService } from './synapse/transferService.js';

/** Where files of a container go, for as long as that is remembered. */
export interface KnownDestination {
  destination: Promise<M.UploadDestination>;
  /** Milliseconds since 1970. */
  until: number;
}

/** What a client remembers about storages from call to call. */
export interface StorageState {
  /** Shares calls for presigned URLs between downloads. */
  readonly fileHandles: FileHandleBatch;
  /** Temporary credentials of the user who is logged in. */
  readonly stsTokens: StsTokens;
  /**
   * State of a single storage, created at its first use. The types of that state are known to the storage alone: those of an
   * optional package must not be part of the declarations that everybody compiles.
   */
  readonly of: <T>(create: () => T) => T;
  /** Storage locations by id: those with temporary credentials, and `undefined` for the others. */
  readonly stsLocations: Map<number, Promise<StsLocation | undefined>>;
  /** Upload destinations by the id of the container. */
  readonly uploadDestinations: Map<string, KnownDestination>;
}

/** The state of a client that has not called anything yet. */
export function createStorageState(files: TransferService, clock: Clock): StorageState {
  return {
    fileHandles: new FileHandleBatch(files, clock),
    stsTokens: new StsTokens(() => clock.epoch()),
    of: createSlots(),
    stsLocations: new Map(),
    uploadDestinations: new Map(),
  };
}

function createSlots(): StorageState['of'] {
  const slots = new Map<unknown, unknown>();
  return <T>(create: () => T): T => {
    if (!slots.has(create)) slots.set(create, create());
    // `create` returned it, so it has its type.
    return slots.get(create) as T;
  };
}
