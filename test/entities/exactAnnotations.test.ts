import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  File,
  Folder,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { convertOldAnnotations } from '../../src/entities/oldAnnotations.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
let count = 0;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

async function folder(): Promise<string> {
  count += 1;
  return (await syn.store(new Folder({ name: `exact ${count}`, parent: project }))).id;
}

const wire = async (id: string) =>
  (await syn.services.entity.getEntityAnnotations({ id })).annotations;

const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf'];

describe('whole numbers over a DOUBLE', () => {
  test.each([
    [9007199254740993n, { type: 'LONG', value: ['9007199254740993'] }],
    [9007199254740992n, { type: 'DOUBLE', value: ['9007199254740992.0'] }],
    [9223372036854775807n, { type: 'LONG', value: ['9223372036854775807'] }],
    [-(2n ** 63n), { type: 'DOUBLE', value: ['-9.223372036854776e+18'] }],
    [7, { type: 'DOUBLE', value: ['7.0'] }],
  ])('%s keeps its digits', async (value, expected) => {
    const id = await folder();
    await syn.setAnnotations(id, { d: { type: 'DOUBLE', value: ['9007199254740992.0'] } });
    await syn.setAnnotations(id, { d: value });
    expect(await wire(id)).toEqual({ d: expected });
  });

  test.each([
    [[9007199254740993n, 0.5]],
    [{ type: 'DOUBLE', value: [9007199254740993n] } as const],
    [2n ** 63n],
    [-(2n ** 63n) - 1n],
    [{ type: 'LONG', value: [1.5] } as const],
    [{ type: 'LONG', value: ['9223372036854775808'] } as const],
    [{ type: 'BOOLEAN', value: ['yes'] } as const],
    [{ type: 'TIMESTAMP_MS', value: [1.5] } as const],
    [[1, 'x']],
    [[true, 'x']],
    [[new Date(0), 1]],
    [new Date(Number.NaN)],
  ])('%p is refused before anything is sent', async (value) => {
    const id = await folder();
    const calls = await clients.calls(() =>
      expect(syn.setAnnotations(id, { d: value })).rejects.toThrow(ArgumentError),
    );
    expect(calls).toEqual([]);
  });
});

test('a negative zero is a DOUBLE, and differs from zero', async () => {
  const id = await folder();
  await syn.setAnnotations(id, { z: { type: 'DOUBLE', value: [0] } });
  await syn.setAnnotations(id, { z: -0, y: -0 });
  expect(await wire(id)).toEqual({
    y: { type: 'DOUBLE', value: ['-0.0'] },
    z: { type: 'DOUBLE', value: ['-0.0'] },
  });
});

test('annotations that were read are written to another entity with their types', async () => {
  const [one, other] = [await folder(), await folder()];
  await syn.setAnnotations(one, {
    d: { type: 'DOUBLE', value: [1, 2] },
    none: { type: 'LONG', value: [] },
    far: { type: 'TIMESTAMP_MS', value: ['99999999999999999'] },
    l: [9007199254740993n],
    t: [new Date('1960-01-01T00:00:00.001Z')],
    s: ['1'],
  });
  await syn.setAnnotations(other, await syn.getAnnotations(one));
  expect(await wire(other)).toEqual(await wire(one));
  const path = await clients.file('copy.txt', 'x');
  const { annotations } = await syn.get(one);
  const file = await syn.store(new File({ path, parent: project, annotations }));
  expect(await wire(file.id)).toEqual(await wire(one));
});

test('a list that was read and then changed has the type of its values', async () => {
  const id = await folder();
  const values = await syn.setAnnotations(id, { d: { type: 'DOUBLE', value: [1] }, l: [1] });
  values['d']?.push(2);
  values['l']?.push(2.5);
  await syn.setAnnotations(id, values);
  expect(await wire(id)).toEqual({
    d: { type: 'DOUBLE', value: ['1.0', '2.0'] },
    l: { type: 'DOUBLE', value: ['1.0', '2.5'] },
  });
});

