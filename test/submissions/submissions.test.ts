import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  File,
  MalformedResponseError,
  NotFoundError,
  type Evaluation,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { submittedEntity } from '../../src/submissions/submittedEntity.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let bob: Synapse;
let project: string;
let queue: Evaluation;
/** Of bob: nobody else may read it. */
let file: File & Stored;
let count = 0;

beforeAll(async () => {
  [syn, bob] = [await clients.open('alice'), await clients.open('bob')];
  ({ id: project } = await clients.project(syn));
  const stream = new Blob(['a,b\n1,2\n']).stream();
  const { id: own } = await clients.project(bob);
  const annotations = { tissue: 'liver', n: 1.5, when: new Date('2020-01-02T03:04:05Z') };
  file = await bob.store(new File({ name: 'Ergebnis.csv', parent: own, stream, annotations }));
});
beforeEach(async () => {
  queue = await syn.evaluations.create({ name: `Queue ${(count += 1)} ${project}`, project });
  await syn.access.set({ evaluation: queue }, 'bob', { accessType: ['READ', 'SUBMIT'] });
});
afterEach(() => {
  clients.server.conditions.set({ faults: [] });
});

const submitMany = async (number: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let i = 0; i < number; i += 1)
    ids.push((await bob.submit(queue.id, file, { name: `s${i}` })).id);
  return ids;
};

describe('a submission', () => {
  test('is read with its entity and file by organizers who may not read the entity', async () => {
    const { id } = await bob.submit(queue.id, file);
    await expect(syn.get(file.id)).rejects.toThrow(AuthorizationError);
    const location = join(clients.folder, `got-${count}`);
    const calls = await clients.calls(async () => {
      const { entity, ...submission } = await syn.submissions.get(id, {
        downloadLocation: location,
      });
      expect(submission).toMatchObject({ id, entityId: file.id, evaluationId: queue.id });
      if (!(entity instanceof File)) throw new Error('no file');
      expect(entity.path).toBe(join(location, 'Ergebnis.csv'));
      expect(await readFile(entity.path ?? '', 'utf8')).toBe('a,b\n1,2\n');
      expect(entity.annotations).toEqual({
        tissue: ['liver'],
        n: [1.5],
        when: [new Date('2020-01-02T03:04:05Z')],
      });
    });
    expect(calls.slice(0, 2)).toEqual([
      'evaluation.getEvaluationSubmission',
      'file.getFileHandleBatch',
    ]);
    // The cache has the content now: no further transfer.
    const again = await clients.calls(() => syn.submissions.get(id));
    expect(again).toEqual(['evaluation.getEvaluationSubmission']);
  });

  test('of a file that was submitted twice is kept in both places, and not copied again', async () => {
    const ids = await submitMany(2);
    const paths = async (): Promise<(string | undefined)[]> => {
      const got: (string | undefined)[] = [];
      for (const id of ids) {
        const downloadLocation = join(clients.folder, `twice-${id}`);
        const { entity } = await syn.submissions.get(id, { downloadLocation });
        got.push((entity as File).path);
      }
      return got;
    };
    const first = await paths();
    expect(first).toEqual(ids.map((id) => join(clients.folder, `twice-${id}`, 'Ergebnis.csv')));
    expect(await paths()).toEqual(first);
  });

  test('can be read without a download, and by an id that a spreadsheet has changed', async () => {
    const { id } = await bob.submit(queue.id, file);
    const calls = await clients.calls(async () => {
      const { entity } = await syn.submissions.get(`${id}.0`, { downloadFile: false });
      expect(entity).toMatchObject({ name: 'Ergebnis.csv' });
      expect((entity as File).path).toBeUndefined();
    });
    expect(calls).toEqual(['evaluation.getEvaluationSubmission']);
  });

  test('that is given wrongly is refused before anything is sent', async () => {
    const calls = await clients.calls(async () => {
      for (const id of ['', 'abc', '12a', '-1']) {
        await expect(syn.submissions.get(id)).rejects.toThrow(ArgumentError);
        await expect(syn.submissions.status(id)).rejects.toThrow(ArgumentError);
        await expect(syn.submissions.delete(id)).rejects.toThrow(ArgumentError);
        await expect(syn.submissions.cancel(id)).rejects.toThrow(ArgumentError);
      }
    });
    expect(calls).toEqual([]);
    await expect(syn.submissions.get('1')).rejects.toThrow(NotFoundError);
  });

  test('is cancelled by its submitter when that is allowed', async () => {
    const { id } = await bob.submit(queue.id, file);
    await expect(bob.submissions.cancel(id)).rejects.toThrow('noncancellable');
    await syn.submissions.updateStatus({ ...(await syn.submissions.status(id)), canCancel: true });
    await bob.submissions.cancel(id);
    expect(await syn.submissions.status(id)).toMatchObject({ cancelRequested: true });
  });

  test('is deleted by organizers only', async () => {
    const { id } = await bob.submit(queue.id, file);
    await expect(bob.submissions.delete(id)).rejects.toThrow('alice');
    await syn.submissions.delete(id);
    await expect(syn.submissions.get(id)).rejects.toThrow(NotFoundError);
  });
});

