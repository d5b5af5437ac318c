import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  METHODS,
  operationKey,
  operationsOf,
  reachableFrom,
  schemasOf,
} from '../../codegen/description.js';
import type { Description } from '../../codegen/description.js';
import { emitOperations } from '../../codegen/emit/operations.js';
import { emitSchemas } from '../../codegen/emit/schemas.js';
import { emitServices } from '../../codegen/emit/services.js';
import { endpointsOf } from '../../codegen/endpoints.js';
import { changesBetween, imported, readPinned } from '../../codegen/importDescription.js';
import type { Source } from '../../codegen/importDescription.js';
import { namingFaults, renameAll } from '../../codegen/names.js';
import type { NamesLock } from '../../codegen/names.js';
import { applyOverlay } from '../../codegen/overlay.js';
import type { Overlay } from '../../codegen/overlay.js';
import { applyPasses } from '../../codegen/passes/index.js';
import { correct, emit, GENERATED, OPENAPI, readInputs, readJson } from '../../codegen/pipeline.js';
import type { ScopeRow } from '../../codegen/scopes.js';
import { operations } from '../../generated/operations.js';

let source: Description;
let overlay: Overlay;
let lock: NamesLock;
let scopes: ScopeRow[];
let corrected: Description;
let files: Map<string, string>;

beforeAll(async () => {
  ({ source, overlay, lock, scopes } = await readInputs());
  corrected = await correct(source, overlay);
  files = await emit(corrected, lock, scopes);
}, 60_000);

describe('what is committed', () => {
  test('is what the pinned package holds', async () => {
    const { text, source: pinned } = await readPinned();
    expect(await readJson<Source>(new URL('source.json', OPENAPI))).toEqual(pinned);
    const { operations: changed, types } = changesBetween(imported(text), source);
    const none = { added: [], removed: [], changed: [] };
    expect({ changed, types }).toEqual({ changed: none, types: none });
  });

  test('holds no prose of upstream', async () => {
    const committed = await readFile(new URL('synapse.json', OPENAPI), 'utf8');
    expect(committed).not.toMatch(/"description": "[^"]/);
    expect(committed).not.toContain('<a href');
  });

  test('is what the generator writes', async () => {
    for (const [name, text] of files) {
      expect(
        text === (await readFile(new URL(name, GENERATED), 'utf8')) ? name : `${name} is stale`,
      ).toBe(name);
    }
  });

  test('names everything once', () => {
    expect(namingFaults(corrected, lock)).toEqual([]);
  });
});

test('the order of the input does not matter', async () => {
  const shuffled = shuffle(source);
  expect(Object.keys(shuffled.paths)).not.toEqual(Object.keys(source.paths));
  expect([...(await emit(await correct(shuffled, overlay), lock, scopes))]).toEqual([...files]);
}, 60_000);

describe('the operations', () => {
  test('are those of the description and those that the overlay adds', () => {
    const described = operationsOf(source).map(operationKey);
    const generated = Object.values(operations).map(([method, path]) => `${method} ${path}`);
    expect(described).toHaveLength(562);
    expect(generated.filter((key) => !described.includes(key)).sort()).toEqual([
      'GET /repo/v1/curation/task/{taskId}/status',
      'GET /repo/v1/entity/{id}/table/query/nextPage/async/get/{asyncToken}',
      'GET /repo/v1/status',
      'GET /repo/v1/version',
      'POST /repo/v1/entity/{id}/table/query/nextPage/async/start',
      'PUT /repo/v1/curation/task/{taskId}/status',
    ]);
    expect(new Set(generated).size).toBe(568);
  });

  test('are grouped as upstream groups them: a service for a tag', () => {
    const endpoints = endpointsOf(renameAll(corrected, lock));
    const pairs = new Set(endpoints.map(({ service, tag }) => `${service} ${tag}`));
    const services = new Set(endpoints.map(({ service }) => service));
    expect(services.size).toBe(49);
    expect(pairs.size).toBe(49);
  });

  test('say how they page and what they answer', () => {
    const rows = Object.values(operations);
    const count = (test: (row: (typeof rows)[number]) => boolean): number =>
      rows.filter(test).length;
    expect(count((row) => row[7] === 'tokenQuery')).toBe(10);
    expect(count((row) => row[7] === 'tokenBody')).toBe(21);
    expect(count((row) => row[7] === 'offset')).toBe(50);
    expect(count((row) => row[4] === 'redirect')).toBe(26);
    expect(count((row) => row[4] === 'void')).toBe(85);
    expect(operations['entity.updateEntity']).toEqual([
      'PUT',
      '/repo/v1/entity/{id}',
      'p!s:id q?s:generatedBy q?b:newVersion',
      'Entity',
      'json',
      'Entity',
      200,
      '',
    ]);
    expect(operations['storageReport.startStorageReport']?.[6]).toBe(202);
  });
});

