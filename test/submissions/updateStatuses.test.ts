import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  File,
  NotFoundError,
  PreconditionFailedError,
  type Evaluation,
  type SubmissionStatus,
  type Synapse,
} from '../../src/index.js';
import type { AnnotationsValue } from '../../generated/models.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let queue: Evaluation;
let entity: string;
let project: string;
let count = 0;
const batch = 'evaluation.updateEvaluationSubmissionStatusBatch';

beforeAll(async () => {
  syn = await clients.open('alice');
  ({ id: project } = await clients.project(syn));
  const stream = new Blob(['x']).stream();
  ({ id: entity } = await syn.store(new File({ name: 'x.txt', parent: project, stream })));
});
beforeEach(async () => {
  queue = await syn.evaluations.create({ name: `Queue ${(count += 1)} ${project}`, project });
});
afterEach(() => {
  clients.server.conditions.set({ faults: [] });
});

/** The statuses of new submissions, marked as scored. */
async function scored(number: number): Promise<SubmissionStatus[]> {
  for (let i = 0; i < number; i += 1) await syn.submit(queue, entity, { name: `s${i}` });
  const statuses = await syn.submissions.statuses(queue).toArray();
  return statuses.map((status, i) => ({
    ...status,
    status: 'SCORED' as const,
    submissionAnnotations: { rank: [i] },
  }));
}

async function stored(): Promise<Map<string, SubmissionStatus>> {
  const statuses = await syn.submissions.statuses(queue).toArray();
  return new Map(statuses.map((status) => [status.id, status]));
}

/** Checks that each status is in one list, and that what was updated was stored once. */
async function expectAllTold(
  statuses: readonly SubmissionStatus[],
  { updated, failed }: Awaited<ReturnType<Synapse['submissions']['updateStatuses']>>,
): Promise<void> {
  const told = [...updated, ...failed.map(({ submissionId }) => submissionId)];
  expect(told.sort()).toEqual(statuses.map(({ id }) => id).sort());
  const now = await stored();
  for (const { id, statusVersion } of statuses) {
    if (!updated.includes(id)) continue;
    expect(now.get(id)).toMatchObject({ status: 'SCORED', statusVersion: statusVersion + 1 });
  }
}

