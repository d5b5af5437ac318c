/**
 * `npm run generate [-- --check | --accept]`
 *
 * Writes `generated/` from what is committed in `openapi/`. With `--check` it writes nothing and fails when a file is not what it
 * would write. With `--accept` it takes the names that it proposes for new operations and types into the lock.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Description } from './description.js';
import { acceptNames, namingFaults, proposeNames } from './names.js';
import type { NamesLock } from './names.js';
import { correct, emit, GENERATED, LOCK, readInputs } from './pipeline.js';

/** The lock, with new names accepted, or a failure that says which names wait. */
async function settleNames(
  description: Description,
  current: NamesLock,
  { accept, check }: { accept: boolean; check: boolean },
): Promise<NamesLock> {
  const next = proposeNames(description, current);
  for (const [key, name] of Object.entries({
    ...next.proposed?.operations,
    ...next.proposed?.types,
  })) {
    console.log(`new: ${key} -> ${name}`);
  }
  const lock = accept ? acceptNames(next) : next;
  const text = `${JSON.stringify(lock, null, 2)}\n`;
  if (!check) await writeFile(LOCK, text);
  const faults = namingFaults(description, lock);
  if (faults.length > 0) {
    throw new Error(
      `openapi/names.lock.json does not fit the description:\n  ${faults.join('\n  ')}\n` +
        'Look at its proposed names, better them, then run again with --accept. Delete the names of what is gone.',
    );
  }
  return lock;
}

async function staleFiles(files: ReadonlyMap<string, string>): Promise<string[]> {
  const present = await readdir(GENERATED);
  const stale = present.filter((name) => !files.has(name));
  for (const [name, text] of files) {
    const current = present.includes(name)
      ? await readFile(new URL(name, GENERATED), 'utf8')
      : undefined;
    if (current !== text) stale.push(name);
  }
  return stale.sort();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      accept: { type: 'boolean', default: false },
    },
  });
  const { source, overlay, lock, scopes } = await readInputs();
  const description = await correct(source, overlay);
  const files = await emit(description, await settleNames(description, lock, values), scopes);
  if (values.check) {
    const stale = await staleFiles(files);
    if (stale.length === 0) return;
    throw new Error(
      `Not what \`npm run generate\` writes: ${stale.map((name) => `generated/${name}`).join(', ')}`,
    );
  }
  for (const [name, text] of files) await writeFile(new URL(name, GENERATED), text);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