describe('the overlay', () => {
  test('may hold no action without an effect or a reason', async () => {
    const withAction = (action: Overlay['actions'][number]): Overlay => ({
      ...overlay,
      actions: [action],
    });
    const gone = withAction({
      target: "$.paths['/gone']",
      description: 'It is gone.',
      update: { a: 1 },
    });
    await expect(applyOverlay(source, gone)).rejects.toThrow(/#1 \$\.paths\['\/gone'\]/);
    const settled = withAction({
      target: '$.info',
      description: 'Published by now.',
      update: { version: source.info.version },
    });
    await expect(applyOverlay(source, settled)).rejects.toThrow(/match or change nothing/);
    const unexplained = withAction({ target: '$.info', update: { version: '2' } });
    await expect(applyOverlay(source, unexplained)).rejects.toThrow(/reason/);
  });

  test('requires properties only of types that no request uses', () => {
    const requests = operationsOf(source).flatMap(({ operation }) =>
      schemasOf({ ...operation, responses: {} }),
    );
    const used = reachableFrom(source, requests);
    const required = overlay.actions.flatMap(({ target, update }) => {
      const [, type] = /^\$\.components\.schemas\['([^']*)'\]$/.exec(target) ?? [];
      return type !== undefined && JSON.stringify(update).startsWith('{"required"') ? [type] : [];
    });
    expect(required.length).toBeGreaterThan(25);
    expect(required.filter((type) => used.has(type))).toEqual([]);
  });

  test('holds no action whose loss would go unnoticed', async () => {
    const { actions } = overlay;
    const apply = (description: Description, some: Overlay['actions']): Promise<Description> =>
      applyOverlay(description, { ...overlay, actions: some });
    const whole = fingerprint(await apply(source, actions), lock);
    const unnoticed: string[] = [];
    /** The description with the actions before the one that is left out. */
    let before = source;
    for (const [index, action] of actions.entries()) {
      const without = await apply(before, actions.slice(index + 1))
        .then((overlaid) => fingerprint(overlaid, lock))
        .catch(() => 'refused');
      if (without === whole) unnoticed.push(action.target);
      before = await apply(before, [action]);
    }
    expect(unnoticed).toEqual([]);
  }, 120_000);
});

/** The generated files that are quick to make and between them show everything. */
function fingerprint(overlaid: Description, names: NamesLock): string {
  const renamed = renameAll(applyPasses(overlaid), names);
  const endpoints = endpointsOf(renamed);
  return emitOperations(endpoints) + emitServices(endpoints) + emitSchemas(renamed);
}

/** A copy with paths, methods, schemas, tags and union members in reverse order. */
function shuffle(description: Description): Description {
  const copy = structuredClone(description);
  const reverse = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).reverse());
  copy.tags.reverse();
  copy.paths = reverse(copy.paths);
  for (const [path, item] of Object.entries(copy.paths)) {
    const methods = [...METHODS].reverse().filter((method) => item[method] !== undefined);
    copy.paths[path] = Object.fromEntries(methods.map((method) => [method, item[method]]));
  }
  copy.components.schemas = reverse(copy.components.schemas);
  for (const schema of Object.values(copy.components.schemas)) schema.oneOf?.reverse();
  return copy;
}
