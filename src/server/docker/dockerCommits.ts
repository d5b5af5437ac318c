import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { entityHooks } from '../entities/entityHooks.js';
import { getEntityRecord, getVersionRecord, type EntityRecord } from '../entities/entityRecords.js';
import { touchEntity } from '../entities/entityWrites.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';

/** A commit: the digest that a tag of a repository pointed to. */
interface CommitRecord {
  readonly entityId: string;
  /** A commit without a tag is known by its digest alone. */
  readonly tag?: string;
  readonly digest: string;
  readonly createdOn: string;
  /** Orders commits of the same millisecond. */
  readonly number: number;
}

const maxTagCharacters = 128;
const maxDigestCharacters = 200;

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
 * Records a commit to a repository in another registry. A tag and a digest may be any text.
 *
 * @throws 404, 403 without UPDATE, 400 for an invalid repository or without a digest
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/dockerCommit.html
 */
export function addCommit(
  world: World,
  caller: Caller,
  entityId: string,
  commit: M.DockerCommit,
): void {
  if (commit.digest === undefined) throw badRequest('digest is required.');
  const record = getEntityRecord(world, entityId);
  if (getVersionRecord(world, record).fields.isManaged === true) {
    throw badRequest(
      'Commits for managed Docker repositories are created using the Docker client rather than the Synapse client.',
    );
  }
  requireRepository(requireAccess(world, caller, entityId, 'UPDATE'));
  putCommit(world, caller, record, commit);
}

/** Stores a commit of any repository, which changes the repository. @throws 400 */
export function putCommit(
  world: World,
  caller: Caller,
  record: EntityRecord,
  { tag, digest }: M.DockerCommit,
): void {
  if (digest === undefined) throw badRequest('commit.digest is required.');
  checkLength('tag', tag ?? '', maxTagCharacters);
  checkLength('digest', digest, maxDigestCharacters);
  const number = world.store.sequence('dockerCommits')();
  const createdOn = world.timestamp();
  commits(world).put(String(number), { entityId: record.id, tag, digest, createdOn, number });
  touchEntity(world, caller, record);
}

function checkLength(name: string, text: string, max: number): void {
  if (text.length > max) throw badRequest(`The ${name} has more than ${max} characters.`);
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
    const { tag } = commit;
    const known = tag === undefined ? commit : latest.get(tag);
    if (tag !== undefined && (known === undefined || known.number < commit.number)) {
      latest.set(tag, commit);
    }
  }
  const sorted = [...latest].sort(([tagA, a], [tagB, b]) =>
    sort === 'TAG' ? (tagA < tagB ? -1 : 1) : a.number - b.number,
  );
  if (!ascending) {
    sorted.reverse();
  }
  return sorted.map(([tag, { digest, createdOn }]) => ({ tag, digest, createdOn }));
}

function requireRepository({ type }: EntityRecord): void {
  if (type !== 'dockerrepo') {
    throw badRequest('Only Docker reposiory entities have commits.');
  }
}
