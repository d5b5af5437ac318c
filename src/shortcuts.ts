import type * as M from '../generated/models.js';
import type { CallOptions } from '../generated/services.js';
import type { AccessTarget } from './access/accessTarget.js';
import type { AclOptions } from './access/getAcl.js';
import type { EntityPermissions } from './access/getPermissions.js';
import type { Principal } from './access/principal.js';
import type { SetPermissionsOptions } from './access/setPermissions.js';
import type { Context } from './context.js';
import type { Parent } from './entities/entityClasses.js';
import type { EvaluationRef } from './evaluations/evaluationRef.js';
import type { VersionOptions } from './options.js';
import type { AnyActivity } from './provenance/activity.js';
import { Rooms } from './rooms.js';
import type { SubmissionReceipt, SubmitOptions } from './submissions/submit.js';
import type { SearchResult } from './search/searchEntities.js';
import type { SearchOptions } from './search/searchQuery.js';
import type { SearchSuggestion, SuggestionOptions } from './search/suggestTerms.js';
import type { DownloadItem } from './sync/download/downloadItem.js';
import type { SyncFromSynapseOptions } from './sync/download/syncFromSynapse.js';
import type { SyncReport } from './sync/plan/syncReport.js';
import type { SyncToSynapseOptions } from './sync/upload/syncToSynapse.js';
import type { WalkOptions, WalkStep } from './sync/walkStep.js';
import type { Tables } from './tables/tables.js';
import type { EntityRef } from './values/ids.js';

/** Methods of the rooms that are used every day, on the client itself. */
export class Shortcuts extends Rooms {
  readonly #ctx: Context;

  protected constructor(ctx: Context) {
    super(ctx);
    this.#ctx = ctx;
  }

  /**
   * Searches the entities that the caller may read: by words, by the values of fields, and by dates.
   *
   * @example
   * const { found, hits, facets } = await syn.search('rna counts', { where: { type: 'file' }, facets: ['organ'] });
   * for await (const { id, name } of hits) console.log(id, name);
   *
   * @param text - Words that must all occur; with a leading `-` they must not, and `gene*` means all words that begin so. May be
   * empty when there are conditions.
   * @returns How many there are, counts of values, and the entities, best first.
   * @throws {@link ArgumentError} for a search for nothing, an unknown field or user, and what is not a date, before anything is
   * searched.
   * @see https://rest-docs.synapse.org/rest/POST/search.html
   */
  async search(text: string, options: SearchOptions = {}): Promise<SearchResult> {
    const { searchEntities } = await import('./search/searchEntities.js');
    return searchEntities(this.#ctx, text, options);
  }

  /**
   * Finds words that are similar to those of a search, to correct typing errors.
   *
   * @returns For each word of the text, the similar ones.
   * @throws {@link ArgumentError} when there is no word.
   * @see https://rest-docs.synapse.org/rest/POST/suggestion.html
   */
  async searchSuggestions(
    text: string,
    options: SuggestionOptions = {},
  ): Promise<SearchSuggestion[]> {
    const { suggestTerms } = await import('./search/suggestTerms.js');
    return suggestTerms(this.#ctx, text, options);
  }

  /** Reads the profile of a user, by id or user name. Default: the user who is logged in. Same as `users.get`. */
  getUserProfile(user?: string | number, options: CallOptions = {}): Promise<M.UserProfile> {
    return this.users.get(user, options);
  }

  /** Uploads the files of a manifest, or of a directory. Same as `sync.syncToSynapse`. */
  syncToSynapse(
    source: string,
    parent?: Parent,
    options: SyncToSynapseOptions = {},
  ): Promise<SyncReport> {
    return this.sync.syncToSynapse(source, parent, options);
  }

  /** Downloads a project, folder or file into a local directory. Same as `sync.syncFromSynapse`. */
  syncFromSynapse(
    parent: Parent,
    directory: string,
    options: SyncFromSynapseOptions = {},
  ): Promise<SyncReport<DownloadItem>> {
    return this.sync.syncFromSynapse(parent, directory, options);
  }

  /** Lists a project or folder and everything below it, from the top down. Same as `sync.walk`. */
  walk(parent: Parent, options: WalkOptions = {}): AsyncGenerator<WalkStep> {
    return this.sync.walk(parent, options);
  }

  /** Reads the activity that generated an entity; `undefined` when none is recorded. Same as `provenance.get`. */
  getProvenance(entity: EntityRef, options: VersionOptions = {}): Promise<M.Activity | undefined> {
    return this.provenance.get(entity, options);
  }

  /** Records the activity that generated the current version of an entity. Same as `provenance.set`. */
  setProvenance(
    entity: EntityRef,
    activity: AnyActivity,
    options: CallOptions = {},
  ): Promise<M.Activity> {
    return this.provenance.set(entity, activity, options);
  }

  /** Reads what the caller may do with an entity. Same as `access.permissions`. */
  getPermissions(entity: EntityRef, options: CallOptions = {}): Promise<EntityPermissions> {
    return this.access.permissions(entity, options);
  }

  /** Reads what a user, a team or everybody may do with an entity. Same as `access.get`. */
  getAcl(target: AccessTarget, options: AclOptions = {}): Promise<M.ACCESS_TYPE[]> {
    return this.access.get(target, options);
  }

  /** Grants a user, a team or everybody (`'PUBLIC'`) access to an entity and to everything in it. Same as `access.set`. */
  setPermissions(
    target: AccessTarget,
    principal: Principal,
    options: SetPermissionsOptions = {},
  ): Promise<M.AccessControlList> {
    return this.access.set(target, principal, options);
  }

  /** Submits a version of an entity to an evaluation. Same as `submissions.submit`. */
  submit(
    evaluation: EvaluationRef,
    entity: EntityRef,
    options: SubmitOptions = {},
  ): Promise<SubmissionReceipt> {
    return this.submissions.submit(evaluation, entity, options);
  }

  /** Queries a table or view. Same as `tables.query`. */
  get tableQuery(): Tables['query'] {
    return this.tables.query.bind(this.tables);
  }
}
