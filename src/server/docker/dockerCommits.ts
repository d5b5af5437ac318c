import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { entityHooks } from '../entities/entityHooks.js';
import { getVersionRecord, type EntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';

/** A commit: the digest that a tag of a repository pointed to. */
interface CommitRecord {
  readonly entityId: string;
  readonly tag: string;
  readonly digest: string;
  readonly createdOn: string;
  /** Orders commits of the same millisecond. */
  readonly number: number;
}

const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

function commits(world: World): Collection<CommitRecord> {
  return world.store.collection<CommitRecord>('dockerCommits');
}

function byRepository(world: World): Index<CommitRecord> {
  return commits(world).index('repository', ({ entityId }) => entityId);
}

/** Whether a repository ever had a commit with this digest. */
export function hasDigest(world: World, entityId: string, digest: string): boolean {
  return byRepository(world)
    .find(entityId)
    .some((commit) => commit.digest === digest);
}

/** Deletes the commits of purged repositories. */
export function watchRepositories(world: World): void {
  entityHooks(world).onChange(({ kind, entity }) => {
    if (kind === 'purge' && entity.record.type === 'dockerrepo') {
      for (const { number } of byRepository(world).find(entity.record.id)) {
        commits(world).delete(String(number));
      }
    }
  });
}

/**
 * Records a commit to a repository in another registry.
 *
 * @throws 404, 403 without UPDATE, 400 for an invalid repository, tag or digest
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/dockerCommit.html
 */
export function addCommit(
  world: World,
  caller: Caller,
  entityId: string,
  { tag, digest }: M.DockerCommit,
): void {
  const record = requireAccess(world, caller, entityId, 'UPDATE');
  requireRepository(record);
  if (getVersionRecord(world, record).fields.isManaged === true) {
    throw badRequest('Cannot add a commit to a managed Docker repository.');
  }
  putCommit(world, entityId, { tag, digest });
}

/** Stores a commit of any repository. @throws 400 for an invalid tag or digest */
export function putCommit(world: World, entityId: string, { tag, digest }: M.DockerCommit): void {
  if (tag === undefined || !tagPattern.test(tag)) {
    throw badRequest(`Invalid tag: '${tag?.slice(0, 200) ?? ''}'`);
  }
  if (digest === undefined || !digestPattern.test(digest)) {
    throw badRequest(`Invalid digest: '${digest?.slice(0, 200) ?? ''}'`);
  }
  const number = world.store.sequence('dockerCommits')();
  const createdOn = world.timestamp();
  commits(world).put(String(number), { entityId, tag, digest, createdOn, number });
}

/**
 * The tags of a repository, each with its latest commit.
 *
 * @throws 404, 403 without READ, 400
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/dockerTag.html
 */
export function listTags(
  world: World,
  caller: Caller,
  entityId: string,
  order: { readonly sort?: string; readonly ascending?: boolean },
): M.DockerCommit[] {
  requireRepository(requireAccess(world, caller, entityId, 'READ'));
  const { sort = 'CREATED_ON', ascending = false } = order;
  if (sort !== 'CREATED_ON' && sort !== 'TAG') {
    throw badRequest(`Unknown sort: '${sort.slice(0, 100)}'. It must be CREATED_ON or TAG.`);
  }
  const latest = new Map<string, CommitRecord>();
  for (const commit of byRepository(world).find(entityId)) {
    const known = latest.get(commit.tag);
    if (known === undefined || known.number < commit.number) {
      latest.set(commit.tag, commit);
    }
  }
  const sorted = [...latest.values()].sort((a, b) =>
    sort === 'TAG' ? (a.tag < b.tag ? -1 : 1) : a.number - b.number,
  );
  if (!ascending) {
    sorted.reverse();
  }
  return sorted.map(({ tag, digest, createdOn }) => ({ tag, digest, createdOn }));
}

function requireRepository({ id, type }: EntityRecord): void {
  if (type !== 'dockerrepo') {
    throw badRequest(`${id} is not a Docker repository.`);
  }
}
