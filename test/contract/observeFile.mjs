import { afterAll, expect } from '@jest/globals';

import { leave, observe } from './observe.mjs';

// Runs with every test file.
const end = observe();

afterAll(() => {
  const seen = end();
  leave({ ...seen, file: expect.getState().testPath });
  const { violations, errors } = seen;
  expect({ violations, errors }).toEqual({ violations: [], errors: [] });
});
