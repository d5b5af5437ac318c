#!/usr/bin/env node
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// Node.js 22 and later keep the compiled code. The default directory is in /tmp, where another user can create it first.
try {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const caches = XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), '.cache');
  module.enableCompileCache?.(join(caches, 'synapse', 'compiled'));
} catch {
  // There is no home directory. The cache only saves time.
}
const { main } = await import('../dist/cli/main.js');
await main(process.argv.slice(2), import.meta.dirname);
