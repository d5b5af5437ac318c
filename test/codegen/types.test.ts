import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import openapiTS, { astToString } from 'openapi-typescript';
import type { OpenAPI3 } from 'openapi-typescript';
import ts from 'typescript';
import { renameAll } from '../../codegen/names.js';
import { correct, readInputs } from '../../codegen/pipeline.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const compileTimeTests = readdirSync(join(root, 'test/types')).map((name) =>
  join(root, 'test/types', name),
);
let folder: string;
let program: ts.Program;

// One program for all tests: the compiler reads the generated types once.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synapseclient-paths-'));
  await writeComparison();
  program = compile([...compileTimeTests, join(folder, 'compare.mts')]);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** Compares our `paths` with those that openapi-typescript makes of the same description. */
async function writeComparison(): Promise<void> {
  const { source, overlay, lock } = await readInputs();
  const corrected = await correct(source, overlay);
  const plain = astToString(await openapiTS(renameAll(corrected, lock) as unknown as OpenAPI3));
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
}

/** Has the compiler read the files, under the project's options. */
function compile(files: readonly string[]): ts.Program {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  return ts.createProgram(files, { ...options, typeRoots: [join(root, 'node_modules/@types')] });
}

/** What the compiler says of the files. */
function complaints(files: readonly string[]): string {
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
  expect(compileTimeTests.length).toBeGreaterThan(0);
  expect(complaints(compileTimeTests)).toBe('');
}, 60_000);

test('`paths` are those that openapi-typescript makes', () => {
  expect(complaints([join(folder, 'compare.mts')])).toBe('');
}, 60_000);
