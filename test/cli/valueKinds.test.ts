import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const folder = join(import.meta.dirname, '../../dist/cli/commands');

interface Definition {
  type?: string;
  helpValue?: string;
  options?: string[];
  hidden?: boolean;
  valueKind?: string;
}

interface CommandData {
  id: string;
  args: Readonly<Record<string, Definition>>;
  flags: Readonly<Record<string, Definition>>;
}

/** Names and help values that say what kind of value is meant. */
const telling =
  /^<?\[?(?:.*-)?(?:ids?|file|db|directory|dir|data|seed|path|profile|parent|parentid|project|destination|location|scope|item|from|to|used|executed|search|user|team|principal|evaluation|operation)\]?>?(?:\.\.\.)?$/;

/** Ids of other things, and words. */
const others: Readonly<Record<string, readonly string[]>> = {
  'access requirements': ['accept'],
  api: ['path'],
  'discussion reply': ['id'],
  'discussion show': ['id'],
  'evaluation score': ['submission'],
  'message archive': ['id'],
  'message reply': ['id'],
  'message show': ['id'],
  migrate: ['destination', 'source-storage-location-ids'],
  open: ['page'],
  'storage set': ['location'],
  'table delete-rows': ['row'],
  'team list': ['search'],
  'team members': ['search'],
  'wiki copy': ['page', 'to-page'],
  'wiki delete': ['page'],
  'wiki history': ['page'],
  'wiki restore': ['page'],
  'wiki show': ['page'],
  'wiki store': ['page', 'parent-page'],
};

test('every argument and flag whose value is an id, a file or the like says so', async () => {
  const files = await readdir(folder, { recursive: true });
  const commands = await Promise.all(
    files
      .filter((file) => file.endsWith('.json'))
      .map(async (file) => {
        return JSON.parse(await readFile(join(folder, file), 'utf8')) as CommandData;
      }),
  );
  expect(commands.length).toBeGreaterThan(100);
  const silent: string[] = [];
  const needless = new Map(
    Object.entries(others).flatMap(([id, names]) =>
      names.map((name) => [`${id} ${name}`, true] as const),
    ),
  );
  for (const { id, args, flags } of commands) {
    const command = id.replaceAll(':', ' ');
    for (const [name, definition] of [...Object.entries(args), ...Object.entries(flags)]) {
      const { type, helpValue = '', options, valueKind } = definition;
      if (type === 'boolean' || options !== undefined || valueKind !== undefined) continue;
      if (!telling.test(name) && !telling.test(helpValue)) continue;
      if (!needless.delete(`${command} ${name}`)) silent.push(`${command} ${name}`);
    }
  }
  expect({ silent, needless: [...needless.keys()] }).toEqual({ silent: [], needless: [] });
});
