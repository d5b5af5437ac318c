/**
 * `tsx codegen/describe.ts`, after `tsc` has written `dist/`
 *
 * Puts upstream's prose into the published declarations, from the dev dependency. The repository itself holds none of it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { describeDeclarations } from './describeDeclarations.js';
import type { Description } from './description.js';
import { readPinned } from './importDescription.js';
import { readInputs } from './pipeline.js';
import { proseOf } from './prose.js';

const DECLARATIONS = new URL('../dist/generated/', import.meta.url);

/** In services and façade the types are members of the namespace `M`. */
const FILES: readonly (readonly [file: string, linkPrefix: string])[] = [
  ['models.d.ts', ''],
  ['rest.d.ts', 'M.'],
  ['services.d.ts', 'M.'],
];

async function main(): Promise<void> {
  const published = JSON.parse((await readPinned()).text) as Description;
  const { lock } = await readInputs();
  for (const [name, linkPrefix] of FILES) {
    const file = new URL(name, DECLARATIONS);
    const described = describeDeclarations(
      await readFile(file, 'utf8'),
      proseOf(published, lock, linkPrefix),
    );
    await writeFile(file, described);
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