describe('keys that objects inherit', () => {
  const input = Object.fromEntries(names.map((name) => [name, name]));

  test('are set, read, kept and removed like any other', async () => {
    const id = await folder();
    const set = await syn.setAnnotations(id, input);
    expect(Object.keys(set).sort()).toEqual([...names].sort());
    await syn.setAnnotations(id, { more: 1 });
    const read = await syn.getAnnotations(id);
    expect(Object.entries(read).sort()).toEqual(
      [...names.map((name) => [name, [name]]), ['more', [1]]].sort(),
    );
    expect(await clients.calls(() => syn.setAnnotations(id, input))).toHaveLength(1);
    await syn.setAnnotations(id, Object.fromEntries(names.map((name) => [name, null])));
    expect(await syn.getAnnotations(id)).toEqual({ more: [1] });
  });

  test('are kept by entities', async () => {
    const one = new Folder({ name: 'inherited keys', parent: project, annotations: input });
    expect(Object.keys(one.annotations).sort()).toEqual([...names].sort());
    const { id } = await syn.store(one);
    const got = await syn.get(id);
    expect(got).toBeInstanceOf(Folder);
    expect(Object.keys(got.annotations).sort()).toEqual([...names].sort());
    expect(await wire(id)).toEqual(
      Object.fromEntries(names.map((name) => [name, { type: 'STRING', value: [name] }])),
    );
  });

  test('are kept in annotations of the form before version 2', () => {
    const old = { stringAnnotations: Object.fromEntries(names.map((name) => [name, ['x']])) };
    const { annotations } = convertOldAnnotations(old);
    expect(Object.keys(annotations as object).sort()).toEqual([...names].sort());
  });

  test('of an entity cannot change what the object is', () => {
    const init = JSON.parse('{"name": "x", "__proto__": {"name": "y"}}') as object;
    expect(new Folder(init)).toBeInstanceOf(Folder);
  });
});

test('an annotation that cannot be read is replaced', async () => {
  const id = await folder();
  const current = await syn.services.entity.getEntityAnnotations({ id });
  const annotations = { a: { type: 'DOUBLE', value: ['1.5f'] } } as const;
  const body = { ...current, annotations: { a: { ...annotations.a, value: ['1.5f'] } } };
  await syn.services.entity.updateEntityAnnotations({ id, body });
  expect(await syn.setAnnotations(id, { a: 1.5 })).toEqual({ a: [1.5] });
});

describe('the JSON of an entity', () => {
  test('keeps whole numbers in both directions', async () => {
    const id = await folder();
    const big = { a: 9007199254740993n, b: [9223372036854775807n, -(2n ** 63n)], c: 2 ** 53 };
    const { etag, concreteType } = await syn.services.entity.getEntityJson({ id });
    const body = { id, etag, concreteType, ...big };
    const put = await syn.services.entity.updateEntityJson({ id, body });
    expect(put).toMatchObject(big);
    expect(await wire(id)).toEqual({
      a: { type: 'LONG', value: ['9007199254740993'] },
      b: { type: 'LONG', value: ['9223372036854775807', '-9223372036854775808'] },
      c: { type: 'LONG', value: ['9007199254740992'] },
    });
  });

  test('that is read and written has the types that Synapse reads from its values', async () => {
    const id = await folder();
    await syn.setAnnotations(id, {
      real: [1.5],
      whole: { type: 'DOUBLE', value: [1] },
      special: [Number.NaN, Infinity],
      text: ['NaN'],
      iso: ['2020-01-01T00:00:00Z'],
      none: { type: 'LONG', value: [] },
      far: { type: 'TIMESTAMP_MS', value: ['99999999999999999'] },
    });
    const body = await syn.services.entity.getEntityJson({ id });
    await syn.services.entity.updateEntityJson({ id, body });
    expect(await wire(id)).toEqual({
      real: { type: 'DOUBLE', value: ['1.5'] },
      // A number of JavaScript does not tell 1.0 from 1.
      whole: { type: 'LONG', value: ['1'] },
      special: { type: 'STRING', value: ['NaN', 'Infinity'] },
      text: { type: 'STRING', value: ['NaN'] },
      iso: { type: 'TIMESTAMP_MS', value: ['1577836800000'] },
      none: { type: 'STRING', value: [''] },
      far: { type: 'STRING', value: ['99999999999999999'] },
    });
  });

  test('with NaN is refused, not sent as null', async () => {
    const id = await folder();
    const calls = await clients.calls(() =>
      expect(syn.services.entity.updateEntityJson({ id, body: { a: Number.NaN } })).rejects.toThrow(
        'JSON cannot hold NaN, the value of "a"',
      ),
    );
    expect(calls).toEqual([]);
  });
});