describe('statuses', () => {
  test('of no submissions need no request', async () => {
    const calls = await clients.calls(async () => {
      expect(await syn.submissions.updateStatuses(queue, [])).toEqual({ updated: [], failed: [] });
    });
    expect(calls).toEqual([]);
  });

  test('of more submissions than a batch has are stored in batches with tokens', async () => {
    const statuses = await scored(1001);
    const calls = await clients.calls(async () => {
      const result = await syn.submissions.updateStatuses(queue, statuses);
      expect(result).toEqual({ updated: statuses.map(({ id }) => id), failed: [] });
    });
    expect(calls).toEqual([batch, batch, batch]);
    const now = await stored();
    expect(statuses.every(({ id }) => now.get(id)?.status === 'SCORED')).toBe(true);
    expect(now.get(statuses[700]?.id ?? '')?.submissionAnnotations).toEqual({ rank: [700] });
  }, 120_000);

  test('are read from a generator while batches are sent', async () => {
    await scored(120);
    async function* generated() {
      for await (const { status } of syn.submissions.bundles(queue, { status: 'RECEIVED' })) {
        yield { ...status, status: 'SCORED' as const };
      }
    }
    const { updated, failed } = await syn.submissions.updateStatuses(queue, generated());
    expect([updated.length, failed.length]).toEqual([120, 0]);
    expect(await syn.submissions.statuses(queue, { status: 'RECEIVED' }).toArray()).toEqual([]);
  });

  test('that somebody changed are told, and the others are stored', async () => {
    const statuses = await scored(8);
    const [, , third, , , sixth] = statuses;
    for (const status of [third, sixth]) {
      if (status) await syn.submissions.updateStatus({ ...status, status: 'INVALID' });
    }
    const calls = await clients.calls(async () => {
      const result = await syn.submissions.updateStatuses(queue, statuses);
      expect(result.failed.map(({ submissionId }) => submissionId)).toEqual([third?.id, sixth?.id]);
      for (const { error } of result.failed) {
        expect(error).toBeInstanceOf(PreconditionFailedError);
        expect(error.message).toContain('Read it again with syn.submissions.status');
      }
    });
    expect(calls).toEqual([batch, 'evaluation.listAllEvaluationSubmissionStatuses', batch]);
    const now = await stored();
    expect(now.get(third?.id ?? '')?.status).toBe('INVALID');
  });

  test('of unknown submissions, and of those to another evaluation, are told', async () => {
    const statuses = await scored(5);
    const other = await syn.evaluations.create({ name: `Other ${queue.name}`, project });
    const { id } = await syn.submit(other, entity);
    const foreign = { ...(await syn.submissions.status(id)), status: 'SCORED' as const };
    const unknown = { ...foreign, id: '99999' };
    const result = await syn.submissions.updateStatuses(queue, [unknown, ...statuses, foreign]);
    expect(result.failed.map(({ submissionId }) => submissionId)).toEqual(['99999', id]);
    for (const { error } of result.failed) expect(error).toBeInstanceOf(NotFoundError);
    expect(result.updated).toEqual(statuses.map((status) => status.id));
    expect((await syn.submissions.status(id)).status).toBe('RECEIVED');
  });

  test('of an unknown submission may make the server fail, which keeps no other from being stored', async () => {
    const statuses = await scored(5);
    const [first] = statuses;
    if (first === undefined) throw new Error('no submission');
    // The service of Synapse fails so; the embedded one says that the submission does not exist.
    clients.server.conditions.set({ faults: [{ operation: batch, times: 1, status: 500 }] });
    const result = await syn.submissions.updateStatuses(queue, [
      { ...first, id: '1' },
      ...statuses,
    ]);
    expect(result.failed.map(({ submissionId }) => submissionId)).toEqual(['1']);
    await expectAllTold(statuses, { ...result, failed: [] });
  });

  test('that the service refuses for their content are found among the others', async () => {
    const statuses = await scored(20);
    const twice = { key: 'twice', value: 'a' };
    const bad = [3, 4, 17].map((i) => statuses[i]?.id ?? '');
    const given = statuses.map((status) =>
      bad.includes(status.id)
        ? { ...status, annotations: { stringAnnos: [twice, twice] } }
        : status,
    );
    const result = await syn.submissions.updateStatuses(queue, given);
    expect(result.failed.map(({ submissionId }) => submissionId)).toEqual(bad);
    expect(result.failed[0]?.error.message).toContain('duplicate keys');
    await expectAllTold(statuses, result);
  });

  test('that cannot be sent are told without a request', async () => {
    const [one] = await scored(1);
    if (one === undefined) throw new Error('no submission');
    const calls = await clients.calls(async () => {
      const { updated, failed } = await syn.submissions.updateStatuses(queue, [
        { ...one, score: 1.5 },
        { ...one, status: 'DONE' as 'SCORED' },
        { ...one, etag: undefined as unknown as string },
        { ...one, submissionAnnotations: { list: [] } },
        { ...one, id: 'x' },
        { ...one, status: undefined },
      ]);
      expect(updated).toEqual([]);
      expect(failed).toHaveLength(6);
      for (const { error } of failed) expect(error).toBeInstanceOf(ArgumentError);
    });
    expect(calls).toEqual([]);
  });

  test('of a submission that is given twice are stored once', async () => {
    const [one] = await scored(1);
    if (one === undefined) throw new Error('no submission');
    const result = await syn.submissions.updateStatuses(queue, [
      one,
      { ...one, id: `${one.id}.0` },
    ]);
    expect(result.updated).toEqual([one.id]);
    expect(result.failed[0]?.error.message).toContain('given twice');
  });

  test.each([
    ['lost after it was applied', { loseAnswer: true }],
    ['lost before it was applied', { dropRequestAt: 0 }],
    ['given up by a gateway', { status: 504 }],
  ])('whose request is %s are stored once', async (_, loss) => {
    const statuses = await scored(6);
    clients.server.conditions.set({ faults: [{ operation: batch, times: 1, ...loss }] });
    const result = await syn.submissions.updateStatuses(queue, statuses);
    expect(result.failed).toEqual([]);
    await expectAllTold(statuses, result);
  });

  test('in the second of three batches may lose their answer', async () => {
    const statuses = await scored(1001);
    clients.server.conditions.set({
      faults: [{ operation: batch, times: 1, skip: 1, loseAnswer: true }],
    });
    const result = await syn.submissions.updateStatuses(queue, statuses);
    expect(result.failed).toEqual([]);
    await expectAllTold(statuses, result);
  }, 120_000);

  test('go on when somebody changes a submission between two batches', async () => {
    const statuses = await scored(501);
    const extra = await syn.submit(queue, entity, { name: 'meanwhile' });
    async function* disturbed() {
      for (const [i, status] of statuses.entries()) {
        yield status;
        if (i === 500) {
          // The first batch has been sent.
          const theirs = await syn.submissions.status(extra.id);
          await syn.submissions.updateStatus({ ...theirs, status: 'REJECTED' });
        }
      }
    }
    const calls = await clients.calls(async () => {
      const result = await syn.submissions.updateStatuses(queue, disturbed());
      expect(result).toEqual({ updated: statuses.map(({ id }) => id), failed: [] });
    });
    expect(calls.filter((call) => call === batch)).toHaveLength(3);
  }, 120_000);

  test('are all told when the server fails in the middle', async () => {
    const statuses = await scored(501);
    clients.server.conditions.set({ faults: [{ operation: batch, skip: 1, status: 500 }] });
    const result = await syn.submissions.updateStatuses(queue, statuses);
    expect([result.updated.length, result.failed.length]).toEqual([500, 1]);
    await expectAllTold(statuses, result);
  }, 120_000);

  test('are refused as a whole without the permission', async () => {
    const statuses = await scored(1);
    const bob = await clients.open('bob');
    const late = bob.submissions.updateStatuses(queue.id, statuses);
    await expect(late).rejects.toThrow(AuthorizationError);
    await expect(late).rejects.toThrow('can grant it');
  });

  test('stop when the caller aborts', async () => {
    const statuses = await scored(1);
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(syn.submissions.updateStatuses(queue, statuses, { signal })).rejects.toBe(reason);
  });
});

