import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { File, Project, type Evaluation } from '../../src/index.js';
import { withCommands, type Commands } from './withCommands.js';

const commands = withCommands();
const run: Commands['run'] = (args, options) => commands.run(args, options);
let project: string;
let queue: Evaluation;
let file: string;
let count = 0;

beforeAll(async () => {
  const { syn } = commands;
  ({ id: project } = await syn.store(new Project({ name: `Challenge ${process.pid}` })));
  queue = await newQueue();
  const stream = new Blob(['a,b\n1,2\n']).stream();
  ({ id: file } = await syn.store(new File({ name: 'first.csv', parent: project, stream })));
});

const newQueue = (): Promise<Evaluation> =>
  commands.syn.evaluations.create({
    name: `Round ${(count += 1)} of ${process.pid}`,
    project,
    submissionInstructionsMessage: 'One CSV file.',
    submissionReceiptMessage: 'Thank you.\u001b[31m',
  });

describe('synapse submit', () => {
  const submitted = /^Submitted \(id: (\d+)\) entity: (syn\d+)\t(.+) to Evaluation: (\d+)\n$/;

  test.each([
    ['--evaluation', () => queue.id, '--entity'],
    ['--evaluation', () => queue.name, '--eid'],
    ['--evaluationID', () => queue.id, '--id'],
    ['--evaluationId', () => queue.id, '--entityId'],
    ['--evalID', () => queue.id, '--entity'],
    ['--evaluationName', () => queue.name, '--entity'],
    ['--evalN', () => queue.name, '--entity'],
  ])('submits an entity with %s', async (flag, evaluation, entity) => {
    const {
      stdout,
      stderr,
      status: code,
    } = await run(['submit', flag, evaluation(), entity, file]);
    expect([stderr, code]).toEqual(['Thank you.\\x1b[31m\n', 0]);
    expect(submitted.exec(stdout)?.slice(2)).toEqual([file, 'first.csv', queue.id]);
  });

  test('uploads a file first, with provenance, and submits it under a name', async () => {
    await writeFile(join(commands.home, 'predictions.csv'), 'x\n');
    const { stdout, status: code } = await run([
      'submit',
      '--evaluation',
      queue.name,
      '-f',
      'predictions.csv',
      '--parentid',
      project,
      '--name',
      'my try',
      '--alias',
      'Lynx',
      '--used',
      file,
      '--executed',
      'https://example.org/code',
    ]);
    expect(code).toBe(0);
    const [, id = '', entity = '', name] = submitted.exec(stdout) ?? [];
    expect(name).toBe('my try');
    const activity = await commands.syn.provenance.get(entity);
    expect(activity?.used?.map(({ wasExecuted }) => wasExecuted)).toEqual([false, true]);
    const { submitterAlias } = await commands.syn.submissions.get(id, { downloadFile: false });
    expect(submitterAlias).toBe('Lynx');
  });

  test('prints the submission with --json', async () => {
    const { stdout } = await run(['submit', '--evaluation', queue.id, '--entity', file, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      entityId: file,
      receiptMessage: 'Thank you.\u001b[31m',
    });
  });

  test('uses the id and the entity when a name and a file are given, too', async () => {
    const { stdout, stderr } = await run([
      'submit',
      '--evaluationID',
      queue.id,
      '--evaluationName',
      'x',
      '--entity',
      file,
      '--file',
      'y',
    ]);
    expect(stdout).toMatch(submitted);
    expect(stderr).toContain('the id is used');
    expect(stderr).toContain('the entity is used');
  });

  test.each([
    [['--entity', 'syn1'], 'Name the evaluation', 2],
    [['--evaluation', '1'], 'Name what to submit', 2],
    [['--evaluation', '1', '--file', 'x'], 'A file needs --parent-id', 2],
    [['--evaluation', '1', '--file', 'nowhere', '--parent-id', 'syn1'], 'nowhere is not a file', 2],
    [['--evaluation', 'No such', '--entity', 'syn1'], 'There is no evaluation named', 4],
  ])('refuses %j', async (args, message, status) => {
    const { stderr, stdout, status: code } = await run(['submit', ...args]);
    expect([stdout, code]).toEqual(['', status]);
    expect(stderr).toContain(message);
  });
});

