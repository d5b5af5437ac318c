import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Cache } from '../../../src/cache/cache.js';

/** `addMany.ts ROOT NAME COUNT`: adds files of its own to one file handle, and looks each up again. */
const [root = '', name = '', count = '0'] = process.argv.slice(2);
const cache = new Cache({ root });
const folder = join(root, '..', name);
await mkdir(folder);
let found = 0;
for (let index = 0; index < Number(count); index += 1) {
  const path = join(folder, String(index));
  await writeFile(path, `${name} ${index}`);
  await cache.add('123', path);
  if ((await cache.get('123', path)) === path) found += 1;
}
process.stdout.write(String(found));
