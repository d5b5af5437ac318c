import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { File, Folder, Project } from '../../src/index.js';
import { runSynapse, type Ended } from '../cli/runSynapse.js';
import { withCommands, type Commands } from '../cli/withCommands.js';
import { readVectors, type VectorCase } from './readVectors.js';
import { anyEtag, startStubbedSynapse, type Call, type Stubs } from './stubbedSynapse.js';

interface Input {
  argv: string[];
  stubs: Stubs & { files?: Record<string, string> | string[]; known?: Record<string, string> };
}

interface Value {
  stdout: string;
  exit: number;
  files?: Record<string, string>;
  calls?: unknown[];
}

type Case = VectorCase<Input, Value>;

/** How a command ended, what it wrote to files, and the requests with which it changed something. */
interface Outcome extends Ended {
  files: Record<string, string>;
  calls: Call[];
}

/** What we do otherwise for a kind of command lines. */
interface Departure {
  /** The input as docs/departures.md names it. */
  row: string;
  applies: (argv: readonly string[], recorded: Value, stubs: Input['stubs']) => boolean;
  check: (ended: Outcome, recorded: Value) => void;
}

/** The first that applies counts. */
const departures: readonly Departure[] = [
  {
    row: 'a command line that fails',
    applies: ([command], { exit }) => exit !== 0 && command !== 'list',
    check: (ended) => {
      expect([1, 2, 4]).toContain(ended.status);
      expect(ended.stdout).toBe('');
      expect(ended.stderr).toMatch(/^synapse[^\n]*: [^\n]+\n$/);
    },
  },
  {
    row: 'a flag that does not exist',
    applies: ([command, name = ''], { exit }) =>
      command === 'list' && name.startsWith('-') && exit !== 0,
    check: (ended) => {
      expect(ended).toMatchObject({ status: 2, stdout: '' });
    },
  },
  {
    row: '`list` without an id',
    applies: (argv, { exit }) => argv.length === 1 && argv[0] === 'list' && exit === 2,
    check: (ended) => {
      expect(ended).toMatchObject({ status: 0 });
    },
  },
  {
    row: 'what `get-annotations` prints is read by `set-annotations`',
    applies: ([command], { files = {} }) =>
      command === 'get-annotations' && /: \[\]/.test(files['out.json'] ?? ''),
    check: ({ files }, recorded) => {
      const typed = (recorded.files?.['out.json'] ?? '').replaceAll(
        ': []',
        ': {"type":"STRING","value":[]}',
      );
      expect(files['out.json']).toBe(typed);
    },
  },
  {
    row: 'SQL that names no table',
    applies: ([command, ...words]) => command === 'query' && !/\bsyn\d+\b/i.test(words.join(' ')),
    check: (ended) => {
      expect(ended).toMatchObject({ status: 2, stdout: '' });
    },
  },
  {
    row: '`get` of what has no file',
    applies: ([command], { exit, stdout }) =>
      command === 'get' && exit === 0 && /Creating None/.test(stdout),
    check: (ended) => {
      expect([1, 2, 4]).toContain(ended.status);
      expect(ended.stdout).toBe('');
    },
  },
  {
    row: 'line ends in a value that `show` prints',
    applies: ([command], _, { entity = {} }) =>
      command === 'show' &&
      Object.values(entity).some((value) => typeof value === 'string' && value.includes('\n')),
    check: (ended, { stdout }) => {
      const [, value = ''] = /description=([^]*?)\n {2}etag/.exec(stdout) ?? [];
      expect(ended.stdout).toBe(stdout.replace(value, value.replaceAll('\n', String.raw`\x0a`)));
    },
  },
  {
    // Recorded without the lines of the function that copies.
    row: 'the lines of `cp`',
    applies: ([command], { exit }) => command === 'cp' && exit === 0,
    check: ({ stdout, status }) => {
      expect(status).toBe(0);
      expect(stdout).toMatch(/^(?:Copied syn\d+ to syn\d+\n)*\{(?:'syn\d+': 'syn\d+')?\}\n$/);
    },
  },
  {
    row: 'the line end after credentials, and the layout of their JSON',
    applies: ([command], { exit }) => command === 'get-sts-token' && exit === 0,
    check: ({ stdout, status }, recorded) => {
      expect(status).toBe(0);
      const read = (text: string): unknown =>
        text.startsWith('{') ? JSON.parse(text) : text.trimEnd();
      expect(read(stdout)).toEqual(read(recorded.stdout));
    },
  },
  {
    row: 'the advice after `login`',
    applies: ([command], { exit }) => command === 'login' && exit === 0,
    check: ({ stdout }, recorded) => {
      expect(stdout).toBe(`${recorded.stdout.split('\n', 1)[0] ?? ''}\n`);
    },
  },
];

