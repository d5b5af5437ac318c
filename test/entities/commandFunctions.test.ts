import { beforeAll, describe, expect, test } from '@jest/globals';
import { UserNames } from '../../src/users/userNames.js';
import { toWireAnnotations } from '../../src/entities/annotationValues.js';
import { annotationsFromJson } from '../../src/entities/annotationsFromJson.js';
import { listTree } from '../../src/entities/listTree.js';
import { resolveUsed } from '../../src/entities/resolveUsed.js';
import {
  ArgumentError,
  AuthorizationError,
  File,
  Folder,
  NotFoundError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { storeDescription } from '../../src/wiki/storeDescription.js';
import { parseJsonInput } from '../../src/values/json.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

describe('storeDescription', () => {
  const pageOf = (ownerId: string) => syn.services.wikiV1.getEntityRootWikiPageV1({ ownerId });

  test('makes the root page', async () => {
    const { id } = await syn.store(new Folder({ name: 'described', parent: project }));
    await storeDescription(syn, id, 'one');
    expect(await pageOf(id)).toMatchObject({ markdown: 'one' });
  });

  test('changes the text of a root page, and nothing else of it', async () => {
    const { id } = await syn.store(new Folder({ name: 'titled', parent: project }));
    const body = { title: 'A title', markdown: 'one' };
    await syn.services.wikiV1.createEntityWikiPageV1({ ownerId: id, body });
    await storeDescription(syn, id, 'two');
    expect(await pageOf(id)).toMatchObject({ title: 'A title', markdown: 'two' });
  });

  test('writes nothing when the page has that text', async () => {
    const { id } = await syn.store(new Folder({ name: 'same text', parent: project }));
    await storeDescription(syn, id, 'one');
    const { etag } = await pageOf(id);
    await storeDescription(syn, id, 'one');
    expect(await pageOf(id)).toMatchObject({ etag });
  });

  test('of an entity of others is refused', async () => {
    const bob = await clients.open('bob');
    await expect(storeDescription(bob, project.id, 'mine')).rejects.toThrow(AuthorizationError);
  });
});

describe('resolveUsed', () => {
  test('replaces a local file by the version that has its content', async () => {
    const path = await clients.file('used.txt', 'used by another');
    const { id } = await syn.store(new File({ path, parent: project }));
    const items = ['syn1.2', path, 'https://example.org/x'];
    expect(await resolveUsed(syn, items)).toEqual(['syn1.2', `${id}.1`, 'https://example.org/x']);
  });

  test('is an error for a local file that Synapse does not have', async () => {
    const path = await clients.file('unknown.txt', 'nobody has this');
    await expect(resolveUsed(syn, [path])).rejects.toThrow(NotFoundError);
  });

  test('looks for local files in a container', async () => {
    const path = await clients.file('elsewhere.txt', 'in another place');
    await syn.store(new File({ path, parent: project }));
    const { id: limitSearch } = await clients.project(syn);
    await expect(resolveUsed(syn, [path], { limitSearch })).rejects.toThrow(NotFoundError);
  });
});

describe('listTree', () => {
  const namesOf = async (options: { maxDepth?: number }, id: string): Promise<string[]> => {
    const names: string[] = [];
    for await (const { header, depth, isContainer } of listTree(syn, id, options)) {
      names.push(`${'  '.repeat(depth)}${header.name}${isContainer ? '/' : ''}`);
    }
    return names;
  };
  let root: Project & Stored;
  beforeAll(async () => {
    root = await clients.project(syn);
    const a = await syn.store(new Folder({ name: 'a', parent: root }));
    const b = await syn.store(new Folder({ name: 'b', parent: a }));
    await syn.store(new File({ path: await clients.file('c.txt', 'c'), parent: b }));
    await syn.store(new File({ path: await clients.file('z.txt', 'z'), parent: root }));
  });

  test('lists what a folder holds right after it', async () => {
    expect(await namesOf({}, root.id)).toEqual(['a/', '  b/', '    c.txt', 'z.txt']);
  });

  test('goes no deeper than it is told', async () => {
    expect(await namesOf({ maxDepth: 0 }, root.id)).toEqual(['a/', 'z.txt']);
    expect(await namesOf({ maxDepth: 1 }, root.id)).toEqual(['a/', '  b/', 'z.txt']);
  });
});

describe('UserNames', () => {
  test('asks once for each user, and calls an unknown one by the id', async () => {
    const names = new UserNames(syn);
    const alice = clients.server.userId;
    const calls = await clients.calls(async () => {
      const found = await names.of([alice, '987654321', undefined, alice]);
      expect([found.get(alice), found.get('987654321')]).toEqual(['alice', '987654321']);
      await names.of([alice, '987654321']);
      await names.of([]);
    });
    expect(calls).toEqual(['userProfile.listUserGroupHeadersByIds']);
  });
});

describe('annotationsFromJson', () => {
  const read = (json: string) =>
    toWireAnnotations(annotationsFromJson(parseJsonInput(json) as Record<string, unknown>));

  test.each([
    ['"x"', 'STRING', ['x']],
    ['["a", "b"]', 'STRING', ['a', 'b']],
    ['["é", "数据", "😀", ""]', 'STRING', ['é', '数据', '😀', '']],
    ['true', 'BOOLEAN', ['true']],
    ['[true, false]', 'BOOLEAN', ['true', 'false']],
    ['1', 'LONG', ['1']],
    ['-0', 'LONG', ['0']],
    ['9007199254740992', 'LONG', ['9007199254740992']],
    ['9007199254740993', 'LONG', ['9007199254740993']],
    ['9223372036854775807', 'LONG', ['9223372036854775807']],
    ['[-9223372036854775808, 1]', 'LONG', ['-9223372036854775808', '1']],
    ['1.0', 'DOUBLE', ['1.0']],
    ['-0.0', 'DOUBLE', ['-0.0']],
    ['1e2', 'DOUBLE', ['100.0']],
    ['1e20', 'DOUBLE', ['1e+20']],
    ['[1, 2.5]', 'DOUBLE', ['1.0', '2.5']],
    ['0.1', 'DOUBLE', ['0.1']],
    ['[NaN, Infinity, -Infinity]', 'DOUBLE', ['nan', 'inf', '-inf']],
    ['"2020-01-01T00:00:00Z"', 'TIMESTAMP_MS', ['1577836800000']],
    ['"1960-01-01T01:02:03.456Z"', 'TIMESTAMP_MS', ['-315615476544']],
    ['["1960-01-01 01:02:03.456"]', 'TIMESTAMP_MS', ['-315615476544']],
    ['["2020-01-01T00:00:00Z"]', 'STRING', ['2020-01-01T00:00:00Z']],
    ['["2020-01-01 00:00:00.000", "x"]', 'STRING', ['2020-01-01 00:00:00.000', 'x']],
    ['"NaN"', 'STRING', ['NaN']],
    ['{"type": "LONG", "value": ["1"]}', 'LONG', ['1']],
    ['{"type": "LONG", "value": [9007199254740993]}', 'LONG', ['9007199254740993']],
    ['{"type": "DOUBLE", "value": [1]}', 'DOUBLE', ['1.0']],
    ['{"type": "DOUBLE", "value": [9007199254740993]}', 'DOUBLE', ['9007199254740993']],
    ['{"type": "STRING", "value": []}', 'STRING', []],
    [
      '{"type": "TIMESTAMP_MS", "value": ["99999999999999999"]}',
      'TIMESTAMP_MS',
      ['99999999999999999'],
    ],
  ])('reads %s as %s', (json, type, value) => {
    expect(read(`{"key": ${json}}`)).toEqual({ key: { type, value } });
  });

  test.each([
    ['{}', 'is an object'],
    ['[["x"]]', 'a list'],
    ['["x", null]', 'null'],
    ['[]', 'empty list'],
    ['[1, "x"]', 'LONG and STRING'],
    ['[true, 1]', 'BOOLEAN and LONG'],
    ['[1.5, "2020-01-01"]', 'DOUBLE and STRING'],
    ['9223372036854775808', '64 bits'],
    ['-9223372036854775809', '64 bits'],
    ['99999999999999999999999999', '64 bits'],
    ['1e400', 'a DOUBLE cannot hold'],
    ['1e-400', 'a DOUBLE cannot hold'],
    ['[9007199254740993, 0.5]', 'a DOUBLE cannot hold'],
    ['{"type": "LONG", "value": ["1.5"]}', 'whole number'],
    ['{"type": "LONG", "value": "1"}', 'no list'],
    ['{"type": "NUMBER", "value": ["1"]}', 'expected STRING'],
    ['{"type": "LONG", "value": ["1"], "unit": "m"}', 'a member unit'],
    ['{"type": "BOOLEAN", "value": ["yes"]}', 'true or false'],
  ])('refuses %s', (json, message) => {
    expect(() => read(`{"key": ${json}}`)).toThrow(ArgumentError);
    expect(() => read(`{"key": ${json}}`)).toThrow(message);
  });

  test('takes the annotations out of the form of the API', () => {
    const body =
      '{"id": "syn1", "etag": "e", "annotations": {"a": {"type": "LONG", "value": ["7"]}}}';
    expect(read(body)).toEqual({ a: { type: 'LONG', value: ['7'] } });
  });

  test('keeps every key', () => {
    const keys = ['__proto__', 'constructor', 'hasOwnProperty', 'toString'];
    const json = `{${keys.map((key) => `"${key}": "x"`).join(',')}}`;
    expect(Object.keys(read(json)).sort()).toEqual(keys.sort());
  });

  test('refuses a key that occurs twice', () => {
    expect(() => parseJsonInput('{"a": 1, "a": 2}')).toThrow("Duplicate key 'a'");
  });
});
