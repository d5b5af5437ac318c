import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Folder, Synapse, type AnnotationsInput } from '../../src/index.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { runSynapse, type Ended } from './runSynapse.js';

let local: LocalSynapse;
let home: string;
let syn: Synapse;
let id: string;
let other: string;

const synapse = (args: string[], input?: string): Promise<Ended> =>
  runSynapse(args, {
    home,
    input,
    env: { SYNAPSE_ENDPOINT: local.endpoint, SYNAPSE_AUTH_TOKEN: local.authToken, TZ: 'UTC' },
  });

const wire = async (entity: string) =>
  (await syn.services.entity.getEntityAnnotations({ id: entity })).annotations;

const set = (json: string, ...more: string[]): Promise<Ended> =>
  synapse(['set-annotations', id, '--annotations', json, ...more]);

beforeAll(async () => {
  local = await startLocalSynapse({ strict: true });
  home = await mkdtemp(join(tmpdir(), 'cli-annotations-'));
  syn = new Synapse({ endpoint: local.endpoint, configPath: join(home, 'none'), useCache: false });
  await syn.login({ authToken: local.authToken });
  const { Project } = await import('../../src/index.js');
  const parent = await syn.store(new Project({ name: 'Annotations of the command line' }));
  ({ id } = await syn.store(new Folder({ name: 'one', parent })));
  ({ id: other } = await syn.store(new Folder({ name: 'other', parent })));
});

beforeEach(async () => {
  for (const entity of [id, other]) await syn.setAnnotations(entity, {}, { replace: true });
});

afterAll(async () => {
  await syn.close();
  await local.close();
  await rm(home, { recursive: true, force: true });
  expect(local.contractViolations).toEqual([]);
});

describe('set-annotations', () => {
  test('stores the types of the Python client', async () => {
    expect(
      (await set('{"b":9007199254740993,"d":"2020-01-01T00:00:00Z","x":1.0,"n":1,"m":NaN}')).status,
    ).toBe(0);
    expect(await wire(id)).toEqual({
      b: { type: 'LONG', value: ['9007199254740993'] },
      d: { type: 'TIMESTAMP_MS', value: ['1577836800000'] },
      x: { type: 'DOUBLE', value: ['1.0'] },
      n: { type: 'LONG', value: ['1'] },
      m: { type: 'DOUBLE', value: ['nan'] },
    });
  });

  test('reads them from standard input, and prints them exactly with --json', async () => {
    const args = ['set-annotations', '--id', id, '--annotations', '-', '--json'];
    const { status, stdout } = await synapse(args, '{"b":9007199254740993,"x":1.0,"m":NaN}');
    expect({ status, text: stdout.replace(/\s/g, '') }).toEqual({
      status: 0,
      text: '{"b":[9007199254740993],"x":[1.0],"m":["NaN"]}',
    });
  });

  test('removes the annotation that is null', async () => {
    await syn.setAnnotations(id, { a: 'x', b: 'y' });
    expect((await set('{"a":null}')).status).toBe(0);
    expect(await wire(id)).toEqual({ b: { type: 'STRING', value: ['y'] } });
  });

  test.each(['[1,"x"]', '[]', '9223372036854775808', '1e400'])('refuses %s', async (value) => {
    const { status, stderr } = await set(`{"a":${value}}`);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('annotation "a" '),
    });
    expect(await wire(id)).toEqual({});
  });

  test('refuses an id with a version, and two different ids', async () => {
    const json = ['--annotations', '{"a":1}'];
    const versioned = await synapse(['set-annotations', `${id}.1`, ...json]);
    const two = await synapse(['set-annotations', id, '--id', other, ...json]);
    expect([versioned.status, versioned.stderr]).toEqual([2, expect.stringContaining('version 1')]);
    expect([two.status, two.stderr]).toEqual([2, expect.stringContaining(other)]);
    expect([await wire(id), await wire(other)]).toEqual([{}, {}]);
  });
});