describe('a copy of an entity', () => {
  const base = { id: '1', evaluationId: '2', entityId: 'syn3' };
  const entity = {
    id: 'syn3',
    name: 'old',
    etag: 'e',
    concreteType: 'org.sagebionetworks.repo.model.Folder',
  };
  const read = (bundle: object | string) =>
    submittedEntity({
      ...base,
      entityBundleJSON: typeof bundle === 'string' ? bundle : JSON.stringify(bundle),
    });

  test('may have annotations in the old form', () => {
    const annotations = {
      id: 'syn3',
      etag: 'e',
      creationDate: '1',
      stringAnnotations: { s: ['a', 'b'] },
      longAnnotations: { l: [1] },
      doubleAnnotations: { d: [0.5] },
      dateAnnotations: { t: [1577934245000] },
      blobAnnotations: {},
    };
    expect(read({ entity, annotations })?.annotations).toEqual({
      s: ['a', 'b'],
      l: [1],
      d: [0.5],
      t: [new Date(1577934245000)],
    });
  });

  test('keeps whole numbers beyond 2^53', () => {
    const json = JSON.stringify({ entity, annotations: { longAnnotations: { l: [7] } } });
    expect(read(json.replace('[7]', '[9007199254740993]'))?.annotations).toEqual({
      l: [9007199254740993n],
    });
  });

  test('may be missing', () => {
    expect(submittedEntity(base)).toBeUndefined();
    expect(read('')).toBeUndefined();
  });

  test.each([['{'], ['[]'], ['null'], ['"x"'], [{}], [{ entity: { id: 'syn3' } }]])(
    'that cannot be read is reported: %j',
    (bundle) => {
      expect(() => read(bundle)).toThrow(MalformedResponseError);
    },
  );
});

