import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { isValidValue } from '../../src/server/entities/annotationValues.js';
import { shortAnnotation, annotationsOf } from '../../src/server/seed/annotationText.js';
import { parseDouble } from '../../src/server/tables/sql/numberText.js';
import { tokenize } from '../../src/server/tables/sql/tokenize.js';
import { withServer } from '../helpers/withServer.js';

const server = withServer({});
let parentId: string;
let count = 0;

/** Sends and returns text: the numbers of the tests' own JSON are rounded. */
async function send(
  method: string,
  path: string,
  body?: string,
): Promise<{ status: number; text: string }> {
  const { endpoint, authToken } = server.synapse;
  const response = await fetch(`${endpoint}/repo/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${authToken}`, 'content-type': 'application/json' },
    body: body ?? null,
  });
  return { status: response.status, text: await response.text() };
}

async function create(fields: object): Promise<{ id: string; etag: string }> {
  const { text } = await send('POST', '/entity', JSON.stringify(fields));
  return JSON.parse(text) as { id: string; etag: string };
}

beforeAll(async () => {
  const concreteType = 'org.sagebionetworks.repo.model.Project';
  ({ id: parentId } = await create({ concreteType, name: 'Exact numbers' }));
});

function folder(): Promise<{ id: string; etag: string }> {
  count += 1;
  const concreteType = 'org.sagebionetworks.repo.model.Folder';
  return create({ concreteType, parentId, name: `folder ${count}` });
}

/** What the JSON of a folder must have. */
function required(id: string, etag: string): string {
  return `"id":"${id}","etag":"${etag}","concreteType":"org.sagebionetworks.repo.model.Folder"`;
}

async function annotations(id: string): Promise<M.Annotations> {
  return JSON.parse((await send('GET', `/entity/${id}/annotations2`)).text) as M.Annotations;
}

async function annotate(id: string, values: M.Annotations['annotations']): Promise<void> {
  const body = { ...(await annotations(id)), annotations: values };
  await send('PUT', `/entity/${id}/annotations2`, JSON.stringify(body));
}

const all: M.Annotations['annotations'] = {
  long: {
    type: 'LONG',
    value: ['9007199254740993', '-9223372036854775808', '9223372036854775807'],
  },
  double: { type: 'DOUBLE', value: ['1.0', '-0.0', '0.1', '1e+22', 'nan', 'inf', '-Infinity'] },
  odd: { type: 'DOUBLE', value: ['1.5f', '1e400'] },
  one: { type: 'DOUBLE', value: ['1.0'] },
  text: { type: 'STRING', value: ['NaN'] },
  iso: { type: 'STRING', value: ['2020-01-01T00:00:00Z'] },
  time: { type: 'TIMESTAMP_MS', value: ['-1', '1577836800123'] },
  far: { type: 'TIMESTAMP_MS', value: ['99999999999999999'] },
  none: { type: 'LONG', value: [] },
  yes: { type: 'BOOLEAN', value: ['TRUE'] },
  constructor: { type: 'STRING', value: ['kept'] },
  toString: { type: 'LONG', value: ['1'] },
} as unknown as NonNullable<M.Annotations['annotations']>;

