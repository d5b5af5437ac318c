import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { asModule, markdownExamples } from '../test/helpers/examples.js';

/**
 * `npm run check:package`: packs the package, installs it in another folder, and uses it like a user:
 * imported, required, type-checked, as a command.
 */
const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'synapse-package-'));

function run(command: string, args: string[], cwd = work): string {
  process.stdout.write(`$ ${command} ${args.join(' ').replaceAll(work, '.')}\n`);
  try {
    return execFileSync(command, args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  } catch (error) {
    process.stdout.write((error as { stdout?: string }).stdout ?? '');
    throw error;
  }
}

function expectOutput(output: string, wanted: string): void {
  if (!output.includes(wanted)) throw new Error(`expected ${wanted}, got: ${output}`);
  process.stdout.write(output);
}

const nodeConsumer = `
import { Activity, Synapse, NotFoundError, type AccessExplanation, type StorageLocation } from 'synapseclient';
import type { FileEntity } from 'synapseclient/types';
import { startLocalSynapse } from 'synapseclient/server';
import { walk, type WalkTuple } from 'synapseclient/synapseutils';

const syn = new Synapse();
export const steps: AsyncIterable<WalkTuple> = walk(syn, 'syn1');
export const why: Promise<AccessExplanation> = syn.access.why('syn1', 'bob');
export const name = async (id: string): Promise<string | undefined> => {
  const entity = await syn.services.entity.getEntity({ id });
  if (entity.concreteType !== 'org.sagebionetworks.repo.model.FileEntity') return undefined;
  const file: FileEntity = entity;
  return file.dataFileHandleId;
};
export const unread = async (): Promise<(string | undefined)[]> =>
  (await syn.messages.inbox({ status: 'UNREAD', text: true }).toArray()).map(({ text }) => text);
export const invite = async (): Promise<string[]> =>
  (await syn.teams.invite('Lab', ['bob'])).map(({ state }) => state);
export const location: Promise<StorageLocation> = syn.storageLocations.create({ kind: 'externalS3', bucket: 'b' });
export const added = (id: string): Promise<number> => syn.downloadList.add([id]).then(({ added }) => added);
export const submitted = async (): Promise<string | undefined> =>
  (await syn.submit('Round 1', 'syn1', { team: 'Lynx' })).receiptMessage;
export const restore = async (id: string): Promise<string[]> => {
  const { versionNumber, changed } = await syn.versions.restore(id, 1, { comment: 'again' });
  await syn.setProvenance(id, new Activity({ name: 'Restore' }).used(id + '.' + versionNumber));
  return changed;
};
export const stored = async (id: string): Promise<string[]> =>
  (await syn.wiki.import('docs', id)).failures.map(({ path }) => path);
export const found = async (): Promise<number> =>
  (await syn.search('rna', { where: { type: 'file' }, facets: ['organ'] })).found;
export const minted = async (id: string): Promise<string> =>
  (await syn.dois.mint(id, { creators: ['A'], titles: 'T' })).url;
export const all = [NotFoundError, startLocalSynapse];
`;

const browserConsumer = `
import { createRestClient } from 'synapseclient/rest';
import type { paths } from 'synapseclient/schema';

const { rest } = createRestClient();
export const project = await rest.GET('/repo/v1/entity/{id}', { params: { path: { id: 'syn1' } } });
export type Own = paths['/repo/v1/entity/{id}']['get'];
`;

function checkTypes(
  name: string,
  source: string,
  options: { lib: string[]; types: string[] },
): void {
  const compilerOptions = {
    ...options,
    typeRoots: [join(root, 'node_modules/@types')],
    module: 'nodenext',
    target: 'es2023',
    strict: true,
    noEmit: true,
  };
  writeFileSync(join(work, `${name}.ts`), source);
  const project = join(work, `tsconfig.${name}.json`);
  writeFileSync(project, JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
  process.stdout.write(run(join(root, 'node_modules/.bin/tsc'), ['-p', project]));
}

/** Checks that the errors about missing packages contain the right command for this kind of installation. */
function checkOptional(installed: string, addCommand: (spec: string) => string): void {
  const errors = run(
    join(root, 'node_modules/.bin/tsx'),
    ['build/probeOptional.ts', installed],
    root,
  );
  const specs = [
    'ssh2@1',
    '@aws-sdk/client-s3@3',
    'apache-arrow@21',
    'parquet-wasm@0',
    '@silvia-odwyer/photon-node@0',
  ];
  for (const spec of specs) {
    if (!errors.includes(`Add it with: ${addCommand(spec)}\n`)) {
      throw new Error(`expected the command ${addCommand(spec)}, got: ${errors}`);
    }
  }
  process.stdout.write(errors);
}

/** Checks the package as `npx` installs it, and removes its folder from the cache of npm. */
function checkNpx(packed: string): void {
  const args = ['--yes', '--prefer-offline', `--package=${packed}`, '-c', 'command -v synapse'];
  const installed = dirname(dirname(realpathSync(run('npx', args).trim())));
  try {
    checkOptional(installed, (spec) => `npx --package=synapseclient --package=${spec} synapse ...`);
  } finally {
    rmSync(dirname(dirname(installed)), { recursive: true, force: true });
  }
}

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
  const utilities =
    "import('synapseclient/synapseutils').then((m) => console.log('synapseutils', typeof m.walk))";
  expectOutput(run('node', ['--input-type=module', '-e', utilities]), 'synapseutils function');
  const required = "console.log('require', typeof require('synapseclient').Synapse)";
  expectOutput(run('node', ['--input-type=commonjs', '-e', required]), 'require function');
  const synapse = (...args: string[]): string => run('npx', ['--no-install', 'synapse', ...args]);
  expectOutput(synapse('--version'), 'synapseclient/');
  expectOutput(synapse('autocomplete', 'bash'), 'complete -o default -F _synapse synapse');

  checkOptional(join(work, 'node_modules/synapseclient'), (spec) => `npm install ${spec}`);
  const prefix = join(work, 'prefix');
  mkdirSync(prefix);
  run('npm', ['install', '--global', '--silent', '--prefer-offline', '--prefix', prefix, packed]);
  const globalPackage = join(prefix, 'lib/node_modules/synapseclient');
  checkOptional(globalPackage, (spec) => `npm install --global ${spec}`);
  checkNpx(packed);

  for (const [index, example] of markdownExamples('README.md', 'ts').entries()) {
    checkTypes(`readme${index + 1}`, asModule(example), { lib: ['es2023'], types: ['node'] });
  }
  checkTypes('node', nodeConsumer, { lib: ['es2023'], types: ['node'] });
  checkTypes('browser', browserConsumer, { lib: ['es2023', 'dom'], types: [] });
  // It fails for an import of a module of Node.js.
  await build({
    entryPoints: [join(work, 'browser.ts')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  process.stdout.write('The package is fine.\n');
} finally {
  rmSync(work, { recursive: true, force: true });
}
