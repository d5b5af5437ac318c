import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  AuthorizationError,
  Folder,
  NotFoundError,
  type ActivityInput,
  type EntityNode,
  type ProvenanceGraph,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let project: string;
let count = 0;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = (await clients.project(syn)).id;
});

/** An entity that an activity generated, if there is one. */
async function made(activity?: ActivityInput, parent = project): Promise<string> {
  count += 1;
  const { id } = await syn.store(new Folder({ name: `made ${count}`, parent }));
  if (activity !== undefined) await syn.provenance.set(id, activity);
  return id;
}

const entitiesOf = ({ nodes }: ProvenanceGraph): EntityNode[] =>
  nodes.filter((node): node is EntityNode => node.kind === 'entity');
const keysOf = (graph: ProvenanceGraph): string[] => entitiesOf(graph).map(({ key }) => key);
const linesOf = ({ nodes, edges }: ProvenanceGraph): string[] => {
  const names = new Map(
    nodes.map((node) => [node.key, node.kind === 'activity' ? (node.name ?? '?') : node.key]),
  );
  return edges
    .filter(({ kind }) => kind !== 'performed')
    .map(({ kind, from, to }) => `${names.get(from) ?? '-'} ${kind} ${names.get(to) ?? '-'}`)
    .sort();
};

