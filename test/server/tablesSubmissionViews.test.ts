import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { startLocalSynapse } from '../../src/server/index.js';
import { api } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';
import { md5s, Session, withSessions, type Stored } from './entitySession.js';
import { partialRows, TableSession, type Column } from './tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

interface Queue {
  readonly evaluationId: string;
  readonly submissions: readonly Required<M.Submission>[];
  readonly file: Stored;
}

/** An evaluation with two submissions. */
async function queue(): Promise<Queue> {
  const project = await alice().project();
  const made = await server.alice.post('/evaluation', {
    name: crypto.randomUUID(),
    contentSource: project.id,
  });
  const evaluationId = (made.body as { id: string }).id;
  const file = await server.alice.create('file', {
    name: 'entry',
    parentId: project.id,
    dataFileHandleId: await server.alice.createHandle(md5s.a),
  });
  const submissions: Required<M.Submission>[] = [];
  for (const submitterAlias of ['one', 'two']) {
    const { etag } = await server.alice.read(file.id);
    const answer = await server.alice.post(`/evaluation/submission?etag=${etag}`, {
      evaluationId,
      entityId: file.id,
      versionNumber: 1,
      submitterAlias,
    });
    expect(answer).toMatchObject({ status: 201 });
    submissions.push(answer.body as Required<M.Submission>);
  }
  return { evaluationId, submissions, file };
}

async function viewOf(scopeIds: string[]): Promise<{ view: Stored; columns: Column[] }> {
  const answer = await server.alice.get('/column/tableview/defaults?viewEntityType=submissionview');
  const wanted = ['id', 'status', 'evaluationid', 'submitteralias', 'entityid'];
  const { list } = answer.body as { list: Column[] };
  const columns = [
    ...list.filter(({ name }) => wanted.includes(name)),
    ...(await alice().columns({ name: 'grade', columnType: 'DOUBLE' })),
  ];
  const { id: parentId } = await alice().project();
  const columnIds = columns.map(({ id }) => id);
  const view = await server.alice.create('submissionview', {
    name: 'submissions',
    parentId,
    columnIds,
    scopeIds,
  });
  return { view, columns };
}

describe('submission views', () => {
  test('write the annotations of submissions', async () => {
    const { evaluationId, submissions, file } = await queue();
    const { view, columns } = await viewOf([evaluationId]);
    const [first, second] = submissions;
    const row = (submission: M.Submission | undefined, alias: string, grade: string | null) => [
      submission?.id,
      'RECEIVED',
      evaluationId,
      alias,
      file.id,
      grade,
    ];
    expect(await alice().cells(`select * from ${view.id}`)).toEqual([
      row(first, 'one', null),
      row(second, 'two', null),
    ]);
    const [{ rowId, etag } = {}] = await alice().rows(`select * from ${view.id}`, {
      includeEntityEtag: true,
    });
    const grade = columns.at(-1)?.id ?? '';
    const status = columns.find(({ name }) => name === 'status')?.id ?? '';
    const { results } = await alice().change(view.id, [
      partialRows(view.id, [
        {
          ...(rowId !== undefined && { rowId }),
          ...(etag !== undefined && { etag }),
          values: { [grade]: '0.5', [status]: 'ACCEPTED' },
        },
      ]),
    ]);
    expect(results).toMatchObject([{ updateResults: [{ entityId: `syn${first?.id ?? ''}` }] }]);
    expect(await alice().cells(`select * from ${view.id} where grade > 0.1`)).toEqual([
      row(first, 'one', '0.5'),
    ]);
    const { body } = await server.alice.get(`/evaluation/submission/${first?.id ?? ''}/status`);
    expect(body).toMatchObject({
      status: 'RECEIVED',
      submissionAnnotations: { annotations: { grade: { type: 'DOUBLE', value: ['0.5'] } } },
    });
  });

  test('are for those who may read the submissions', async () => {
    const { evaluationId } = await queue();
    const { view } = await viewOf([evaluationId]);
    const sql = `select * from ${view.id}`;
    const add = async (path: string, put: string, accessType: string[]) => {
      const acl = (await server.alice.get(path)).body as { resourceAccess: object[] };
      acl.resourceAccess.push({ principalId: server.userId('bob'), accessType });
      expect(await server.alice.put(put, acl)).toMatchObject({ status: 200 });
    };
    const parent = `/entity/${view.parentId ?? ''}/acl`;
    await add(parent, parent, ['READ']);
    const bob = new TableSession(server.bob);
    expect(await bob.rows(sql)).toEqual([]);
    await add(`/evaluation/${evaluationId}/acl`, '/evaluation/acl', [
      'READ',
      'READ_PRIVATE_SUBMISSION',
    ]);
    expect(await bob.rows(sql)).toHaveLength(2);
    await alice().change(view.id, [], { createSnapshot: true });
    expect(await bob.rows(`${sql}.1`)).toHaveLength(2);
  });
});

describe('views', () => {
  test('lag behind their scope when they are told to', async () => {
    let now = Date.now();
    const synapse = await startLocalSynapse({
      now: () => new Date(now),
      conditions: { viewLag: 10_000 },
    });
    try {
      const session = new TableSession(new Session(api(synapse, synapse.authToken)));
      const [name] = await session.columns({ name: 'name', columnType: 'STRING' });
      const project = await session.project();
      const view = await session.session.create('entityview', {
        name: 'view',
        parentId: project.id,
        columnIds: [name?.id],
        viewTypeMask: 8,
        scopeIds: [project.id],
      });
      const names = async () => (await session.cells(`select * from ${view.id}`)).flat();
      expect(await names()).toEqual([]);
      await session.session.create('folder', { name: 'new', parentId: project.id });
      now += 9000;
      expect(await names()).toEqual([]);
      now += 2000;
      expect(await names()).toEqual(['new']);
    } finally {
      await synapse.close();
    }
  });

  test('keep their versions after a restart', async () => {
    await withTempDir(async (dataDir) => {
      const first = await startLocalSynapse({ dataDir });
      const before = new TableSession(new Session(api(first, first.authToken)));
      const [name] = await before.columns({ name: 'name', columnType: 'STRING' });
      const project = await before.project();
      const view = await before.session.create('entityview', {
        name: 'view',
        parentId: project.id,
        columnIds: [name?.id],
        viewTypeMask: 8,
        scopeIds: [project.id],
        isSearchEnabled: true,
      });
      const add = (folder: string) =>
        before.session.create('folder', { name: folder, parentId: project.id });
      expect(await before.rows(`select * from ${view.id}`)).toEqual([]);
      await add('red fox');
      await before.change(view.id, [], { createSnapshot: true });
      await add('gray fox');
      await first.close();

      const second = await startLocalSynapse({ dataDir });
      const after = new TableSession(new Session(api(second, second.authToken)));
      const found = (version: string) =>
        after.cells(`select name from ${view.id}${version} where text_matches('fox')`);
      expect(await found('.1')).toEqual([['red fox']]);
      expect(await found('')).toEqual([['red fox'], ['gray fox']]);
      await second.close();
    });
  });
});