describe('the JSON of an entity', () => {
  test('has every digit of a LONG, and the point of a DOUBLE', async () => {
    const { id } = await folder();
    await annotate(id, all);
    const { text } = await send('GET', `/entity/${id}/json`);
    expect(text).toContain('"long":[9007199254740993,-9223372036854775808,9223372036854775807]');
    expect(text).toContain('"double":[1.0,-0.0,0.1,1.0E22,"NaN","Infinity","-Infinity"]');
    expect(text).toContain('"one":1.0');
  });

  test('keeps every digit when it is put back', async () => {
    const { id } = await folder();
    const { long, one, time, yes } = all;
    const kept = { long, one, time, yes, constructor: { type: 'STRING', value: ['kept'] } };
    await annotate(id, {
      ...kept,
      ['__proto__']: { type: 'LONG', value: ['9007199254740993'] },
    } as M.Annotations['annotations']);
    const before = await annotations(id);
    expect(Object.keys(before.annotations ?? {})).toContain('__proto__');
    const { text } = await send('GET', `/entity/${id}/json`);
    expect((await send('PUT', `/entity/${id}/json`, text)).status).toBe(200);
    expect((await annotations(id)).annotations).toEqual({
      ...before.annotations,
      yes: { type: 'BOOLEAN', value: ['true'] },
    });
  });

  test.each([
    ['9007199254740993', 'LONG', '9007199254740993'],
    ['-9223372036854775808', 'LONG', '-9223372036854775808'],
    ['1.0', 'DOUBLE', '1.0'],
    ['1e2', 'DOUBLE', '100.0'],
    ['-0.50', 'DOUBLE', '-0.5'],
    ['1', 'LONG', '1'],
    ['"Infinity"', 'STRING', 'Infinity'],
  ])('makes %s a %s', async (json, type, text) => {
    const { id, etag } = await folder();
    await send('PUT', `/entity/${id}/json`, `{${required(id, etag)},"a":${json}}`);
    expect((await annotations(id)).annotations).toEqual({ a: { type, value: [text] } });
  });

  test('refuses whole numbers beyond 64 bits', async () => {
    const { id, etag } = await folder();
    const body = `{${required(id, etag)},"a":9223372036854775808}`;
    const { status, text } = await send('PUT', `/entity/${id}/json`, body);
    expect({ status, text }).toEqual({ status: 400, text: expect.stringContaining('type=LONG') });
  });

  test.each(['{"a":}', '{"a":NaN}', '{"a":01}', '['])(
    'refuses %s, which is no JSON',
    async (body) => {
      const { id } = await folder();
      expect((await send('PUT', `/entity/${id}/json`, body)).status).toBe(400);
    },
  );
});

test('the first annotations API has every digit in both directions', async () => {
  const { id, etag } = await folder();
  const maps = '"longAnnotations":{"l":[9007199254740993]},"doubleAnnotations":{"d":[1.0,"NaN"]}';
  const put = await send(
    'PUT',
    `/entity/${id}/annotations`,
    `{"id":"${id}","etag":"${etag}",${maps}}`,
  );
  expect(put.status).toBe(200);
  expect((await annotations(id)).annotations).toEqual({
    l: { type: 'LONG', value: ['9007199254740993'] },
    d: { type: 'DOUBLE', value: ['1.0', 'NaN'] },
  });
  for (const path of [`/entity/${id}/annotations`, `/entity/${id}/bundle?mask=2`]) {
    expect((await send('GET', path)).text).toContain('"l":[9007199254740993]');
  }
});

test('a fixture has large numbers with their type only', () => {
  expect(() => annotationsOf({ a: 2 ** 60 })).toThrow('beyond 2^53');
  for (const value of [['9007199254740993'], ['NaN'], ['1.0'], ['1e400']]) {
    const annotation = {
      type: value[0] === '9007199254740993' ? 'LONG' : 'DOUBLE',
      value,
    } as const;
    const stored = JSON.parse(JSON.stringify(shortAnnotation({ ...annotation, value }))) as never;
    expect(annotationsOf({ a: stored })).toEqual({ a: annotation });
  }
});

describe('a text of 160,000 digits', () => {
  const digits = '9'.repeat(160_000);
  const inTime = (run: () => unknown): void => {
    const before = process.cpuUsage().user;
    run();
    expect(process.cpuUsage().user - before).toBeLessThan(250_000);
  };

  test.each([digits, `${digits}x`, `${digits}.${digits}x`, `1e${digits}`, `.${digits}x`])(
    'is read or refused in linear time',
    (text) => {
      inTime(() => isValidValue('DOUBLE', text));
      inTime(() => isValidValue('LONG', text));
      inTime(() => parseDouble(text));
      inTime(() => expect(() => tokenize(`SELECT ${text}`)).toThrow('longer than'));
    },
  );

  test('is answered at once, as a DOUBLE and in the JSON of an entity', async () => {
    const { id, etag } = await folder();
    const a = { type: 'DOUBLE' as const, value: [`${digits}x`] };
    const body = JSON.stringify({ id, etag, annotations: { a } });
    const began = performance.now();
    expect((await send('PUT', `/entity/${id}/annotations2`, body)).status).toBe(400);
    const long = `{${required(id, etag)},"a":${digits}}`;
    expect((await send('PUT', `/entity/${id}/json`, long)).status).toBe(400);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
