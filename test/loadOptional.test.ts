import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SynapseError } from '../src/errors.js';
import { installCommand, loadOptional, optionalPackages } from '../src/loadOptional.js';

describe('an optional package', () => {
  test('is an optional peer of this one, in the version that is named', async () => {
    const text = await readFile(join(import.meta.dirname, '../package.json'), 'utf8');
    const { peerDependencies, peerDependenciesMeta } = JSON.parse(text) as {
      peerDependencies: Record<string, string>;
      peerDependenciesMeta: Record<string, { optional: boolean }>;
    };
    const majors = Object.entries(optionalPackages).map(([name, { major }]) => [name, major]);
    const peers = Object.entries(peerDependencies).map(([name, range]) => [
      name,
      Number(/^\^(\d+)\./.exec(range)?.[1]),
    ]);
    expect(majors).toEqual(peers);
    expect(Object.values(peerDependenciesMeta)).toEqual(peers.map(() => ({ optional: true })));
  });

  test('that is there is loaded', async () => {
    await expect(loadOptional('ssh2', () => Promise.resolve('loaded'))).resolves.toBe('loaded');
  });

  test('that is not there makes an error that says how to add it', async () => {
    const cause = Object.assign(new Error("Cannot find package 'ssh2' imported from /a.js"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    const loading = loadOptional('ssh2', () => Promise.reject(cause));
    await expect(loading).rejects.toThrow(SynapseError);
    await expect(loading).rejects.toMatchObject({ code: 'PACKAGE_MISSING', cause });
    await expect(loading).rejects.toThrow('Add it with: npm install');
  });

  test('that cannot be loaded for another reason keeps its error', async () => {
    const inner = Object.assign(new Error("Cannot find package 'asn1' imported from ssh2"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    await expect(loadOptional('ssh2', () => Promise.reject(inner))).rejects.toBe(inner);
  });
});

describe('the command that adds a package', () => {
  const command = (file: string, ...there: string[]): string =>
    installCommand('ssh2@1', file, (path) => there.includes(path.replaceAll('\\', '/')));
  const inside = 'node_modules/synapseclient/dist/src/loadOptional.js';

  test.each([
    ['npm', 'package.json', 'npm install ssh2@1'],
    ['pnpm', 'pnpm-lock.yaml', 'pnpm add ssh2@1'],
    ['yarn', 'yarn.lock', 'yarn add ssh2@1'],
    ['bun', 'bun.lock', 'bun add ssh2@1'],
  ])('in a project of %s', (_name, lock, expected) => {
    expect(command(`/project/${inside}`, '/project/package.json', `/project/${lock}`)).toBe(
      expected,
    );
  });

  test('in a project whose package manager links packages', () => {
    const file = `/project/node_modules/.pnpm/synapseclient@1.0.0/${inside}`;
    expect(command(file, '/project/pnpm-lock.yaml')).toBe('pnpm add ssh2@1');
  });

  test('in a package of a project', () => {
    const file = `/project/node_modules/other/${inside}`;
    expect(command(file, '/project/package.json')).toBe('npm install ssh2@1');
  });

  test.each([
    ['Linux', `/usr/local/lib/${inside}`],
    ['Windows', `C:\\Users\\me\\AppData\\Roaming\\npm\\${inside.replaceAll('/', '\\')}`],
  ])('for all projects, on %s', (_name, file) => {
    expect(command(file)).toBe('npm install --global ssh2@1');
  });

  test('for one run with npx', () => {
    const folder = '/home/me/.npm/_npx/0123456789abcdef';
    expect(command(`${folder}/${inside}`, `${folder}/package.json`)).toBe(
      'npx --package=synapseclient --package=ssh2@1 synapse ...',
    );
  });

  test('in a checkout of the repository', () => {
    expect(command('/src/synapseclient/src/loadOptional.ts')).toBe('npm install');
  });
});
