import module from 'node:module';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { runSynapse } from './runSynapse.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-compiled-test-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Node.js 20 cannot keep compiled code. */
const canKeep = 'enableCompileCache' in module;

test.each([
  ['the folder for caches', { XDG_CACHE_HOME: 'caches' }, ['caches']],
  ['.cache without such a folder', {}, ['.cache']],
  ['nothing when Node.js is told so', { NODE_DISABLE_COMPILE_CACHE: '1' }, []],
])('a command keeps compiled code in %s', async (_name, env, kept) => {
  const enabled = { NODE_DISABLE_COMPILE_CACHE: undefined, ...env };
  expect(await runSynapse(['--version'], { home, env: enabled })).toMatchObject({ status: 0 });
  expect(await readdir(home)).toEqual(canKeep ? kept : []);
});