/** Every type, and the values that are easily changed on the way. */
const all = {
  string: ['x', '', 'é 数据 😀', ' spaces ', 'quote " \\ \n', 'NaN', '1', 'true'],
  dateLike: ['2020-01-01 00:00:00.000', '1960-12-31 23:59:59.999'],
  isoDate: ['2020-01-01T00:00:00Z'],
  long: [
    0,
    1,
    -1,
    9007199254740991,
    9007199254740993n,
    9223372036854775807n,
    -9223372036854775808n,
  ],
  double: { type: 'DOUBLE', value: [1, 0.1, 1e16, 5e-324, -0, Number.NaN, Infinity, -Infinity] },
  boolean: [true, false],
  date: [new Date(0), new Date('2020-01-01T12:34:56.789Z'), new Date('1960-01-01T00:00:00.001Z')],
  farDate: { type: 'TIMESTAMP_MS', value: ['99999999999999999', '-99999999999999999'] },
  hugeDouble: { type: 'DOUBLE', value: ['1e400', '1e-400', '2.0'] },
  noString: { type: 'STRING', value: [] },
  noLong: { type: 'LONG', value: [] },
  noDate: { type: 'TIMESTAMP_MS', value: [] },
  constructor: 'kept',
  toString: 'kept',
  hasOwnProperty: [1],
} satisfies Record<string, unknown> as unknown as AnnotationsInput;

async function storeAll(): Promise<void> {
  // The library reads no dates beyond the year 9999; Synapse stores them.
  const { toWireAnnotations } = await import('../../src/index.js');
  const before = await syn.services.entity.getEntityAnnotations({ id });
  const body = { ...before, annotations: toWireAnnotations(all) };
  await syn.services.entity.updateEntityAnnotations({ id, body });
}

describe('annotations that one command prints and another reads', () => {
  test('are the same with --output', async () => {
    await storeAll();
    const file = join(home, 'all.json');
    expect((await synapse(['get-annotations', id, '-o', file])).status).toBe(0);
    expect((await synapse(['set-annotations', other, '--annotations', `@${file}`])).stderr).toBe(
      `Set annotations on entity ${other}\n`,
    );
    expect(await wire(other)).toEqual(await wire(id));
  });

  test('are the same with --json', async () => {
    await storeAll();
    const { stdout } = await synapse(['get-annotations', '--id', id, '--json']);
    await synapse(['set-annotations', other, '--annotations', '-'], stdout);
    expect(await wire(other)).toEqual(await wire(id));
  });

  test('are the same on standard output, if no list is empty', async () => {
    await storeAll();
    const none = { noString: null, noLong: null, noDate: null };
    await set(JSON.stringify(none));
    const { stdout } = await synapse(['get-annotations', id]);
    await synapse(['set-annotations', other, '--annotations', '-'], stdout);
    expect(await wire(other)).toEqual(await wire(id));
  });

  test('look like those of the Python client in the file', async () => {
    await syn.setAnnotations(id, {
      d: new Date(0),
      l: 9007199254740993n,
      x: { type: 'DOUBLE', value: [1, Number.NaN] },
    });
    const file = join(home, 'few.json');
    await synapse(['get-annotations', id, '-o', file]);
    expect(await readFile(file, 'utf8')).toBe(
      '{"d": ["1970-01-01 00:00:00.000"], "l": [9007199254740993], "x": [1.0, NaN]}\n',
    );
  });
});