function equal(ended: Outcome, recorded: Value, { stubs }: Input): void {
  if (ended.status !== recorded.exit) throw new Error(ended.stderr);
  expect(ended.stdout.trimEnd()).toMatch(linePattern(recorded.stdout.trimEnd(), stubs));
  for (const [name, content] of Object.entries(recorded.files ?? {})) {
    const read = (text: string): unknown =>
      content.startsWith('{') ? JSON.parse(text.replaceAll('NaN', '"NaN"')) : text;
    expect(read(ended.files[name] ?? '')).toEqual(read(content));
    // The order of the keys of an activity is that of the answer.
    expect(ended.files[name]).toHaveLength(content.length);
  }
  const changes = (recorded.calls ?? []).filter((call): call is Call =>
    ['PUT', 'DELETE'].includes((call as Call)[0]),
  );
  expect(ended.calls.filter(([, path]) => !path.includes('generatedBy'))).toEqual(changes);
}

/** The text, with any id where Synapse chose it. */
function linePattern(text: string, { newId, known }: Input['stubs'] & { newId?: string }): RegExp {
  const isChosen =
    newId !== undefined ||
    known !== undefined ||
    /^(?:Submitted|\{"tableId"|Manifest file)/.test(text);
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const open = isChosen
    ? escaped
        .replace(/syn\d+(?:\\\.\d+)?/g, String.raw`syn\d+(?:\.\d+)?`)
        .replace(/id: \d+/, String.raw`id: \d+`)
        .replace(/\tauto to/, String.raw`\t[\w.]+ to`)
        .replace(/Evaluation: \d+/, String.raw`Evaluation: \d+`)
        .replace(/manifest_\d+/, String.raw`[^\n]*manifest_\d+`)
    : escaped;
  return new RegExp(`^${open}$`, 'u');
}

const cases = readVectors<Input, Value>('cli').filter(
  ({ input }) => !/^(?:onweb|-)/.test(input.argv[0] ?? '') || input.argv[0] === '--silent',
);

/** Commands that change much: they run on the embedded Synapse, with its ids. */
const embedded: ReadonlySet<string> = new Set([
  'add',
  'associate',
  'cat',
  'cp',
  'get-download-list',
  'store',
  'store-table',
  'submit',
]);

const commands = withCommands();

async function runCase({ argv, stubs }: Input): Promise<Outcome> {
  const home = await mkdtemp(join(tmpdir(), 'synapse-cli-vectors-'));
  try {
    const { files = {}, known } = stubs;
    for (const [name, content] of Array.isArray(files)
      ? files.map((each) => [each, each] as const)
      : Object.entries(files)) {
      await mkdir(dirname(join(home, name)), { recursive: true });
      await writeFile(join(home, name), content);
    }
    // A submission of a file was recorded without uploading it.
    if (argv[0] === 'submit') await writeFile(join(home, 'd.txt'), 'hello');
    const words = argv.map((word) => word.replace('{ROOT}', home));
    if (embedded.has(argv[0] ?? '')) {
      const args = await onEmbedded(words, commands);
      if (known !== undefined)
        await commands.syn.store(
          new File({ path: join(home, 'a.txt'), parentId: await newProject(commands) }),
        );
      const ended = await commands.run(args, { home });
      return { ...ended, ...masked(ended, home), files: {}, calls: [] };
    }
    const server = await startStubbedSynapse(stubs);
    const env = { SYNAPSE_ENDPOINT: server.endpoint, SYNAPSE_AUTH_TOKEN: 'token', TZ: 'UTC' };
    const ended = await runSynapse(words, { home, env });
    await server.close();
    const out = await readFile(join(home, 'out.json'), 'utf8').catch(() => undefined);
    return {
      ...ended,
      ...masked(ended, home),
      files: out === undefined ? {} : { 'out.json': out },
      calls: server.calls,
    };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function masked({ stdout, stderr }: Ended, home: string): { stdout: string; stderr: string } {
  const shown = stdout.replace(`  etag=${anyEtag}\n`, '');
  return { stdout: shown.replaceAll(home, '{ROOT}'), stderr: stderr.replaceAll(home, '{ROOT}') };
}

let count = 0;
async function newProject({ syn }: Commands): Promise<string> {
  const { id } = await syn.store(new Project({ name: `Vectors ${process.pid} ${(count += 1)}` }));
  return id;
}

/** The command line with ids of the embedded Synapse: entities and evaluations that are there. */
async function onEmbedded(argv: readonly string[], { syn }: Commands): Promise<string[]> {
  const project = await newProject({ ...commands, syn });
  const stream = (text: string) => new Blob([text]).stream();
  const { id: file } = await syn.store(
    new File({ name: 'used.txt', parentId: project, stream: stream('l1\nl2 é') }),
  );
  if (argv[0] === 'cp') {
    await syn.store(new File({ id: file, stream: stream('second') }));
    const { id: target } = await syn.store(new Folder({ name: 'target', parentId: project }));
    return argv.map((word) => ({ syn1: file, syn9: target })[word] ?? word);
  }
  if (argv[0] === 'get-download-list') await syn.downloadList.add([file]);
  const team = `Team ${process.pid}`;
  if (argv[0] === 'submit' && argv.includes('T')) await syn.teams.create({ name: team });
  const evaluation =
    argv[0] === 'submit'
      ? await syn.evaluations.create({ name: `My Eval ${(count += 1)}`, project })
      : { id: '', name: '' };
  const ids: Record<string, string> = {
    ...(argv[0] === 'submit' && { T: team }),
    syn1: project,
    syn2: file,
    syn3: file,
    syn5: file,
    'syn5.1': `${file}.1`,
    '12': evaluation.id,
    'My Eval': evaluation.name,
  };
  return argv.map((word) => ids[word] ?? word);
}

const named = cases.map((each, index) => [`${index}: ${each.name}`, each] as const);
const isEmbedded = ([, { input }]: (typeof named)[number]): boolean =>
  embedded.has(input.argv[0] ?? '');

describe('the command line', () => {
  test.concurrent.each(named.filter((one) => !isEmbedded(one)))('%s', async (_, each) => {
    await checkCase(each);
  });

  // They use the client, which loads modules, and Jest loads none for a concurrent test while no other test runs.
  test.each(named.filter(isEmbedded))('%s', async (_, each) => {
    await checkCase(each);
  });
});

async function checkCase({ input, expected }: Case): Promise<void> {
  if (expected.value === undefined) throw new Error('A case without a value');
  const { value } = expected;
  const departure = departures.find(({ applies }) => applies(input.argv, value, input.stubs));
  const ended = await runCase(input);
  if (departure === undefined) equal(ended, value, input);
  else departure.check(ended, value);
}

test('each departure has a row in the table for readers', async () => {
  const table = await readFile(join(import.meta.dirname, '../../docs/departures.md'), 'utf8');
  for (const { row } of departures) expect(table).toContain(`| ${row}`);
});
