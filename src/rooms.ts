import { Access } from './access/access.js';
import type { Context } from './context.js';
import { FileHandles } from './fileHandles/fileHandles.js';
import { Migrate } from './migrate/migrate.js';
import { Messages } from './messages/messages.js';
import { Provenance } from './provenance/provenance.js';
import { StorageLocations } from './storageLocations/storageLocations.js';
import { Sync } from './sync/sync.js';
import { Tables } from './tables/tables.js';
import { Users } from './users/users.js';
import { Wiki } from './wiki/wiki.js';

/** The domains of Synapse: one getter each, created on first use. */
export class Rooms {
  readonly #ctx: Context;
  #access?: Access;
  #fileHandles?: FileHandles;
  #migrate?: Migrate;
  #messages?: Messages;
  #provenance?: Provenance;
  #storageLocations?: StorageLocations;
  #sync?: Sync;
  #tables?: Tables;
  #users?: Users;
  #wiki?: Wiki;

  protected constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** Permissions and access control lists. */
  get access(): Access {
    return (this.#access ??= new Access(this.#ctx));
  }

  /** The content of files, apart from the entities that refer to it. */
  get fileHandles(): FileHandles {
    return (this.#fileHandles ??= new FileHandles(this.#ctx));
  }

  /** Moving files to another storage location. */
  get migrate(): Migrate {
    return (this.#migrate ??= new Migrate(this.#ctx));
  }

  /** Messages to users. */
  get messages(): Messages {
    return (this.#messages ??= new Messages(this.#ctx));
  }

  /** How entities were made. */
  get provenance(): Provenance {
    return (this.#provenance ??= new Provenance(this.#ctx));
  }

  /** The storage locations that files are kept in. */
  get storageLocations(): StorageLocations {
    return (this.#storageLocations ??= new StorageLocations(this.#ctx));
  }

  /** Whole directories: download, upload, list. */
  get sync(): Sync {
    return (this.#sync ??= new Sync(this.#ctx));
  }

  /** Tables and views: query, write, change. */
  get tables(): Tables {
    return (this.#tables ??= new Tables(this.#ctx));
  }

  /** The users of Synapse. */
  get users(): Users {
    return (this.#users ??= new Users(this.#ctx));
  }

  /** The pages that describe entities. */
  get wiki(): Wiki {
    return (this.#wiki ??= new Wiki(this.#ctx));
  }
}