describe('other commands', () => {
  test('show --json prints numbers in full', async () => {
    await storeAll();
    const { status, stdout } = await synapse(['show', id, '--json']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\b9007199254740993,\s+9223372036854775807,\s+-9223372036854775808\b/);
    expect(stdout).toMatch(/"double": \[\s+1\.0,/);
    expect(() => JSON.parse(stdout) as unknown).not.toThrow();
    expect((await synapse(['show', id])).stdout).toContain('9223372036854775807');
  });

  test('api sends and prints the JSON of an entity as it is', async () => {
    const { etag } = await syn.services.entity.getEntityAnnotations({ id });
    const fields = `"id":"${id}","concreteType":"org.sagebionetworks.repo.model.Folder"`;
    const body = `{${fields},"etag":"${etag ?? ''}","b":9007199254740993,"x":1.0,"y":[1.0,2.5],"l":-9223372036854775808}`;
    const put = await synapse(['api', 'entity.updateEntityJson', '--id', id, '--body', body]);
    expect(put.status).toBe(0);
    expect(await wire(id)).toEqual({
      b: { type: 'LONG', value: ['9007199254740993'] },
      x: { type: 'DOUBLE', value: ['1.0'] },
      y: { type: 'DOUBLE', value: ['1.0', '2.5'] },
      l: { type: 'LONG', value: ['-9223372036854775808'] },
    });
    const file = join(home, 'entity.json');
    const { stdout } = await synapse(['api', 'GET', `/repo/v1/entity/${id}/json`]);
    expect(stdout).toMatch(/"b": 9007199254740993,\s+"x": 1\.0,/);
    await writeFile(file, stdout);
    const before = await wire(id);
    await synapse(['api', 'PUT', `/repo/v1/entity/${id}/json`, '--body', `@${file}`]);
    expect(await wire(id)).toEqual(before);
  });

  test('store adds annotations with their types, and does not remove any', async () => {
    const file = join(home, 'data.txt');
    await writeFile(file, 'data');
    const store = (json: string): Promise<Ended> =>
      synapse(['store', file, '--parent-id', id, '--annotations', json, '--json']);
    const { stdout } = await store('{"b":9007199254740993,"x":1.0,"d":"2020-01-01"}');
    expect(await wire((JSON.parse(stdout) as { id: string }).id)).toEqual({
      b: { type: 'LONG', value: ['9007199254740993'] },
      x: { type: 'DOUBLE', value: ['1.0'] },
      d: { type: 'TIMESTAMP_MS', value: ['1577836800000'] },
    });
    expect(await store('{"b":null}')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('set-annotations'),
    });
  });

  test.each([
    ['cat', (file: string) => [`${file}.1`, '-v', '2']],
    ['head', (file: string) => [`${file}.1`, '-v', '2']],
    ['get', (file: string) => [`${file}.1`, '--version', '2']],
    ['show', (file: string) => [`${file}.1`, '--version', '2']],
    ['delete', (file: string) => [`${file}.1`, '--version', '2']],
    ['get-annotations', (file: string) => [`${file}.1`, '--version', '2']],
    ['set-annotations', (file: string) => ['--id', `${file}.1`, '--annotations', '{"a":1}']],
    ['mv', (file: string) => ['--id', `${file}.1`, '--parent-id', id]],
    ['mv', (file: string) => [file, `${id}.1`]],
    ['store', (file: string) => ['versioned.txt', '--id', `${file}.1`]],
    ['store', () => ['versioned.txt', '--parent-id', `${id}.1`]],
    ['create', () => ['Folder', '--name', 'x', '--parent-id', `${id}.1`]],
    ['list', () => [`${id}.1`]],
    ['get-sts-token', () => [`${id}.1`, 'read_only']],
  ])('%s refuses a version that it cannot mean: %p', async (command, argsOf) => {
    const path = join(home, 'versioned.txt');
    await writeFile(path, 'versioned');
    const { File } = await import('../../src/index.js');
    const { id: file } = await syn.store(new File({ path, parent: id }));
    const { etag } = await syn.get(file, { downloadFile: false });
    const { status, stderr } = await synapse([command, ...argsOf(file)]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/The id names version 1 of syn\d+, but/),
    });
    expect((await syn.get(file, { downloadFile: false })).etag).toBe(etag);
  });

  test('the same version twice is that version', async () => {
    const path = join(home, 'twice.txt');
    await writeFile(path, 'twice');
    const { File } = await import('../../src/index.js');
    const { id: file } = await syn.store(new File({ path, parent: id }));
    expect((await synapse(['cat', `${file}.1`, '-v', '1'])).stdout).toBe('twice');
  });

  test('ids are taken as arguments or flags, and once', async () => {
    expect((await synapse(['mv', other, '--id', id, '--parent-id', id])).status).toBe(2);
    expect((await synapse(['get-annotations'])).stderr).toContain('Missing ID');
    expect((await synapse(['get-annotations', id, '--id', id])).stdout).toBe('{}\n');
  });

  test('mv takes its ids as arguments', async () => {
    expect(await synapse(['mv', other, id])).toEqual({
      status: 0,
      stdout: `Moved ${other} to ${id}\n`,
      stderr: '',
    });
  });
});
