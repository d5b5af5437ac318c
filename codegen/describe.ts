/**
 * `tsx codegen/describe.ts`, after `tsc` has written `dist/`
 *
 * Puts upstream's prose into the published declarations, and into the data of the help of `synapse api`, from the dev dependency. The
 * repository itself holds none of it.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describeDeclarations } from './describeDeclarations.js';
import type { Description } from './description.js';
import { readPinned } from './importDescription.js';
import { endpointsOf } from './endpoints.js';
import { renameAll } from './names.js';
import { operationTexts } from './operationTexts.js';
import { correct, readInputs } from './pipeline.js';
import { proseOf } from './prose.js';

const HELP = new URL('../dist/cli/', import.meta.url);
const DECLARATIONS = new URL('../dist/generated/', import.meta.url);

/** In services and façade the types are members of the namespace `M`. */
const FILES: readonly (readonly [file: string, linkPrefix: string])[] = [
  ['models.d.ts', ''],
  ['rest.d.ts', 'M.'],
  ['services.d.ts', 'M.'],
];

async function main(): Promise<void> {
  const published = JSON.parse((await readPinned()).text) as Description;
  const { source, overlay, lock } = await readInputs();
  for (const [name, linkPrefix] of FILES) {
    const file = new URL(name, DECLARATIONS);
    const described = describeDeclarations(
      await readFile(file, 'utf8'),
      proseOf(published, lock, linkPrefix),
    );
    await writeFile(file, described);
  }
  const description = renameAll(await correct(source, overlay), lock);
  const texts = operationTexts(endpointsOf(description), description, proseOf(published, lock, ''));
  await mkdir(HELP, { recursive: true });
  await writeFile(new URL('operations.json', HELP), JSON.stringify(texts));
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
