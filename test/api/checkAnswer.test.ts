import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { answerShapes } from '../../src/api/answerShapes.js';
import { checkAnswer } from '../../src/api/checkAnswer.js';
import { createHttp } from '../../src/api/createHttp.js';
import { operationIds } from '../../src/api/operation.js';
import { MalformedResponseError, SynapseHttpError } from '../../src/errors.js';
import { deepestJson, isTooDeep } from '../../src/values/jsonDepth.js';
import { startServer } from './scriptedServer.js';

const header = { id: 'syn1', name: 'a', type: 'x' };

describe('an answer that the description does not allow', () => {
  test.each<[string, unknown, string]>([
    ['entity.getEntityChildId', undefined, 'the answer'],
    ['entity.getEntityChildId', null, 'the answer'],
    ['entity.getEntityChildId', [], 'the answer'],
    ['entity.getEntityChildId', 'text', 'the answer'],
    ['entity.getEntityChildId', {}, '`id`'],
    ['entity.getEntityChildId', { id: 5 }, '`id`'],
    ['entity.getEntityChildId', { id: null }, '`id`'],
    ['entity.getEntityChildId', Object.create({ id: 'inherited' }), '`id`'],
    ['entity.listEntityChildren', { page: {} }, '`page`'],
    ['entity.listEntityChildren', { page: [header, { ...header, name: 1 }] }, '`page[1].name`'],
    ['entity.listEntityChildren', { page: [{ ...header, versionNumber: '3' }] }, 'versionNumber'],
    ['entity.listEntityChildren', { page: [{ ...header, createdOn: 5 }] }, 'createdOn'],
    ['file.getFileHandle', { id: '1', concreteType: 'x', contentSize: -1 }, '`contentSize`'],
    ['file.getFileHandle', { id: '1', concreteType: 'x', contentSize: Infinity }, '`contentSize`'],
    ['file.getFileHandle', { id: '1', concreteType: 'x', contentSize: '12' }, '`contentSize`'],
    ['file.getFileHandle', { id: '1', concreteType: 'x', contentSize: 0.5 }, '`contentSize`'],
    ['file.getFileHandle', { id: '1', concreteType: 'x', contentSize: 2 ** 60 }, '`contentSize`'],
    [
      'file.getMultipartUploadUrlBatch',
      {
        partPresignedUrls: [
          { partNumber: 1, uploadPresignedUrl: 'u', signedHeaders: { 'a b': 'x' } },
        ],
      },
      'signedHeaders',
    ],
    [
      'file.getMultipartUploadUrlBatch',
      {
        partPresignedUrls: [
          { partNumber: 1, uploadPresignedUrl: 'u', signedHeaders: { a: 'x\r\ny' } },
        ],
      },
      'signedHeaders',
    ],
  ])('%s: %j', (operation, answer, field) => {
    const check = (): unknown => checkAnswer(operation, answer);
    expect(check).toThrow(MalformedResponseError);
    expect(check).toThrow('Synapse answered what its description does not allow');
    expect(check).toThrow(field);
    expect(check).toThrow(operation);
  });

  test('is described in few words however long it is', () => {
    const check = (): unknown => checkAnswer('entity.getEntityChildId', 'x'.repeat(1e6));
    expect(check).toThrow(/^.{100,400}$/);
  });
});

describe('an answer that is accepted', () => {
  test('may have members that the description does not have', () => {
    const answer = { id: 'syn1', new: { a: [1] } };
    expect(checkAnswer('entity.getEntityChildId', answer)).toBe(answer);
  });

  test('has no null in place of an absent member', () => {
    const answer = { page: [{ ...header, versionLabel: null }], nextPageToken: null };
    expect(checkAnswer('entity.listEntityChildren', answer)).toEqual({ page: [header] });
  });
});

describe('the operations that the functions of this package call', () => {
  test('have a shape each', async () => {
    const root = join(import.meta.dirname, '../../src');
    const folders = await readdir(root, { withFileTypes: true });
    const called = new Set<string>();
    for (const { name: folder } of folders.filter((entry) => entry.isDirectory())) {
      // `api` names operations in its rules, and the server answers them.
      if (folder === 'api' || folder === 'server') continue;
      const paths = await readdir(join(root, folder), { recursive: true });
      for (const path of paths.filter((name) => name.endsWith('.ts'))) {
        const text = await readFile(join(root, folder, path), 'utf8');
        for (const id of operationIds()) {
          const [service = '', name = ''] = id.split('.');
          const isCalled = new RegExp(`\\.${name}\\(`).test(text) && text.includes(service);
          if (isCalled || text.includes(`'${id}'`)) called.add(id);
        }
      }
    }
    // Nothing is read in the answers to these.
    called.delete('wikiV1.createEntityWikiPageV1');
    called.delete('wikiV1.updateEntityWikiPageV1');
    // What runs jobs checks their answers.
    called.delete('asynchronousJob.startAsynchronousJob');
    // A server of this package.
    for (const id of called) if (id.startsWith('stackStatus.')) called.delete(id);
    expect([...called].filter((id) => !answerShapes.has(id))).toEqual([]);
    expect(called.size).toBeGreaterThan(30);
  });

  test('exist', () => {
    expect([...answerShapes.keys()].filter((id) => !operationIds().includes(id))).toEqual([]);
  });
});

describe('a raw operation', () => {
  test('returns what the server sent', async () => {
    const server = await startServer(() => ({ json: { id: 5, name: null } }));
    const http = createHttp({ endpoint: server.url });
    expect(await http.services.entity.getEntity({ id: 'syn1' })).toEqual({ id: 5, name: null });
    await expect(http.checked.services.entity.getEntity({ id: 'syn1' })).rejects.toThrow(
      MalformedResponseError,
    );
    await http.close();
    await server.close();
  });

  test.each([
    ['brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['braces', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['an end that is missing', '{"id":"syn1"'],
    ['a page of a proxy', '<html><title>Sign in</title></html>'],
  ])('with %s is refused as no JSON', async (_name, body) => {
    for (const status of [200, 400]) {
      const server = await startServer(() => ({ status, body }));
      const http = createHttp({ endpoint: server.url });
      const call = http.services.entity.getEntity({ id: 'syn1' });
      await expect(call).rejects.toThrow(SynapseHttpError);
      await expect(call).rejects.toMatchObject({
        code: status === 200 ? 'MALFORMED_RESPONSE' : 'HTTP',
      });
      await http.close();
      await server.close();
    }
  });
});

describe('the depth of JSON', () => {
  const nest = (depth: number): string => '['.repeat(depth) + ' '.repeat(600) + ']'.repeat(depth);
  test.each([
    [nest(deepestJson), false],
    [nest(deepestJson + 1), true],
    [`["${'['.repeat(2000)}"]`, false],
    [`["\\"${'['.repeat(2000)}"]`, false],
    [`["\\\\",${nest(deepestJson)}]`, true],
    [`[${'[],'.repeat(2000)}[]]`, false],
  ])('%#', (json, expected) => {
    expect(isTooDeep(json)).toBe(expected);
  });
});
