import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { operations } from '../../generated/operations.js';
import { operationsPage } from '../../build/operationsPage.js';
import { cannedOperations } from '../../src/server/cannedOperations.js';
import { withServer } from '../helpers/withServer.js';

const handle = withServer();
test('the page about the operations is what the code says', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/server-operations.md'), 'utf8');
  expect(page).toBe(operationsPage(handle.synapse.operations));
});

test('every operation of the description is listed once', () => {
  const listed = handle.synapse.operations.map(({ operation }) => operation);
  expect(listed).toEqual(Object.keys(operations).sort());
});

test('nearly all operations are modelled', () => {
  const all = handle.synapse.operations;
  const modelled = all.filter(({ isModelled }) => isModelled);
  expect(modelled.length / all.length).toBeGreaterThanOrEqual(0.95);
  const canned = modelled.filter((operation) => operation.canned !== undefined);
  expect(canned.map(({ operation }) => operation)).toEqual(Object.keys(cannedOperations).sort());
  expect(canned.length / modelled.length).toBeLessThanOrEqual(0.05);
});
