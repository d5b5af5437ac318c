import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');

/** Layers from the outside in. A file belongs to the first one whose prefix its path has. */
const layers = {
  'src/cli/': ['src/cli/', 'src/index.ts', 'src/server/index.ts', 'generated/'],
  'src/server/': ['src/server/', 'generated/'],
  'src/index.ts': ['src/', 'generated/'],
  'src/synapse.ts': ['src/', 'generated/'],
  'src/rest.ts': ['src/http/', 'src/errors.ts', 'src/options.ts', 'src/types.ts', 'generated/'],
  'src/types.ts': ['generated/'],
  'src/errors.ts': ['generated/'],
  'src/options.ts': ['src/errors.ts', 'generated/'],
  'src/context.ts': [
    'src/http/',
    'src/cache/',
    'src/storages/',
    'src/errors.ts',
    'src/options.ts',
    'generated/',
  ],
  'src/http/': [
    'src/http/',
    'src/values/',
    'src/errors.ts',
    'src/options.ts',
    'src/version.ts',
    'generated/',
  ],
  'src/version.ts': [],
  'src/auth/': [
    'src/auth/',
    'src/values/',
    'src/http/',
    'src/errors.ts',
    'src/options.ts',
    'generated/',
  ],
  'src/cache/': ['src/cache/', 'src/values/', 'src/errors.ts', 'src/options.ts', 'generated/'],
  'src/transfer/': [
    'src/transfer/',
    'src/values/',
    'src/cache/',
    'src/http/',
    'src/errors.ts',
    'src/options.ts',
    'generated/',
  ],
  'src/storages/': [
    'src/storages/',
    'src/transfer/',
    'src/cache/',
    'src/http/',
    'src/values/',
    'src/errors.ts',
    'src/options.ts',
    'generated/',
  ],
  'src/entities/': [
    'src/entities/',
    'src/context.ts',
    'src/storages/',
    'src/transfer/',
    'src/cache/',
    'src/http/',
    'src/errors.ts',
    'src/options.ts',
    'src/types.ts',
    'src/values/',
    'generated/',
  ],
  'src/synapseutils/': [
    'src/synapseutils/',
    'src/entities/',
    'src/transfer/',
    'src/errors.ts',
    'src/options.ts',
    'generated/',
  ],
  'src/values/': ['src/values/', 'src/errors.ts'],
  'generated/': ['generated/'],
  'codegen/': ['codegen/'],
} satisfies Record<string, string[]>;

/** What the library may not reach: command-line packages, the server's engine. */
const packagesOf: Record<string, RegExp> = {
  'src/cli/': /^(node:.*|@oclif\/core|@inquirer\/prompts)$/,
  'src/server/': /^(node:.*|ajv(\/.*)?|jose|mime-types|node-sqlite3-wasm|yaml|yazl)$/,
  'generated/': /^$/,
};
const libraryPackages =
  /^(node:.*|openapi-fetch|p-retry|undici|hpagent|keytar|mime-types|ssh2-sftp-client|@aws-sdk\/client-s3)$/;

const importPattern =
  /^\s*(?:import|export)\b[^'";]*?\bfrom\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)|new URL\('(\.[^']+\.js)', import\.meta/gm;

const files = ['src', 'generated', 'codegen'].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${top}/${name}`),
);

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(importPattern)].map((m) => m[1] ?? m[2] ?? m[3] ?? m[4] ?? '');
}

function layerOf(file: string): keyof typeof layers | undefined {
  return (Object.keys(layers) as (keyof typeof layers)[]).find((prefix) => file.startsWith(prefix));
}

describe('who may import whom', () => {
  test('every file belongs to a layer', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => layerOf(file) === undefined)).toEqual([]);
  });

  test('no import goes against the direction of the layers', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const allowed = layers[layerOf(file) ?? 'generated/'];
      for (const specifier of importsOf(file).filter((name) => name.startsWith('.'))) {
        const target = relative(root, join(root, dirname(file), specifier)).replace(/\.js$/, '.ts');
        if (!allowed.some((prefix: string) => target.startsWith(prefix))) {
          wrong.push(`${file} -> ${target}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('client code never reaches the embedded server, nor the server client code', () => {
    const server = files.filter((file) => file.startsWith('src/server/'));
    const clients = files.filter(
      (file) => file.startsWith('src/') && !file.startsWith('src/cli/') && !server.includes(file),
    );
    const crossing = clients.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.includes('/server/'))
        .map((name) => `${file} -> ${name}`),
    );
    expect(crossing).toEqual([]);
  });

  test('packages stay in the layer that they are for', () => {
    const wrong: string[] = [];
    for (const file of files.filter((name) => !name.startsWith('codegen/'))) {
      const layer = layerOf(file) ?? '';
      const allowed = packagesOf[layer] ?? libraryPackages;
      for (const name of importsOf(file)) {
        if (!name.startsWith('.') && !allowed.test(name)) wrong.push(`${file} -> ${name}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
