import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  File,
  Folder,
  NotFoundError,
  Project,
  type Synapse,
} from '../../src/index.js';
import { parseSynapsePath } from '../../src/values/synapsePath.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let bob: Synapse;
let project: string;
let folder: string;
let file: string;
beforeAll(async () => {
  syn = await clients.open('alice');
  bob = await clients.open('bob');
  project = (await syn.store(new Project({ name: "Mouse's study (1)" }))).id;
  folder = (await syn.store(new Folder({ name: 'raw data', parent: project }))).id;
  const path = await clients.file('counts.csv', 'one');
  file = (await syn.store(new File({ path, parent: folder, name: 'counts.csv' }))).id;
});

describe('parts of a path', () => {
  test.each([
    ['syn://Study', { names: ['Study'], isContainer: false }],
    ['SYN://Study/', { names: ['Study'], isContainer: true }],
    ['syn://A b/c d', { names: ['A b', 'c d'], isContainer: false }],
    ['syn://syn123/raw/x.csv@3', { id: 'syn123', names: ['raw', 'x.csv'], version: 3 }],
    ['syn://syn123@3', { id: 'syn123', names: [], version: 3 }],
    ['syn://syn123.3', { id: 'syn123', names: [], version: 3 }],
    // Only digits at the very end are a version.
    ['syn://me@here/a@b', { names: ['me@here', 'a@b'] }],
    ['syn://P/a@2/b', { names: ['P', 'a@2', 'b'] }],
    ['syn://P/a@2@1', { names: ['P', 'a@2'], version: 1 }],
    ['syn://P/a@2/', { names: ['P', 'a@2'], isContainer: true }],
    ['syn://P/@2', { names: ['P', '@2'] }],
    ['syn://P/%20?x#y', { names: ['P', '%20?x#y'] }],
    ['syn://P/../x', { names: ['P', '..', 'x'] }],
    ['syn://P/syn123', { names: ['P', 'syn123'] }],
  ])('of %s', (path, parts) => {
    const parsed = parseSynapsePath(path);
    expect(parsed).toMatchObject(parts);
    expect(parsed.version).toBe((parts as { version?: number }).version);
  });

  test.each([
    ['syn://', 'empty name'],
    ['syn:///x', 'empty name'],
    ['syn://P//x', 'empty name'],
    ['syn://P/ /x', 'empty name'],
    ['syn://P//', 'empty name'],
    ['syn://P/x@0', 'begin at 1'],
    ['syn://P/x@99999999999999999999', 'is not a version'],
    ['syn://syn1.2/x', 'no versions'],
    ['syn://syn1.2@3', 'two versions'],
  ])('%s is refused', (path, reason) => {
    expect(() => parseSynapsePath(path)).toThrow(reason);
    expect(() => parseSynapsePath(path)).toThrow(ArgumentError);
  });
});

describe('a path is looked up', () => {
  const lookUp = 'entity.getEntityChildId';

  test.each([
    [() => "syn://Mouse's study (1)/raw data/counts.csv", () => file, 3],
    [() => "syn:// Mouse's study (1) /raw data/counts.csv@1", () => `${file}.1`, 3],
    [() => `syn://${project}/raw data/counts.csv`, () => file, 2],
    [() => `syn://${folder}/counts.csv`, () => file, 1],
    [() => `syn://${file}@7`, () => `${file}.7`, 0],
    [() => `syn://${file}`, () => file, 0],
  ])('with one request for each name', async (path, id, requests) => {
    const found: string[] = [];
    const calls = await clients.calls(async () => found.push(await syn.findByPath(path())));
    expect(found).toEqual([id()]);
    expect(calls).toEqual(Array<string>(requests).fill(lookUp));
  });

  test('and a slash at the end is checked', async () => {
    const calls = await clients.calls(async () => {
      expect(await syn.findByPath(`syn://${project}/raw data/`)).toBe(folder);
    });
    expect(calls).toEqual([lookUp, 'entity.getEntityHeader']);
    await expect(syn.findByPath(`syn://${folder}/counts.csv/`)).rejects.toThrow(
      `ends in a slash, but ${file} is a FileEntity`,
    );
  });

  test('and what several paths have in common, once', async () => {
    const paths = [
      'syn://X',
      '/raw data',
      '/raw data/',
      '/raw data/counts.csv',
      '/raw data/counts.csv@1',
    ];
    const whole = paths.map((path) => path.replace(/^(?:syn:\/\/X)?/, "syn://Mouse's study (1)"));
    let ids: string[] = [];
    const calls = await clients.calls(async () => {
      ids = await syn.findByPaths(whole);
    });
    expect(ids).toEqual([project, folder, folder, file, `${file}.1`]);
    expect(calls.filter((call) => call === lookUp)).toHaveLength(3);
    expect(calls).toHaveLength(4);
  });

  test('by get and download', async () => {
    const path = `syn://${folder}/counts.csv`;
    const got = await syn.get(File, path);
    expect([got.id, got.versionNumber]).toEqual([file, 1]);
    const calls = await clients.calls(() => syn.get(`${path}@1`, { downloadFile: false }));
    expect(calls).toEqual([lookUp, 'entityBundle.getEntityVersionBundle']);
    await expect(syn.get(`${path}@1`, { version: 2 })).rejects.toThrow('give only one of them');
    const bytes = await (await syn.download(path)).toArray();
    expect(Buffer.concat(bytes as Buffer[]).toString()).toBe('one');
  });

  test('and other methods say how to', async () => {
    const error = await syn
      .setAnnotations('syn://P/x', { a: 1 })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ArgumentError);
    expect(String(error)).toContain('syn.findByPath()');
  });
});

describe('what is missing is named', () => {
  const failure = async (path: string, by = syn): Promise<Error> => {
    const error: unknown = await by.findByPath(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotFoundError);
    return error as Error;
  };

  test('with what it is missing in, and a similar name', async () => {
    const { message } = await failure("syn://Mouse's study (1)/Raw_data/counts.csv");
    expect(message).toBe(
      `syn://Mouse's study (1)/Raw_data/counts.csv: there is no "Raw_data" in syn://Mouse's study (1) (${project}). Did you mean "raw data"?`,
    );
    const deep = await failure(`syn://${folder}/count.csv`);
    expect(deep.message).toContain(`no "count.csv" in syn://${folder}. Did you mean "counts.csv"?`);
  });

  test('also a project, by its similar name among those of the caller', async () => {
    const { message } = await failure("syn://Mose's study (1)/raw data");
    expect(message).toContain(`no project "Mose's study (1)" that you may read.`);
    expect(message).toContain(`Did you mean "Mouse's study (1)"?`);
    expect((await failure("syn://Mose's study (1)", await clients.open())).message).toContain(
      'Without a login, only public projects are found.',
    );
  });

  test('also in what is no container, or does not exist', async () => {
    const below = await failure(`syn://${folder}/counts.csv/x`);
    expect(below.message).toContain(`syn://${folder}/counts.csv (${file}) is a FileEntity, not`);
    expect((await failure('syn://syn999999999/x')).message).toContain('syn999999999');
  });

  test('also where a name is percent-encoded', async () => {
    const { message } = await failure("syn://Mouse's study (1)/raw%20data");
    expect(message).toMatch(/Did you mean "raw data"|Write names as they are/);
    expect((await failure(`syn://${folder}/%41`)).message).toContain('Write names as they are');
  });

  test('and what the caller may not read keeps the kind of its error', async () => {
    await expect(bob.findByPath("syn://Mouse's study (1)/raw data")).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining(`"Mouse's study (1)" cannot be looked up`) as unknown,
    });
  });
});
