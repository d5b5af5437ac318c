import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { whileOthersWork } from './busyUser.js';
import { refusal, withSessions, type Stored } from './entitySession.js';
import { annotate, bind, register } from './schemaSession.js';

const server = withSessions();
const organizationName = 'stalls.tests';
let project: Stored;
let count = 0;

beforeAll(async () => {
  const { alice } = server;
  project = await alice.create('project', { name: 'Stalls' });
  expect((await alice.post('/schema/organization', { organizationName })).status).toBe(201);
});

function registered(schema: object): ReturnType<typeof register> {
  count += 1;
  const $id = `${organizationName}-s${count}`;
  return whileOthersWork(server, () => register(server.alice, { $id, ...schema }));
}

/** Validates an annotation with the schema of a property. */
async function validated(property: object, text: string): Promise<M.ValidationResults> {
  const { alice } = server;
  expect(await registered({ properties: { a: property } })).toMatchObject({ status: 201 });
  const folder = await alice.create('folder', { name: `f${count}`, parentId: project.id });
  expect((await bind(alice, folder.id, `${organizationName}-s${count}`)).status).toBe(200);
  await annotate(alice, folder.id, { a: { type: 'STRING', value: [text] } });
  const path = `/entity/${folder.id}/schema/validation`;
  const answer = await whileOthersWork(server, () => alice.get(path));
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as M.ValidationResults;
}

describe('a pattern', () => {
  const text = `${'a'.repeat(450)}!`;

  test.each(['^(a+)+$', '^(a|aa)+$', '^(a*)*$', '^(.*)*b$', '^([a-z]+)*$', 'a*a*a*a*a*a*a*b'])(
    '%s decides in linear time',
    async (pattern) => {
      const results = await validated({ type: 'string', pattern }, text);
      expect(results).toMatchObject({
        isValid: false,
        allValidationMessages: [`#/a: string [${text}] does not match pattern ${pattern}`],
      });
    },
  );

  test.each([
    ['^\\d{4}-\\d{2}$', '2024-01'],
    ['^[\\w\\-.]+$', 'a-b.c'],
    ['^\\p{L}+$', 'élan'],
    ['^\\u0041', 'A'],
    ['^(?!no)', 'yes'],
    ['^(.)\\1$', 'xx'],
    ['(?<=a)b', 'ab'],
  ])('%s matches %s', async (pattern, value) => {
    expect(await validated({ type: 'string', pattern }, value)).toMatchObject({ isValid: true });
  });

  test.each(['^(?=a)(a+)+$', '^(a+)+\\1$'])(
    '%s, which only JavaScript can run, has a time limit',
    async (pattern) => {
      expect(await registered({ properties: { a: { type: 'string', pattern } } })).toMatchObject({
        status: 201,
      });
      const { alice } = server;
      const folder = await alice.create('folder', { name: `t${count}`, parentId: project.id });
      await bind(alice, folder.id, `${organizationName}-s${count}`);
      await annotate(alice, folder.id, { a: { type: 'STRING', value: [text] } });
      const path = `/entity/${folder.id}/schema/validation`;
      expect(await whileOthersWork(server, () => alice.get(path))).toEqual(
        refusal(400, expect.stringContaining('takes too long')),
      );
    },
  );

  test.each(['(', '[', 'a{2,1}', '(?<n>a'])('%s is refused', async (pattern) => {
    expect(await registered({ pattern })).toMatchObject({ status: 400 });
  });
});

describe('a schema', () => {
  test('whose references multiply is refused', async () => {
    const definitions: Record<string, object> = { d0: { type: 'string' } };
    for (let level = 1; level <= 30; level += 1) {
      const $ref = `#/definitions/d${level - 1}`;
      definitions[`d${level}`] = { allOf: [{ $ref }, { $ref }] };
    }
    const answer = await registered({ definitions, $ref: '#/definitions/d30' });
    expect(answer).toEqual(refusal(400, expect.stringContaining('evaluations of one value')));
  });

  test('that recurs through its items may do so in several ways', async () => {
    const $ref = '#/definitions/d';
    const definitions = { d: { contains: { $ref }, allOf: [{ contains: { $ref } }] } };
    const property = { type: 'array', contains: { $ref } };
    expect(await registered({ definitions, properties: { a: property } })).toMatchObject({
      status: 201,
    });
    const { alice } = server;
    const folder = await alice.create('folder', { name: `r${count}`, parentId: project.id });
    const fields = { enableDerivedAnnotations: true };
    await bind(alice, folder.id, `${organizationName}-s${count}`, fields);
    for (const path of ['json?includeDerivedAnnotations=true', 'schema/validation']) {
      const answer = await whileOthersWork(server, () => alice.get(`/entity/${folder.id}/${path}`));
      expect(answer).toMatchObject({ status: 200 });
    }
  });

  test.each([
    ['parts', Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`p${n}`, {}]))],
    [
      'patterns',
      Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`p${n}`, { pattern: `^${n}` }])),
    ],
  ])('with very many %s is refused', async (_, properties) => {
    expect(await registered({ properties })).toEqual(
      refusal(400, expect.stringContaining('the limits are')),
    );
  });

  test('with a long chain of references is refused', async () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 3000 }, (_, n) => [`d${n}`, { $ref: `#/definitions/d${n + 1}` }]),
    );
    const answer = await registered({
      definitions: { ...definitions, d3000: {} },
      $ref: '#/definitions/d0',
    });
    expect(answer).toMatchObject({ status: 400 });
  });

  test('with as many parts as the largest in use is registered', async () => {
    const properties = Object.fromEntries(
      Array.from({ length: 900 }, (_, n) => [`p${n}`, { type: 'string', pattern: `^${n}` }]),
    );
    expect(await registered({ properties })).toMatchObject({ status: 201 });
  });
});
