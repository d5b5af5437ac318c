import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { refTo } from '../../codegen/description.js';
import type { Description } from '../../codegen/description.js';
import { changesBetween, imported, readPinned } from '../../codegen/importDescription.js';
import { OPENAPI } from '../../codegen/pipeline.js';
import { answering, describing, operation, parameter } from './tiny.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('what is imported is sorted structure', () => {
  const put = operation(answering({ oneOf: [refTo('b'), refTo('a')], description: 'Either.' }));
  put.parameters = [{ ...parameter('path', 'string'), description: 'The id.' }];
  const published = describing(
    { '/b': { put, get: operation() }, '/a': {} },
    {
      b: { type: 'string', enum: ['z', 'a'], description: 'Letters.' },
      a: { type: 'object', properties: { description: { type: 'string', description: 'Prose.' } } },
    },
  );
  published.tags = [{ name: 'Thing Services', description: 'Things.' }];
  const kept = imported(JSON.stringify(published));
  expect(Object.keys(kept.paths)).toEqual(['/a', '/b']);
  expect(Object.keys(kept.paths['/b'] ?? {})).toEqual(['get', 'put']);
  expect(Object.entries(kept.components.schemas)).toEqual([
    ['a', { type: 'object', properties: { description: { type: 'string' } } }],
    ['b', { type: 'string', enum: ['z', 'a'] }],
  ]);
  expect(kept.paths['/b']?.put?.responses['200']).toEqual({
    description: '',
    content: { 'application/json': { schema: { oneOf: [refTo('a'), refTo('b')] } } },
  });
  expect(kept.paths['/b']?.put?.parameters).toEqual([parameter('path', 'string')]);
  expect(kept.tags).toEqual([{ name: 'Thing Services' }]);
});

test('changes are told apart by their kind', () => {
  const before = describing(
    { '/a': { get: operation(), put: operation() } },
    { A: { type: 'object' }, B: {} },
  );
  const after = describing(
    { '/a': { get: operation(answering({})), post: operation() } },
    { A: { type: 'object' }, C: {} },
  );
  expect(changesBetween(before, after)).toEqual({
    operations: { added: ['POST /a'], removed: ['PUT /a'], changed: ['GET /a'] },
    types: { added: ['C'], removed: ['B'], changed: [] },
  });
});

test('a description that is not the pinned one is only shown', async () => {
  const published = JSON.parse((await readPinned()).text) as Description;
  delete published.paths['/repo/v1/entity/{id}'];
  const folder = await mkdtemp(join(tmpdir(), 'synapseclient-import-'));
  const before = await readFile(new URL('synapse.json', OPENAPI), 'utf8');
  try {
    const file = join(folder, 'newer.json');
    await writeFile(file, JSON.stringify(published));
    const tsx = join(root, 'node_modules/.bin/tsx');
    const run = promisify(execFile)(tsx, [join(root, 'codegen/import.ts'), '--from', file]);
    await expect(run).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining(
        'operations: 0 added, 3 removed, 0 changed\n  - GET /repo/v1/entity/{id}',
      ),
      stderr: expect.stringContaining('Nothing written; take it in with --update.'),
    });
    expect((await readFile(new URL('synapse.json', OPENAPI), 'utf8')) === before).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 30_000);
