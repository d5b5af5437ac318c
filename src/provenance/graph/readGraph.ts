import type * as M from '../../../generated/models.js';
import type { CallOptions } from '../../../generated/services.js';
import type { Context } from '../../context.js';
import { AuthorizationError, NotFoundError } from '../../errors.js';
import { callOptions, type VersionOptions } from '../../options.js';
import { pool } from '../../transfer/pool.js';
import { UserNames } from '../../users/userNames.js';
import { versionOf, type EntityRef, type EntityVersion } from '../../values/ids.js';
import { getProvenance } from '../getProvenance.js';
import { GraphBuilder } from './graphBuilder.js';
import type { EntityNode, ProvenanceGraph } from './provenanceGraph.js';

/** Options for {@link Provenance.graph}. */
export interface GraphOptions extends VersionOptions {
  /** The number of activities to follow back: with 1, the activity of the entity and what that used. @default no limit */
  depth?: number;
  /** The number of entities whose activity is looked up. @default 10000 */
  maxEntities?: number;
  /** Activities that are read at the same time. @default 16 */
  concurrency?: number;
  /** Called with the numbers of entities that were looked up, and that are known to follow. */
  onRead?: (read: number, waiting: number) => void;
}

/** Headers that are read with one request. Synapse allows 1000. */
const headersAtOnce = 500;

/** Names of users that are read with one request: their ids are in its address. */
const namesAtOnce = 100;

/** What is known about an entity: what was asked for, and its header, unless it is missing or forbidden. */
interface Found {
  wanted: EntityVersion;
  header: M.EntityHeader | undefined;
}

/** What reading the activity of an entity gave. */
interface ActivityRead {
  state: EntityNode['state'];
  activity?: M.Activity | undefined;
}

/** Implements {@link Provenance.graph}. */
export async function readGraph(
  ctx: Context,
  entity: EntityRef,
  options: GraphOptions = {},
): Promise<ProvenanceGraph> {
  const { version, depth = Infinity, maxEntities = 10_000, concurrency = 16, onRead } = options;
  const call = callOptions(options);
  const root = versionOf(entity, version, { ownVersion: true });
  const graph = new GraphBuilder(root);
  let budget = maxEntities;
  let read = 0;
  for (let level = 0, wanted = [root]; wanted.length > 0; level += 1) {
    const found = await findAll(ctx, wanted, call);
    const fresh = found.filter((each) => graph.resolve(each.wanted, each.header));
    const isExpanded = (index: number): boolean => level < depth && index < budget;
    const activities = new Map<Found, ActivityRead>();
    const tasks = fresh.map((each, index) => ({ each, isExpanded: isExpanded(index) }));
    const reads = pool(tasks, { limit: concurrency, signal: call.signal }, async (task, signal) => {
      return { task, result: await readActivity(ctx, task, { ...call, signal }) };
    });
    for await (const { task, result } of reads) {
      // What the caller asked for must be there.
      if (level === 0 && result.error !== undefined) throw result.error;
      activities.set(task.each, result);
      onRead?.((read += 1), fresh.length - activities.size);
    }
    budget -= fresh.length;
    // In the order of the list, not of the answers.
    for (const each of fresh) {
      const { state = 'notRead', activity } = activities.get(each) ?? {};
      graph.addActivity(each.wanted, state, activity);
    }
    wanted = graph.takeWanted();
  }
  const users = graph.userIds();
  const names = new UserNames(ctx);
  for (let start = 0; start < users.length; start += namesAtOnce) {
    await names.of(users.slice(start, start + namesAtOnce), call);
  }
  return graph.finish(await names.of([], call));
}

async function readActivity(
  ctx: Context,
  { each, isExpanded }: { each: Found; isExpanded: boolean },
  options: CallOptions,
): Promise<ActivityRead & { error?: Error }> {
  const { wanted, header } = each;
  // An entity without a header is asked for its activity in any case: the answer says why there is no header.
  if (!isExpanded && header !== undefined) return { state: 'notRead' };
  const { id } = wanted;
  const version = header?.versionNumber ?? wanted.version;
  try {
    const activity = await getProvenance(ctx, id, { ...options, version });
    // Without a header, there is no such version of the entity.
    if (header === undefined && activity === undefined) {
      return { state: 'missing', error: await missing(ctx, wanted, options) };
    }
    return { state: isExpanded ? 'read' : 'notRead', activity: isExpanded ? activity : undefined };
  } catch (error) {
    if (error instanceof AuthorizationError) return { state: 'forbidden', error };
    if (error instanceof NotFoundError) return { state: 'missing', error };
    throw error;
  }
}

/** The error of Synapse for an entity that is not there. */
async function missing(
  ctx: Context,
  { id, version }: EntityVersion,
  options: CallOptions,
): Promise<Error | undefined> {
  try {
    const { entity } = ctx.services;
    if (version === undefined) await entity.getEntity({ id }, options);
    else await entity.getEntityVersion({ id, versionNumber: version }, options);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Reads the headers of entities. One that is missing or forbidden has none. */
async function findAll(
  ctx: Context,
  wanted: readonly EntityVersion[],
  options: CallOptions,
): Promise<Found[]> {
  // In one request, the header of a version could be mistaken for that of the current one.
  const groups = [
    wanted.filter(({ version }) => version === undefined),
    wanted.filter(({ version }) => version !== undefined),
  ];
  const batches = groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / headersAtOnce) }, (_, index) =>
      group.slice(index * headersAtOnce, (index + 1) * headersAtOnce),
    ),
  );
  const headers = new Map<EntityVersion, M.EntityHeader>();
  const find = async (batch: readonly EntityVersion[]): Promise<void> => {
    const references = batch.map(({ id, version }) => ({
      targetId: id,
      targetVersionNumber: version,
    }));
    const body = { references };
    const { results } = await ctx.services.entity.listEntityHeaders({ body }, options);
    const byId = new Map(results.map((one) => [`${one.id}.${one.versionNumber ?? ''}`, one]));
    const current = new Map(results.map((one) => [one.id, one]));
    for (const each of batch) {
      const { id, version } = each;
      const header = version === undefined ? current.get(id) : byId.get(`${id}.${version}`);
      if (header !== undefined) headers.set(each, header);
    }
  };
  await Promise.all(batches.map(find));
  return wanted.map((each) => ({ wanted: each, header: headers.get(each) }));
}