describe('the graph of an entity', () => {
  test('without provenance is the entity', async () => {
    const id = await made();
    const graph = await syn.provenance.graph(id);
    expect(graph).toMatchObject({
      root: `${id}.1`,
      nodes: [{ kind: 'entity', key: `${id}.1`, id, version: 1, state: 'read' }],
      edges: [],
    });
  });

  test('follows what was used and executed back to its origin', async () => {
    const raw = await made();
    const clean = await made({ name: 'clean', used: [raw], executed: ['https://x.org/clean.R'] });
    const plot = await made({ name: 'plot', description: 'd', used: [clean] });
    const graph = await syn.provenance.graph(plot);
    expect(keysOf(graph)).toEqual([`${plot}.1`, `${clean}.1`, `${raw}.1`]);
    expect(linesOf(graph)).toEqual(
      [
        `plot generated ${plot}.1`,
        `${clean}.1 used plot`,
        `clean generated ${clean}.1`,
        `${raw}.1 used clean`,
        'url:https://x.org/clean.R executed clean',
      ].sort(),
    );
    const user = graph.nodes.find(({ kind }) => kind === 'user');
    expect(user).toMatchObject({ name: 'alice' });
    const performed = graph.edges.filter(({ kind }) => kind === 'performed');
    expect(performed.map(({ from }) => from)).toEqual([user?.key, user?.key]);
    expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
  });

  test('reads each entity and each header once, side by side', async () => {
    const shared = await made();
    const parts: string[] = [];
    for (let n = 0; n < 5; n += 1) parts.push(await made({ name: `p${n}`, used: [shared] }));
    const root = await made({ name: 'join', used: [...parts, shared] });
    clients.server.requests.clear();
    const calls = await clients.calls(async () => {
      const graph = await syn.provenance.graph(root);
      expect(keysOf(graph)).toHaveLength(7);
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    const counts = new Map<string, number>();
    for (const call of calls) counts.set(call, (counts.get(call) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({
      'entity.listEntityHeaders': 2,
      'entity.getEntityVersionActivity': 7,
      'userProfile.listUserGroupHeadersByIds': 1,
    });
  });

  test('tells versions apart', async () => {
    const path = await clients.file('v.txt', 'one');
    const { File } = await import('../../src/index.js');
    const first = await syn.store(new File({ path, name: 'v.txt', parent: project }));
    const other = await clients.file('v.txt', 'two');
    const second = await syn.store(new File({ path: other, name: 'v.txt', parent: project }), {
      used: [`${first.id}.1`],
      activityName: 'edit',
    });
    expect(second.versionNumber).toBe(2);
    const graph = await syn.provenance.graph(first.id);
    expect(linesOf(graph)).toEqual(
      [`edit generated ${first.id}.2`, `${first.id}.1 used edit`].sort(),
    );
    const old = await syn.provenance.graph(`${first.id}.1`);
    expect(keysOf(old)).toEqual([`${first.id}.1`]);
    expect(await syn.provenance.graph(first.id, { version: 1 })).toEqual(old);
  });

  test('ends where activities are in a circle', async () => {
    const a = await made();
    const b = await made({ name: 'b from a', used: [a] });
    await syn.provenance.set(a, { name: 'a from b', used: [b, a] });
    const graph = await syn.provenance.graph(a);
    expect(linesOf(graph)).toEqual(
      [
        `a from b generated ${a}.1`,
        `b from a generated ${b}.1`,
        `${a}.1 used a from b`,
        `${a}.1 used b from a`,
        `${b}.1 used a from b`,
      ].sort(),
    );
  });

  test('has an activity that generated several entities once', async () => {
    const raw = await made();
    const one = await made({ name: 'both', used: [raw] });
    const activity = await syn.provenance.get(one);
    const two = await made();
    await syn.provenance.set(two, activity ?? {});
    const root = await made({ name: 'end', used: [one, two] });
    const graph = await syn.provenance.graph(root);
    expect(graph.nodes.filter(({ kind }) => kind === 'activity')).toHaveLength(2);
    expect(linesOf(graph).filter((line) => line.startsWith('both'))).toHaveLength(2);
  });

  test('stops at a depth, and says so', async () => {
    const a = await made({ name: 'a', used: ['https://x.org/a'] });
    const b = await made({ name: 'b', used: [a] });
    const c = await made({ name: 'c', used: [b] });
    const states = async (options: { depth?: number; maxEntities?: number }) =>
      entitiesOf(await syn.provenance.graph(c, options)).map(({ id, state }) => [id, state]);
    expect(await states({ depth: 1 })).toEqual([
      [c, 'read'],
      [b, 'notRead'],
    ]);
    expect(await states({ depth: 0 })).toEqual([[c, 'notRead']]);
    expect(await states({ maxEntities: 2 })).toEqual([
      [c, 'read'],
      [b, 'read'],
      [a, 'notRead'],
    ]);
  });

  test('shows what is missing and what may not be read', async () => {
    const gone = await made();
    const bob = await clients.open('bob');
    const { id: secretProject } = await clients.project(bob);
    const secret = await bob.store(new Folder({ name: 'secret', parent: secretProject }));
    await bob.setPermissions(secretProject, 'alice', { accessType: ['READ'] });
    const id = await made({ name: 'mix', used: [gone, secret.id] });
    await syn.delete(gone);
    await bob.setPermissions(secretProject, 'alice', { accessType: [] });
    const graph = await syn.provenance.graph(id);
    const states = new Map(entitiesOf(graph).map((node) => [node.id, node]));
    expect(states.get(gone)).toMatchObject({ state: 'missing' });
    expect(states.get(secret.id)).toMatchObject({ state: 'forbidden' });
    expect(states.get(secret.id)).not.toHaveProperty('name');
    expect(entitiesOf(await syn.provenance.graph(id, { depth: 1 }))).toEqual(entitiesOf(graph));
  });

  test('of an entity that is not there, or may not be read, is an error', async () => {
    const bob = await clients.open('bob');
    const { id } = await clients.project(bob);
    await expect(syn.provenance.graph('syn999999999')).rejects.toThrow(NotFoundError);
    await expect(syn.provenance.graph(`${project}.77`)).rejects.toThrow(NotFoundError);
    await expect(syn.provenance.graph(id)).rejects.toThrow(AuthorizationError);
  });

  test('ends with the reason of its signal', async () => {
    const id = await made({ name: 'x', used: [await made()] });
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(syn.provenance.graph(id, { signal })).rejects.toBe(reason);
  });
});
