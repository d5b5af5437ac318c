import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');

/** What every layer of the client may use. */
const shared = ['src/errors.ts', 'src/options.ts', 'src/types.ts', 'generated/'];

/** What moves bytes and calls, for the layers above it. */
const engines = [
  'src/transfer/',
  'src/cache/',
  'src/files/',
  'src/api/',
  'src/net/',
  'src/values/',
  ...shared,
];

/** What a folder of a domain may use, besides itself. */
const domain = ['src/context.ts', 'src/storages/', ...engines];

/** Layers from the outside in. A file belongs to the first one whose prefix its path has. */
const layers = {
  'src/cli/': ['src/cli/', 'src/index.ts', 'src/server/index.ts', 'generated/'],
  'src/server/': ['src/server/', 'generated/'],
  'src/index.ts': ['src/', 'generated/'],
  'src/synapse.ts': ['src/', 'generated/'],
  'src/rooms.ts': ['src/', 'generated/'],
  'src/createContext.ts': ['src/', 'generated/'],
  'src/synapseutils/': [
    'src/synapseutils/',
    'src/synapse.ts',
    'src/entities/',
    'src/sync/',
    ...shared,
  ],
  'src/rest.ts': ['src/api/', ...shared],
  'src/types.ts': ['generated/'],
  'src/errors.ts': ['generated/'],
  'src/options.ts': ['src/errors.ts', 'generated/'],
  'src/version.ts': [],
  'src/context.ts': ['src/api/', 'src/cache/', 'src/storages/', ...shared],
  'src/values/': ['src/values/', 'src/errors.ts'],
  'src/files/': ['src/files/', 'src/values/', ...shared],
  'src/net/': ['src/net/', 'src/values/', ...shared],
  'src/api/': ['src/api/', 'src/net/', 'src/values/', 'src/version.ts', ...shared],
  'src/auth/': ['src/auth/', 'src/api/', 'src/net/', 'src/values/', ...shared],
  'src/cache/': ['src/cache/', 'src/files/', 'src/values/', ...shared],
  'src/transfer/': [
    'src/transfer/',
    'src/storages/ftp/',
    'src/cache/',
    'src/files/',
    'src/api/',
    'src/net/',
    'src/values/',
    ...shared,
  ],
  'src/storages/': ['src/storages/', ...engines],
  'src/provenance/': ['src/provenance/', ...domain],
  'src/access/': ['src/access/', ...domain],
  'src/entities/': ['src/entities/', 'src/provenance/', ...domain],
  'src/users/': ['src/users/', ...domain],
  'src/fileHandles/': ['src/fileHandles/', 'src/entities/', ...domain],
  'src/storageLocations/': ['src/storageLocations/', 'src/entities/', ...domain],
  'src/sync/': ['src/sync/', 'src/entities/', ...domain],
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