describe('lists', () => {
  test('have all submissions of many pages, of one status, and the own ones', async () => {
    const ids = await submitMany(205);
    const calls = await clients.calls(async () => {
      const found = await syn.submissions.list(queue).toArray();
      expect(found.map(({ id }) => id)).toEqual(ids);
    });
    expect(calls).toHaveLength(3);
    await syn.submit(queue, await own(), { name: 'mine' });
    expect(await syn.submissions.list(queue, { mine: true }).toArray()).toHaveLength(1);
    expect(await bob.submissions.list(queue.id, { mine: true }).toArray()).toHaveLength(205);
    expect(await bob.submissions.bundles(queue.id, { mine: true }).toArray()).toHaveLength(205);
    expect(await syn.submissions.count(queue)).toBe(206);
    const [first = ''] = ids;
    await syn.submissions.updateStatus({
      ...(await syn.submissions.status(first)),
      status: 'VALIDATED',
    });
    const valid = { status: 'VALIDATED' } as const;
    for (const list of [
      syn.submissions.list(queue, valid),
      bob.submissions.list(queue.id, { ...valid, mine: true }),
      syn.submissions.statuses(queue, valid),
    ]) {
      expect((await list.toArray()).map(({ id }) => id)).toEqual([first]);
    }
    for (const mine of [true, false]) {
      const bundles = (mine ? bob : syn).submissions.bundles(queue.id, { ...valid, mine });
      expect(await bundles.toArray()).toHaveLength(1);
    }
  }, 60_000);

  const own = async (): Promise<string> => {
    const stream = new Blob(['x']).stream();
    const name = `own${(count += 1)}`;
    return (await syn.store(new File({ name, parent: project, stream }))).id;
  };

  test('of an empty evaluation are empty', async () => {
    expect(await syn.submissions.list(queue).toArray()).toEqual([]);
    expect(await syn.submissions.bundles(queue, { status: 'SCORED' }).toArray()).toEqual([]);
    expect(await syn.submissions.count(queue)).toBe(0);
  });

  test('miss nothing when each submission gets another status while the list is read', async () => {
    const ids = await submitMany(230);
    const seen: string[] = [];
    for await (const { submission, status } of syn.submissions.bundles(queue, {
      status: 'RECEIVED',
    })) {
      seen.push(submission.id);
      await syn.submissions.updateStatus({ ...status, status: 'SCORED' });
    }
    expect(seen).toEqual(ids);
  }, 60_000);

  test('miss nothing when some submissions are deleted while the list is read', async () => {
    const ids = await submitMany(320);
    const seen: string[] = [];
    for await (const { id } of syn.submissions.list(queue)) {
      seen.push(id);
      if (seen.length % 3 === 0) await syn.submissions.delete(id);
    }
    expect(seen).toEqual(ids);
  }, 60_000);

  test('need a status that there is', () => {
    expect(() => syn.submissions.list(queue, { status: 'scored' as 'SCORED' })).toThrow(
      'Did you mean SCORED?',
    );
  });

  test('hide private annotations from those who may not read them', async () => {
    const { id } = await bob.submit(queue.id, file);
    await syn.submissions.updateStatus({
      ...(await syn.submissions.status(id)),
      annotations: {
        doubleAnnos: [
          { key: 'auc', value: 0.5, isPrivate: false },
          { key: 'secret', value: 1, isPrivate: true },
        ],
      },
      submissionAnnotations: { note: 'x' },
    });
    const [seen] = await bob.submissions.statuses(queue.id).toArray();
    expect(seen?.annotations?.doubleAnnos?.map(({ key }) => key)).toEqual(['auc']);
    expect(seen?.submissionAnnotations).toEqual({});
    const [all] = await syn.submissions.statuses(queue).toArray();
    expect(all?.submissionAnnotations).toEqual({ note: ['x'] });
  });
});

describe('scores', () => {
  test('by id keep what is not given', async () => {
    const ids = await submitMany(5);
    await syn.submissions.score(queue, [
      { id: ids[0] ?? '', submissionAnnotations: { auc: 0.5, note: 'a' } },
    ]);
    const calls = await clients.calls(async () => {
      const { updated, failed } = await syn.submissions.score(queue, [
        { id: `${ids[0] ?? ''}.0`, submissionAnnotations: { auc: 0.75 }, score: 0.5 },
        ...ids.slice(1).map((id, i) => ({ id, submissionAnnotations: { auc: i / 10 } })),
        { id: '1' },
        { id: 'x' },
      ]);
      expect(updated).toEqual(ids);
      expect(failed.map(({ submissionId }) => submissionId)).toEqual(['x', '1']);
    });
    expect(calls).toEqual([
      'evaluation.listAllEvaluationSubmissionStatuses',
      'evaluation.updateEvaluationSubmissionStatusBatch',
    ]);
    expect(await syn.submissions.status(ids[0] ?? '')).toMatchObject({
      status: 'SCORED',
      score: 0.5,
      submissionAnnotations: { auc: [0.75], note: ['a'] },
    });
  });

  test('are applied again when somebody changes the status at the same time', async () => {
    const [id = ''] = await submitMany(1);
    const operation = 'evaluation.updateEvaluationSubmissionStatusBatch';
    const faults = [
      { operation, times: 1, status: 412, reason: 'was updated since you fetched it' },
    ];
    clients.server.conditions.set({ faults });
    expect(await syn.submissions.score(queue, [{ id, status: 'ACCEPTED' }])).toEqual({
      updated: [id],
      failed: [],
    });
  });

  test('of nothing need no request', async () => {
    expect(await clients.calls(() => syn.submissions.score(queue.name, []))).toEqual([]);
  });
});
