import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `npm run check:package`: packs what would be published, installs it elsewhere, and uses it as a stranger does:
 * imported, required, type-checked, as a command.
 */
const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'synapse-package-'));

function run(command: string, args: string[], cwd = work): string {
  process.stdout.write(`$ ${command} ${args.join(' ').replaceAll(work, '.')}\n`);
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function expectOutput(output: string, wanted: string): void {
  if (!output.includes(wanted)) throw new Error(`expected ${wanted}, got: ${output}`);
  process.stdout.write(output);
}

const consumer = `
import { Synapse, NotFoundError } from 'synapseclient';
import type { FileEntity } from 'synapseclient/types';
import { createRestClient } from 'synapseclient/rest';
import { startLocalSynapse } from 'synapseclient/server';

const syn = new Synapse();
export const name = async (id: string): Promise<string | undefined> => {
  const entity = await syn.services.entity.getEntity({ id });
  if (entity.concreteType !== 'org.sagebionetworks.repo.model.FileEntity') return undefined;
  const file: FileEntity = entity;
  return file.dataFileHandleId;
};
export const all = [NotFoundError, createRestClient, startLocalSynapse];
`;

try {
  const [tarball] = run('npm', ['pack', '--silent', '--pack-destination', work], root)
    .trim()
    .split('\n');
  const packed = join(work, tarball ?? '');
  run(join(root, 'node_modules/.bin/publint'), ['--strict', packed], root);
  run(join(root, 'node_modules/.bin/attw'), ['--profile', 'esm-only', packed], root);

  writeFileSync(join(work, 'package.json'), '{"private": true, "type": "module"}\n');
  run('npm', ['install', '--silent', '--no-package-lock', '--prefer-offline', packed]);
  const imported = "import('synapseclient').then((m) => console.log('import', typeof m.Synapse))";
  expectOutput(run('node', ['--input-type=module', '-e', imported]), 'import function');
  const required = "console.log('require', typeof require('synapseclient').Synapse)";
  expectOutput(run('node', ['--input-type=commonjs', '-e', required]), 'require function');
  expectOutput(run('npx', ['--no-install', 'synapse', '--version']), 'synapseclient/');

  writeFileSync(join(work, 'consumer.ts'), consumer);
  const tsc = join(root, 'node_modules/.bin/tsc');
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--lib',
    'es2023,dom',
  ];
  run(tsc, [...options, '--types', '', 'consumer.ts']);
  process.stdout.write('The package is fine.\n');
} finally {
  rmSync(work, { recursive: true, force: true });
}
