import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { checkFlags } from '../src/cli/checkFlags.js';
import { readCommandLine } from '../src/cli/readCommandLine.js';
import { File, Project, Synapse, Table } from '../src/index.js';
import { commandDefinitions } from './cli/commandDefinitions.js';
import { asModule, commentExamples, markdownExamples, type Example } from './helpers/examples.js';
import { withServer } from './helpers/withServer.js';

const root = join(import.meta.dirname, '..');
const server = withServer();
const run = promisify(execFile);

const pages = ['README.md', 'CONTRIBUTING.md', ...documents()];
const sources = [
  'src/index.ts',
  'src/synapse.ts',
  'src/shortcuts.ts',
  'src/rest.ts',
  'src/types.ts',
];
const readme = markdownExamples('README.md', 'ts');
const compiled = [
  ...pages.flatMap((page) => markdownExamples(page, 'ts')),
  ...sources.flatMap(commentExamples),
];

let folder: string;
let ids: Readonly<Record<string, string>>;

function documents(): string[] {
  return ['docs', 'docs/guides'].flatMap((directory) =>
    readdirSync(join(root, directory))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${directory}/${name}`),
  );
}

/** A directory with the package installed, a login, and the files that the examples name. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synapse-examples-'));
  await mkdir(join(folder, 'node_modules/@jest'), { recursive: true });
  await mkdir(join(folder, 'bin'));
  await symlink(root, join(folder, 'node_modules/synapseclient'));
  await symlink(
    join(root, 'node_modules/@jest/globals'),
    join(folder, 'node_modules/@jest/globals'),
  );
  await symlink(join(root, 'bin/run.js'), join(folder, 'bin/synapse'));
  const { endpoint, authToken } = server.synapse;
  const config = [
    '[default]',
    `authtoken = ${authToken}`,
    '[endpoints]',
    `repoEndpoint = ${endpoint}/repo/v1`,
    `authEndpoint = ${endpoint}/auth/v1`,
    `fileHandleEndpoint = ${endpoint}/file/v1`,
    '',
  ].join('\n');
  const files = {
    'package.json': '{"type": "module"}',
    'counts.csv': 'gene,count\na,1\n',
    'notes.txt': 'notes',
    'results/one.txt': 'one',
    '.synapseConfig': config,
    'local.synapseConfig': config,
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  ids = await createEntities(endpoint, authToken);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the examples call syn123 (a project), syn456 (a file) and syn789 (a table). */
async function createEntities(
  endpoint: string,
  authToken: string,
): Promise<Readonly<Record<string, string>>> {
  const syn = new Synapse({ endpoint, environment: {}, configPath: join(folder, 'none') });
  await syn.login({ authToken });
  const project = await syn.store(new Project({ name: 'Examples' }));
  const path = join(folder, 'data.csv.gz');
  await writeFile(path, gzipSync('a,b\n1,2\n'));
  const file = await syn.store(new File({ path, parent: project }));
  const table = await syn.store(
    new Table({ name: 'table', parent: project, columns: { a: 'INTEGER' } }),
  );
  await syn.close();
  return { syn123: project.id, syn456: file.id, syn789: table.id };
}

function withIds(text: string): string {
  return text.replace(/\bsyn(?:123|456|789)\b/g, (id) => ids[id] ?? id);
}

const environment = (): NodeJS.ProcessEnv => ({
  PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
  HOME: folder,
  USERPROFILE: folder,
  CI: 'true',
});

describe('the examples in TypeScript', () => {
  test('of all documents and comments compile for users of the package', async () => {
    await mkdir(join(folder, 'src'));
    await mkdir(join(folder, 'examples'));
    await writeFile(
      join(folder, 'src/runPipeline.ts'),
      'export declare function runPipeline(at: { endpoint: string; authToken?: string }): Promise<void>;',
    );
    const names = await Promise.all(
      compiled.map(async (example, index) => {
        const name = join(folder, `examples/${index}.ts`);
        await writeFile(name, asModule(example));
        return name;
      }),
    );
    const program = ts.createProgram(names, {
      strict: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      noEmit: true,
    });
    const problems = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
      const index = names.indexOf(file?.fileName ?? '');
      const { line = 0 } = file?.getLineAndCharacterOfPosition(start) ?? {};
      const text = ts.flattenDiagnosticMessageText(messageText, '\n');
      return `${compiled[index]?.place ?? file?.fileName ?? ''} +${line}: ${text}`;
    });
    expect(problems).toEqual([]);
    expect(compiled.length).toBeGreaterThan(10);
  });

  test.each(readme)('of the README run: $place', async (example: Example) => {
    const source = withIds(asModule(example));
    const name = join(folder, `${example.place.replace(/\W/g, '-')}.mjs`);
    const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
    await writeFile(name, ts.transpileModule(source, { compilerOptions: options }).outputText);
    const ended = run(process.execPath, [name], { cwd: folder, env: environment() });
    // It calls an endpoint that does not exist.
    if (source.includes('/some/new/')) await expect(ended).rejects.toThrow('NotFoundError');
    else expect((await ended).stderr).not.toMatch(/error|warning/i);
  });
});

describe('the commands', () => {
  const commands = commandDefinitions();

  /** Those that need a keychain, a terminal, a shell, a storage location with credentials, or that run until they are stopped. */
  const notRun =
    /--remember-me|^synapse config|get-sts-token|^synapse local start|autocomplete install/;

  const lines = (page: string): { place: string; line: string }[] =>
    markdownExamples(page, 'sh').flatMap(({ place, text }) =>
      text.split('\n').map((line) => ({ place, line: line.replace(/\s+#.*$/, '') })),
    );
  const calls = (page: string): { place: string; line: string }[] =>
    lines(page).filter(({ line }) => line.startsWith('synapse '));
  /** The words after `synapse`, also in a pipe or in a substitution. */
  const wordsOf = (line: string): string[] => {
    const [, words = ''] = /(?:^|[|($]\s*)synapse (.*?)(?: [|<>]|\)|$)/.exec(line) ?? [];
    return words.split(' ');
  };

  test.each(
    ['docs/guides/api.md', 'README.md'].flatMap(calls).filter(({ line }) => !notRun.test(line)),
  )('of the guide to the API and of the README run: $line', async ({ line }) => {
    const ended = await run('sh', ['-ec', withIds(line)], { cwd: folder, env: environment() });
    expect(ended.stderr).not.toMatch(/^synapse/m);
  });

  test('of all documents and of the help exist, with all their flags', () => {
    const helped = Object.entries(commands).flatMap(([id, { examples = [] }]) =>
      examples
        .filter((example) => typeof example === 'string')
        .map((example) => ({
          place: `synapse ${id} --help`,
          line: example
            .replaceAll('<%= config.bin %>', 'synapse')
            .replaceAll('<%= command.id %>', id.replaceAll(':', ' ')),
        })),
    );
    const known = {
      commands: Object.entries(commands).flatMap(([id, { hiddenAliases }]) => [
        id,
        ...hiddenAliases,
      ]),
      topics: [],
      globalFlags: new Map<string, boolean>(),
    };
    const checked = [...pages.flatMap(calls), ...helped].map(({ place, line }) => {
      try {
        const read = readCommandLine(wordsOf(line), known);
        // The flags of `api` depend on the operation.
        if (read.kind === 'run' && read.id !== 'api') {
          checkFlags(read.argv, commands[read.id]?.flags ?? {}, read.id);
        }
      } catch (error) {
        return `${place}: ${line}: ${(error as Error).message}`;
      }
      return undefined;
    });
    expect(checked.filter(Boolean)).toEqual([]);
    expect(checked.length).toBeGreaterThan(40);
  });
});
