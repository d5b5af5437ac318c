import { Access } from './access/access.js';
import { AccessRequirements } from './accessRequirements/accessRequirements.js';
import { Challenges } from './challenges/challenges.js';
import type { Context } from './context.js';
import { Discussions } from './discussions/discussions.js';
import { Docker } from './docker/docker.js';
import { Dois } from './dois/dois.js';
import { DownloadList } from './downloadList/downloadList.js';
import { Evaluations } from './evaluations/evaluations.js';
import { Favorites } from './favorites/favorites.js';
import { FileHandles } from './fileHandles/fileHandles.js';
import { Messages } from './messages/messages.js';
import { Migrate } from './migrate/migrate.js';
import { ProjectSettings } from './projectSettings/projectSettings.js';
import { Provenance } from './provenance/provenance.js';
import { StorageLocations } from './storageLocations/storageLocations.js';
import { Submissions } from './submissions/submissions.js';
import { Subscriptions } from './subscriptions/subscriptions.js';
import { Sync } from './sync/sync.js';
import { Tables } from './tables/tables.js';
import { Teams } from './teams/teams.js';
import { Users } from './users/users.js';
import { Versions } from './versions/versions.js';
import { Wiki } from './wiki/wiki.js';

/** The domains of Synapse: one getter each, created on first use. */
export class Rooms {
  readonly #ctx: Context;
  #access?: Access;
  #accessRequirements?: AccessRequirements;
  #challenges?: Challenges;
  #discussions?: Discussions;
  #docker?: Docker;
  #dois?: Dois;
  #downloadList?: DownloadList;
  #evaluations?: Evaluations;
  #favorites?: Favorites;
  #fileHandles?: FileHandles;
  #messages?: Messages;
  #migrate?: Migrate;
  #projectSettings?: ProjectSettings;
  #provenance?: Provenance;
  #storageLocations?: StorageLocations;
  #submissions?: Submissions;
  #subscriptions?: Subscriptions;
  #sync?: Sync;
  #tables?: Tables;
  #teams?: Teams;
  #users?: Users;
  #versions?: Versions;
  #wiki?: Wiki;

  protected constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** Permissions and access control lists. */
  get access(): Access {
    return (this.#access ??= new Access(this.#ctx));
  }

  /** Conditions that users meet before they get access to data. */
  get accessRequirements(): AccessRequirements {
    return (this.#accessRequirements ??= new AccessRequirements(this.#ctx));
  }

  /** Challenges: projects with participants and registered teams. */
  get challenges(): Challenges {
    return (this.#challenges ??= new Challenges(this.#ctx));
  }

  /** The discussion forums of projects. */
  get discussions(): Discussions {
    return (this.#discussions ??= new Discussions(this.#ctx));
  }

  /** Repositories of Docker images. */
  get docker(): Docker {
    return (this.#docker ??= new Docker(this.#ctx));
  }

  /** Digital object identifiers (DOIs) of entities. */
  get dois(): Dois {
    return (this.#dois ??= new Dois(this.#ctx));
  }

  /** The download list: the files that the user has collected for a download. */
  get downloadList(): DownloadList {
    return (this.#downloadList ??= new DownloadList(this.#ctx));
  }

  /** Evaluation queues, which take submissions. */
  get evaluations(): Evaluations {
    return (this.#evaluations ??= new Evaluations(this.#ctx));
  }

  /** The entities that the user has marked as favorites. */
  get favorites(): Favorites {
    return (this.#favorites ??= new Favorites(this.#ctx));
  }

  /** The content of files, apart from the entities that refer to it. */
  get fileHandles(): FileHandles {
    return (this.#fileHandles ??= new FileHandles(this.#ctx));
  }

  /** Messages to users. */
  get messages(): Messages {
    return (this.#messages ??= new Messages(this.#ctx));
  }

  /** Moving files to another storage location. */
  get migrate(): Migrate {
    return (this.#migrate ??= new Migrate(this.#ctx));
  }

  /** Settings of projects, such as where uploads are stored. */
  get projectSettings(): ProjectSettings {
    return (this.#projectSettings ??= new ProjectSettings(this.#ctx));
  }

  /** How entities were made. */
  get provenance(): Provenance {
    return (this.#provenance ??= new Provenance(this.#ctx));
  }

  /** The storage locations that files are kept in. */
  get storageLocations(): StorageLocations {
    return (this.#storageLocations ??= new StorageLocations(this.#ctx));
  }

  /** Submissions to evaluation queues, and their status. */
  get submissions(): Submissions {
    return (this.#submissions ??= new Submissions(this.#ctx));
  }

  /** What the user is told about by email: forums, threads and others. */
  get subscriptions(): Subscriptions {
    return (this.#subscriptions ??= new Subscriptions(this.#ctx));
  }

  /** Whole directories: download, upload, list. */
  get sync(): Sync {
    return (this.#sync ??= new Sync(this.#ctx));
  }

  /** Tables and views: query, write, change. */
  get tables(): Tables {
    return (this.#tables ??= new Tables(this.#ctx));
  }

  /** Teams of users. */
  get teams(): Teams {
    return (this.#teams ??= new Teams(this.#ctx));
  }

  /** The users of Synapse. */
  get users(): Users {
    return (this.#users ??= new Users(this.#ctx));
  }

  /** The versions of entities. */
  get versions(): Versions {
    return (this.#versions ??= new Versions(this.#ctx));
  }

  /** The pages that describe entities. */
  get wiki(): Wiki {
    return (this.#wiki ??= new Wiki(this.#ctx));
  }
}
