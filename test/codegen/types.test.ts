import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import openapiTS, { astToString } from 'openapi-typescript';
import type { OpenAPI3 } from 'openapi-typescript';
import ts from 'typescript';
import { renameAll } from '../../codegen/names.js';
import { correct, readInputs } from '../../codegen/pipeline.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the compiler says of the files, under the project's options. */
function complaints(files: readonly string[]): string {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const program = ts.createProgram(files, {
    ...options,
    typeRoots: [join(root, 'node_modules/@types')],
  });
  const wrong = files.flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  const host = {
    getCanonicalFileName: (name: string) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  };
  return ts.formatDiagnostics(wrong, host);
}

test('the compile-time tests of test/types compile', () => {
  const folder = join(root, 'test/types');
  const files = readdirSync(folder).map((name) => join(folder, name));
  expect(files.length).toBeGreaterThan(0);
  expect(complaints(files)).toBe('');
}, 60_000);

test('`paths` are those that openapi-typescript makes', async () => {
  const { source, overlay, lock } = await readInputs();
  const corrected = await correct(source, overlay);
  const plain = astToString(await openapiTS(renameAll(corrected, lock) as unknown as OpenAPI3));
  const folder = await mkdtemp(join(tmpdir(), 'synapseclient-paths-'));
  try {
    await writeFile(join(folder, 'plain.mts'), plain);
    await writeFile(
      join(folder, 'compare.mts'),
      `import type { paths as Plain } from './plain.mjs';
      import type { paths as Ours } from '${join(root, 'generated/schema.js')}';
      export const keys = (key: keyof Plain): keyof Ours => key;
      export const there = (plain: Plain): Ours => plain;
      type Operations<P> = { [Path in keyof P]: Omit<P[Path], 'parameters'> };
      export const back = (ours: Ours): Operations<Plain> => ours;`,
    );
    expect(complaints([join(folder, 'compare.mts')])).toBe('');
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);
