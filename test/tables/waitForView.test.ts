import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  EntityView,
  Folder,
  TimeoutError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
let view: EntityView & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
  view = await syn.store(
    new EntityView({ name: 'view', parent: project, scope: [project], types: ['folder'] }),
  );
});
afterEach(() => clients.server.conditions.reset());

let count = 0;
const newFolder = (): Promise<Folder & Stored> =>
  syn.store(new Folder({ name: `folder ${(count += 1)}`, parent: project }));

/** Builds the view, and then hides changes for some milliseconds. */
async function withLag(viewLag: number): Promise<void> {
  await syn.tables.waitForView(view);
  clients.server.conditions.set({ viewLag });
}

describe('waiting for a view ends', () => {
  test('when it shows an entity as it was stored', async () => {
    const folder = await newFolder();
    await withLag(60_000);
    folder.description = 'changed';
    await syn.store(folder);
    let isOver = false;
    const queries = (): number =>
      clients.server.requests.entries.filter(
        ({ operation }) => operation === 'table.startTableQuery',
      ).length;
    const before = queries();
    const wait = syn.tables.waitForView(view, { until: folder }).then(() => (isOver = true));
    while (queries() < before + 2) await setTimeout(20);
    expect(isOver).toBe(false);
    clients.server.conditions.reset();
    await wait;
  });

  test('when it shows new entities, given by their ids', async () => {
    await withLag(300);
    const folders = await Promise.all([newFolder(), newFolder()]);
    await syn.tables.waitForView(view, { until: folders.map(({ id }) => id) });
  });

  test('when it does not show the old etag any more', async () => {
    const { id, etag: oldEtag } = await newFolder();
    await withLag(300);
    await syn.setAnnotations(id, { a: 1 });
    await syn.tables.waitForView(view, { until: [{ id, oldEtag }] });
  });

  test('when it does not show an entity that is gone', async () => {
    const folder = await newFolder();
    await withLag(300);
    await syn.delete(folder);
    await syn.tables.waitForView(view, {
      until: { id: folder.id, etag: folder.etag, isGone: true },
    });
  });

  test('at once, when there is nothing to wait for', async () => {
    await syn.tables.waitForView(view, { until: [] });
    await syn.tables.waitForView(view.id);
  });
});

describe('an error says what the view does not show', () => {
  test('when the time is over', async () => {
    const folder = await newFolder();
    const { id, etag } = folder;
    await syn.tables.waitForView(view, { until: folder });
    await withLag(60_000);
    await syn.setAnnotations(id, { a: 1 });
    const until = [{ id, etag: 'new' }, { id, oldEtag: etag }, 'syn999999', { id, isGone: true }];
    const wait = syn.tables.waitForView(view, { until, timeout: 50 });
    await expect(wait).rejects.toThrow(TimeoutError);
    await expect(wait).rejects.toThrow(
      `it shows ${id} with the etag ${etag}, not new; it still shows ${id} as before the change (etag ${etag}); ` +
        `it does not show syn999999; it still shows ${id}. Check`,
    );
  });

  test('when an id is none', async () => {
    const wait = syn.tables.waitForView(view, { until: ['abc'] });
    await expect(wait).rejects.toThrow(ArgumentError);
  });

  test('and a signal ends the wait', async () => {
    const controller = new AbortController();
    const wait = syn.tables.waitForView(view, { until: 'syn999999', signal: controller.signal });
    void setTimeout(100).then(() => controller.abort(new Error('enough')));
    await expect(wait).rejects.toThrow('enough');
  });
});

test('more entities than one query can name are waited for', async () => {
  const until = Array.from({ length: 1100 }, (_, index) => `syn${90_000_000 + index}`);
  const calls = await clients.calls(() =>
    expect(syn.tables.waitForView(view, { until, timeout: 0 })).rejects.toThrow('and 1095 more'),
  );
  expect(calls.filter((call) => call === 'table.startTableQuery')).toHaveLength(3);
});
