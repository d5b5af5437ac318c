import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Synapse } from '../src/index.js';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The methods of each group in the table of the README. */
function documented(): Map<string, string[]> {
  const rows = read('README.md').matchAll(/^\| `syn\.(\w+)` +\| (.+) \|$/gm);
  return new Map(
    [...rows].map(([, group = '', methods = '']) => [group, methods.match(/\w+/g)?.sort() ?? []]),
  );
}

test('the README lists the methods of every group', () => {
  const syn = new Synapse({ environment: {}, configPath: '/dev/null' });
  const groups = [...read('src/rooms.ts').matchAll(/^ {2}get (\w+)\(\)/gm)].map(([, name = '']) => {
    const room: unknown = Object.getPrototypeOf(Reflect.get(syn, name));
    const methods = Object.getOwnPropertyNames(room).filter((method) => method !== 'constructor');
    return [name, methods.sort()] as const;
  });
  expect(documented()).toEqual(new Map(groups));
});