describe('synapse evaluation', () => {
  test('creates, lists and shows evaluations', async () => {
    const name = `New queue of ${process.pid}`;
    const made = await run([
      'evaluation',
      'create',
      name,
      '--project',
      project,
      '--receipt',
      'Thanks',
    ]);
    const [, id = ''] = /^Created evaluation: (\d+)\t/.exec(made.stdout) ?? [];
    await commands.syn.evaluations.createRound(id, {
      roundStart: '2090-01-01T00:00:00Z',
      roundEnd: '2091-01-01T00:00:00Z',
      limits: { TOTAL: 3 },
    });
    const listed = await run(['evaluation', 'list', '--project', project]);
    expect(listed.stdout).toMatch(new RegExp(`^ID +NAME +PROJECT\n${id} +${name} +${project}\n`));
    expect(
      (await run(['evaluation', 'list', '--project', project, '--active'])).stdout,
    ).not.toContain(id);
    const shown = await run(['evaluation', 'show', name]);
    expect(shown.stdout).toContain(`id            ${id}\nname          ${name}\n`);
    expect(shown.stdout).toContain('2090-01-01T00:00:00.000Z to 2091-01-01T00:00:00.000Z, TOTAL 3');
    expect(shown.stdout).toContain('canSubmit');
    const json = JSON.parse((await run(['evaluation', 'show', id, '--json'])).stdout) as object;
    expect(json).toMatchObject({
      id,
      rounds: [{ evaluationId: id }],
      permissions: { canEdit: true },
    });
  });

  test('lists submissions, of one status and the own ones', async () => {
    const other = await newQueue();
    const { id } = await commands.syn.submit(other, file, { alias: 'Lynx' });
    const { stdout } = await run(['evaluation', 'submissions', other.name]);
    expect(stdout).toMatch(/^ID +STATUS +ENTITY +SUBMITTER +CREATED +NAME\n/);
    expect(stdout).toMatch(new RegExp(`\n${id} +RECEIVED +${file}\\.1 +Lynx +\\S+ +first.csv\n$`));
    const scored = await run(['evaluation', 'submissions', other.id, '--status', 'SCORED']);
    expect([scored.stdout, scored.status]).toEqual(['', 0]);
    const mine = await run(['evaluation', 'submissions', other.id, '--mine', '--json']);
    expect(JSON.parse(mine.stdout)).toMatchObject([{ submission: { id }, status: { id } }]);
    expect((await run(['evaluation', 'submissions', other.id, '--status', 'x'])).status).toBe(2);
  });

  test('scores many submissions from a CSV file', async () => {
    const other = await newQueue();
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.push((await commands.syn.submit(other, file)).id);
    const [one = '', two = '', three = ''] = ids;
    await writeFile(
      join(commands.home, 'scores.csv'),
      `\uFEFFROW_ID,id,name,status,auc,rank,big,team,report\r\n` +
        `1,${one},first.csv,,1,1,12345678901234567,"Lynx, ""the""",fine\r\n` +
        `2,${two}.0,first.csv,INVALID,0.25,,,007,\r\n` +
        `3,${three},first.csv,ACCEPTED,,2,,,\r\n`,
    );
    const {
      stdout,
      stderr,
      status: code,
    } = await run(['evaluation', 'score', other.id, 'scores.csv']);
    expect(code).toBe(0);
    expect(stdout).toBe(ids.map((id) => `Scored submission: ${id}\n`).join(''));
    expect(stderr).toContain('the columns ROW_ID, name.');
    const status = (id: string) => commands.syn.submissions.status(id);
    expect(await status(one)).toMatchObject({
      status: 'SCORED',
      report: 'fine',
      submissionAnnotations: {
        auc: [1],
        rank: [1],
        big: [12345678901234567n],
        team: ['Lynx, "the"'],
      },
    });
    expect(await status(two)).toMatchObject({
      status: 'INVALID',
      submissionAnnotations: { team: ['007'] },
    });
    expect((await status(three)).submissionAnnotations).toEqual({ rank: [2] });
    const raw = await commands.syn.services.evaluation.getEvaluationSubmissionStatus({
      subId: one,
    });
    expect(raw.submissionAnnotations?.annotations?.['auc']).toMatchObject({ type: 'DOUBLE' });
  });

  test('scores from JSON on standard input, and one submission by flags', async () => {
    const { id } = await commands.syn.submit(queue, file);
    const input = JSON.stringify([{ id, status: 'VALIDATED', annotations: { auc: 0.5 } }]);
    await run(['evaluation', 'score', queue.id, '-'], { input });
    const flags = ['--submission', id, '--annotations', '{"f1": 1.0}', '--status', 'SCORED'];
    const { stdout } = await run(['evaluation', 'score', queue.id, ...flags]);
    expect(stdout).toBe(`Scored submission: ${id}\n`);
    const raw = await commands.syn.services.evaluation.getEvaluationSubmissionStatus({ subId: id });
    expect(raw).toMatchObject({
      status: 'SCORED',
      submissionAnnotations: {
        annotations: { auc: { type: 'DOUBLE' }, f1: { type: 'DOUBLE', value: ['1.0'] } },
      },
    });
  });

  test('tells which scores were not stored, and stores the others', async () => {
    const { id } = await commands.syn.submit(queue, file);
    await writeFile(join(commands.home, 'some.csv'), `id,score\n${id},0.5\n1,0.5\n2,7\n`);
    const {
      stdout,
      stderr,
      status: code,
    } = await run(['evaluation', 'score', queue.id, 'some.csv']);
    expect(stdout).toBe(`Scored submission: ${id}\n`);
    expect(stderr).toContain(`1: Evaluation ${queue.id} has no submission 1.`);
    expect(code).toBe(5);
    const json = await run(['evaluation', 'score', queue.id, 'some.csv', '--json']);
    expect(json.stdout).toContain('"updated"');
    expect(json.status).toBe(5);
  });

  test.each([
    [['1'], 'Give a file with scores, or --submission'],
    [['1', 'nowhere.csv'], 'nowhere.csv cannot be read'],
    [['1', 'noid.csv'], 'has no column "id"'],
    [['1', 'status.csv'], 'row 2 has the status "done"'],
    [['1', 'bad.json'], 'item 1 has a member "auc"'],
  ])('score refuses %j', async (args, message) => {
    await writeFile(join(commands.home, 'noid.csv'), 'name,auc\nx,1\n');
    await writeFile(join(commands.home, 'status.csv'), 'id,status\n1,done\n');
    await writeFile(join(commands.home, 'bad.json'), '[{"id": 1, "auc": 2}]');
    const { stderr, status: code } = await run(['evaluation', 'score', ...args]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  test('downloads what was submitted, each file into a folder of its own', async () => {
    const other = await newQueue();
    const { syn } = commands;
    const ids = [
      await syn.submit(other, file),
      await syn.submit(other, file),
      await syn.submit(other, project),
    ];
    await mkdir(join(commands.home, 'got'), { recursive: true });
    const { stdout, status: code } = await run(['evaluation', 'download', other.id, 'got']);
    expect(code).toBe(0);
    const [one, two, three] = ids.map(({ id }) => id);
    expect(stdout).toBe(
      `${one}\t${join(commands.home, 'got', one ?? '', 'first.csv')}\n` +
        `${two}\t${join(commands.home, 'got', two ?? '', 'first.csv')}\n${three}\t${project}\n`,
    );
    expect((await readdir(join(commands.home, 'got'))).sort()).toEqual([one, two].sort());
    const text = await readFile(join(commands.home, 'got', two ?? '', 'first.csv'), 'utf8');
    expect(text).toBe('a,b\n1,2\n');
    const again = await run(['evaluation', 'download', other.id, 'got']);
    expect([again.stdout, again.status]).toEqual([stdout, 0]);
  });
});
