/**
 * `npm run openapi:import [-- --from FILE|URL] [--update]`
 *
 * Takes the description of the API from the pinned dev dependency, or from elsewhere, into `openapi/`. Shows what is new, gone or
 * different. Writes only what has the pinned hash, or anything with `--update`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { changesBetween, imported, readPinned, sha256 } from './importDescription.js';
import type { Changes, Source } from './importDescription.js';
import { OPENAPI, readJson } from './pipeline.js';
import type { Description } from './description.js';

const DESCRIPTION = new URL('synapse.json', OPENAPI);
const SOURCE = new URL('source.json', OPENAPI);

async function readFrom(place: string): Promise<{ text: string; source: Source }> {
  if (!/^https?:/.test(place)) {
    const text = await readFile(place, 'utf8');
    return { text, source: { file: basename(place), sha256: sha256(text) } };
  }
  const response = await fetch(place);
  if (!response.ok) throw new Error(`${place} answered ${response.status} ${response.statusText}`);
  const text = await response.text();
  return { text, source: { url: place, sha256: sha256(text) } };
}

async function readIfThere<T>(file: URL): Promise<T | undefined> {
  return readJson<T>(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
}

function report(what: string, { added, removed, changed }: Changes): void {
  const lists = [
    ...added.map((key) => `  + ${key}`),
    ...removed.map((key) => `  - ${key}`),
    ...changed.map((key) => `  ~ ${key}`),
  ];
  console.log(
    [
      `${what}: ${added.length} added, ${removed.length} removed, ${changed.length} changed`,
      ...lists,
    ].join('\n'),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { from: { type: 'string' }, update: { type: 'boolean', default: false } },
  });
  const { text, source } = await (values.from === undefined ? readPinned() : readFrom(values.from));
  const description = imported(text);
  const before = await readIfThere<Description>(DESCRIPTION);
  if (before !== undefined) {
    const { operations, types } = changesBetween(before, description);
    report('operations', operations);
    report('types', types);
  }
  const pin = await readIfThere<Source>(SOURCE);
  if (pin !== undefined && pin.sha256 !== source.sha256 && !values.update) {
    throw new Error(
      `The description is not the pinned one (sha256 ${source.sha256}, pinned ${pin.sha256}). Nothing written; take it in with --update.`,
    );
  }
  await writeFile(DESCRIPTION, `${JSON.stringify(description, null, 1)}\n`);
  await writeFile(SOURCE, `${JSON.stringify(source, null, 2)}\n`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
