import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { limitsPage } from '../../build/limitsPage.js';
import { limitRows, limits } from '../../src/server/limits.js';
import { pageLimits } from '../../src/server/pageLimits.js';

test('the page about the limits is what the code says', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/limits.md'), 'utf8');
  expect(page).toBe(limitsPage(limitRows, pageLimits));
});

test('a limit has a value, and names its source', () => {
  const wrong = Object.entries(limitRows).filter(
    ([, [value, , what, source]]) => !Number.isInteger(value) || what === '' || source === '',
  );
  expect(wrong).toEqual([]);
  expect(limits.entityName).toBe(256);
});
