import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { Synapse } from '../src/index.js';
import { startLocalSynapse, type LocalSynapse } from '../src/server/index.js';
import { stableOutput, withOutput, writtenOutput } from './helpers/exampleOutput.js';

/**
 * The programs of `examples/`: each is complete, runs against a Synapse of its own, prints what its last comment says, and leaves
 * nothing behind. `WRITE_EXAMPLE_OUTPUT=1` writes what they print into that comment.
 */
const root = join(import.meta.dirname, '..');
const directory = join(root, 'examples');
const run = promisify(execFile);
const files = readdirSync(directory);
const programs = files.filter((name) => name.endsWith('.ts') || name.endsWith('.sh'));
const modules = files.filter((name) => name.endsWith('.ts'));

/** Programs that log in with a password and remember the login: they run in a session with a keychain. */
const needsKeychain = (name: string): boolean => name.startsWith('readme-2019.');
const isThere = (command: string): boolean => spawnSync('which', [command]).status === 0;
const hasKeychain =
  process.platform === 'linux' && isThere('dbus-run-session') && isThere('gnome-keyring-daemon');
const runnable = programs.filter((name) => hasKeychain || !needsKeychain(name));

let folder: string;

/** A directory with the package installed, and with the examples. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synapse-programs-'));
  await mkdir(join(folder, 'node_modules'));
  await mkdir(join(folder, 'bin'));
  await symlink(root, join(folder, 'node_modules/synapseclient'));
  await symlink(join(root, 'node_modules/apache-arrow'), join(folder, 'node_modules/apache-arrow'));
  await symlink(join(root, 'bin/run.js'), join(folder, 'bin/synapse'));
  await writeFile(join(folder, 'package.json'), '{"type": "module"}');
  await cp(directory, join(folder, 'examples'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the programs compile for users of the package', () => {
  const names = modules.map((name) => join(folder, 'examples', name));
  const program = ts.createProgram(names, {
    strict: true,
    noUncheckedIndexedAccess: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    skipLibCheck: true,
    noEmit: true,
  });
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
    const text = ts.flattenDiagnosticMessageText(messageText, '\n');
    return `${file?.fileName.slice(folder.length + 1) ?? ''}:${line}: ${text}`;
  });
  expect(problems).toEqual([]);
});

describe('a program', () => {
  if (!hasKeychain) {
    test.skip('of the README of 2019 (dbus-run-session and gnome-keyring-daemon are missing)', () =>
      undefined);
  }

  test.each(runnable)(
    '%s prints what it says and leaves nothing behind',
    async (name) => {
      const synapse = await startLocalSynapse({ strict: true, onWarning: () => undefined });
      try {
        const { stdout, stderr } = await runProgram(name, synapse);
        // Commands write notes to stderr, and errors with their name.
        expect(stderr).not.toMatch(name.endsWith('.sh') ? /^synapse /m : /./);
        const path = join(directory, name);
        const source = readFileSync(path, 'utf8');
        const output = stableOutput(stdout);
        if (process.env['WRITE_EXAMPLE_OUTPUT']) {
          writeFileSync(path, withOutput(name, source, output));
        } else {
          expect(output).toBe(writtenOutput(name, source));
        }
        expect(await remaining(synapse)).toEqual([]);
        expect(synapse.contractViolations).toEqual([]);
        expect(synapse.internalErrors).toEqual([]);
      } finally {
        await synapse.close();
      }
    },
    180_000,
  );
});

/** Runs a program in a directory of its own, as a user whose login is in the environment. */
async function runProgram(
  name: string,
  { endpoint, authToken, users }: LocalSynapse,
): Promise<{ stdout: string; stderr: string }> {
  const cwd = await mkdtemp(join(folder, 'run-'));
  await cp(join(folder, 'examples'), cwd, { recursive: true });
  const env = {
    PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    HOME: cwd,
    USERPROFILE: cwd,
    TMPDIR: cwd,
    SYNAPSE_ENDPOINT: endpoint,
    CI: 'true',
    ...(needsKeychain(name)
      ? {
          NAME: users.alice.userName,
          PASSWORD: `${users.alice.userName}-password`,
          XDG_DATA_HOME: cwd,
          XDG_RUNTIME_DIR: cwd,
        }
      : { SYNAPSE_AUTH_TOKEN: authToken }),
  };
  if (name.endsWith('.sh')) return start(name, 'sh', { cwd, env });
  for (const module of modules) {
    const source = await readFile(join(cwd, module), 'utf8');
    const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
    const { outputText } = ts.transpileModule(source, { compilerOptions: options });
    await writeFile(join(cwd, module.replace(/\.ts$/, '.js')), outputText);
  }
  return start(name, process.execPath, { cwd, env });
}

/** Starts a program, where it needs one in a session with an unlocked keychain. */
async function start(
  name: string,
  command: string,
  options: { cwd: string; env: Record<string, string> },
): Promise<{ stdout: string; stderr: string }> {
  const program = name.replace(/\.ts$/, '.js');
  if (!needsKeychain(name)) return run(command, [program], options);
  const unlock =
    'printf "pw\\n" | gnome-keyring-daemon --unlock --components=secrets > keyring.log 2>&1';
  const { stdout, stderr } = await run(
    'dbus-run-session',
    ['--', 'sh', '-c', `${unlock}; exec "$0" "$1"`, command, program],
    options,
  );
  return { stdout, stderr: stderr.replace(/^dbus-daemon\[.*\n/gm, '') };
}

/** The names of the projects and evaluation queues of the user. */
async function remaining({ endpoint, authToken }: LocalSynapse): Promise<string[]> {
  const syn = new Synapse({ endpoint, environment: {}, configPath: join(folder, 'none') });
  await syn.login({ authToken });
  const { page } = await syn.services.entity.listEntityChildren({
    body: { includeTypes: ['project'] },
  });
  const queues = await syn.services.evaluation.listEvaluations({});
  await syn.close();
  return [...page, ...queues.results].map(({ name = '' }) => name);
}