describe('one status', () => {
  test('whose answer is lost is stored once', async () => {
    const [one] = await scored(1);
    if (one === undefined) throw new Error('no submission');
    const operation = 'evaluation.updateEvaluationSubmissionStatus';
    clients.server.conditions.set({ faults: [{ operation, times: 1, loseAnswer: true }] });
    const now = await syn.submissions.updateStatus({
      ...one,
      score: 0.25,
      report: 'fine',
      annotations: { big: 12n, half: 0.5, text: 'x' },
    });
    expect(now).toMatchObject({ status: 'SCORED', statusVersion: 1, score: 0.25 });
  });

  test('that somebody changed is a conflict', async () => {
    const [one] = await scored(1);
    if (one === undefined) throw new Error('no submission');
    await syn.submissions.updateStatus(one);
    const late = syn.submissions.updateStatus({ ...one, status: 'INVALID' });
    await expect(late).rejects.toThrow(PreconditionFailedError);
  });

  test('keeps the types of its annotations', async () => {
    const [one] = await scored(1);
    if (one === undefined) throw new Error('no submission');
    const wire: Record<string, AnnotationsValue> = {
      d: { type: 'DOUBLE', value: ['1.0', 'NaN'] },
      l: { type: 'LONG', value: ['9007199254740993'] },
      s: { type: 'STRING', value: ['true', ''] },
      b: { type: 'BOOLEAN', value: ['true'] },
      t: { type: 'TIMESTAMP_MS', value: ['1577934245000'] },
    };
    const etag = one.etag;
    await syn.services.evaluation.updateEvaluationSubmissionStatus({
      subId: one.id,
      body: {
        ...one,
        annotations: {
          doubleAnnos: [{ key: 'auc', value: 1, isPrivate: false }],
          longAnnos: [{ key: 'n', value: 2, isPrivate: true }],
        },
        submissionAnnotations: { id: one.id, etag, annotations: wire },
      },
    });
    const read = await syn.submissions.status(one.id);
    expect(read.submissionAnnotations['l']).toEqual([9007199254740993n]);
    const again = await syn.submissions.updateStatus({ ...read, status: 'VALIDATED' });
    const { submissionAnnotations: raw, annotations } =
      await syn.services.evaluation.getEvaluationSubmissionStatus({ subId: one.id });
    expect(again.status).toBe('VALIDATED');
    expect(raw?.annotations).toEqual({ ...wire, d: { type: 'DOUBLE', value: ['1.0', 'NaN'] } });
    expect(annotations?.doubleAnnos).toEqual([{ key: 'auc', value: 1, isPrivate: false }]);
    expect(annotations?.longAnnos).toEqual([{ key: 'n', value: 2, isPrivate: true }]);
  });

  test('may be given in the form of the API', async () => {
    const [one] = await scored(1);
    if (one === undefined) throw new Error('no submission');
    const raw = await syn.services.evaluation.getEvaluationSubmissionStatus({ subId: one.id });
    const annotations = { f1: { type: 'DOUBLE' as const, value: ['1'] } };
    await syn.submissions.updateStatus({
      ...one,
      etag: raw.etag ?? '',
      submissionAnnotations: { id: one.id, etag: raw.etag ?? '', annotations },
    });
    const now = await syn.services.evaluation.getEvaluationSubmissionStatus({ subId: one.id });
    expect(now.submissionAnnotations?.annotations).toEqual(annotations);
  });
});
