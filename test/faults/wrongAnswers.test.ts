import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  File,
  Folder,
  Link,
  Project,
  Synapse,
  SynapseError,
  type Stored,
} from '../../src/index.js';
import { runSynapse } from '../cli/runSynapse.js';
import { InterceptedSynapse } from './interceptedSynapse.js';
import { countRounds, isThorough } from './rounds.js';

let synapse: InterceptedSynapse;
let syn: Synapse;
let other: Synapse;
let root: string;
let project: Project & Stored;
let outer: Folder & Stored;
let folder: Folder & Stored;
let file: File & Stored;
let count = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-answers-'));
  synapse = await InterceptedSynapse.start();
  syn = await newClient();
  other = await newClient();
  project = await syn.store(new Project({ name: 'Answers' }));
  outer = await syn.store(new Folder({ name: 'outer', parent: project }));
  folder = await syn.store(
    new Folder({
      name: 'folder',
      parent: outer,
      annotations: { key: [1, 2], date: new Date(0) },
    }),
  );
  file = await syn.store(new File({ path: await newFile(), parent: folder }), {
    activity: { name: 'made', used: [folder.id, 'https://example.org/x'] },
  });
});
afterAll(async () => {
  await Promise.all([syn.close(), other.close()]);
  await synapse.close();
  await rm(root, { recursive: true, force: true });
});

async function newClient(): Promise<Synapse> {
  const client = new Synapse({
    endpoint: synapse.local.endpoint,
    cacheDir: join(root, `cache-${(count += 1)}`),
    environment: {},
    log: () => undefined,
    retry: { maxAttempts: 2, baseDelay: 1 },
    timeout: 5_000,
  });
  await client.login({ authToken: synapse.local.authToken });
  return client;
}

const nextName = (): string => `name ${(count += 1)}`;

async function newFile(): Promise<string> {
  const path = join(root, nextName());
  await writeFile(path, path);
  return path;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Calls of the library. Each can be made any number of times. */
const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  // A login that fails ends the one before.
  login: () => other.login({ authToken: synapse.local.authToken }),
  getUserProfile: () => syn.getUserProfile(),
  'getUserProfile by name': () => syn.getUserProfile('alice'),
  'get without download': () => syn.get(file.id, { downloadFile: false }),
  'get of a version': () => syn.get(`${file.id}.1`, { downloadFile: false }),
  'get with download': () => syn.get(file.id, { downloadLocation: join(root, nextName()) }),
  'get by name': () => syn.get({ name: 'folder', parent: outer }),
  'get by content': () => syn.get(file.path ?? ''),
  download: async () => buffer(await syn.download(file.id)),
  'store of a folder': () =>
    syn.store(new Folder({ name: nextName(), parent: project, annotations: { a: 1 } })),
  'store of a known folder': () =>
    syn.store(new Folder({ name: 'folder', parent: outer, description: nextName() })),
  'store of a file': async () => syn.store(new File({ path: await newFile(), parent: project })),
  'store of an address': () =>
    syn.store(
      new File({ name: nextName(), externalUrl: 'https://example.org/a', parent: project }),
    ),
  'store of a link': () => syn.store(new Link({ name: nextName(), target: file, parent: project })),
  'store with provenance': () =>
    syn.store(new Folder({ name: nextName(), parent: project }), { used: [file.id] }),
  move: () => syn.move(file.id, folder.id),
  list: () => all(syn.getChildren(outer)),
  walk: () => all(syn.walk(outer)),
  findEntityId: () => syn.findEntityId('folder', outer),
  getAnnotations: () => syn.getAnnotations(folder.id),
  setAnnotations: () => syn.setAnnotations(folder.id, { key: (count += 1) }),
  getPermissions: () => syn.getPermissions(folder.id),
  getAcl: () => syn.getAcl(folder.id, { principal: 'alice' }),
  // A list that has lost its other entries would lock its owner out.
  setPermissions: async () => {
    const shared = await syn.store(new Folder({ name: nextName(), parent: project }));
    await syn.setPermissions(shared.id, 'alice', { warnIfInherits: false });
  },
  getProvenance: () => syn.getProvenance(file.id),
  provenanceGraph: () => syn.provenance.graph(file.id),
  walkLinks: () => all(syn.walk(outer, { followLinks: true, includeSumFileSizes: true })),
  setProvenance: () => syn.setProvenance(file.id, { name: 'again', used: [folder.id] }),
  getDirectory: () => all(syn.sync.getDirectory(folder.id, join(root, nextName()))),
  storeDirectory: async () => {
    const path = join(root, nextName());
    await mkdir(path);
    await writeFile(join(path, nextName()), path);
    await all(syn.sync.storeDirectory(path, project.id));
  },
};

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const nested = (open: string, close: string): string =>
  `${open.repeat(100_000)}1${close.repeat(100_000)}`;

/** JSON that most fields may not have. */
const wrong: readonly string[] = [
  'null',
  '5',
  '-1',
  '1e400',
  '"12"',
  '"toString"',
  '"__proto__"',
  '""',
  'true',
  '[]',
  '{}',
  '[null]',
  '[[5]]',
  '{"__proto__":5,"constructor":null,"length":-1}',
  nested('[', ']'),
  nested('{"a":', '}'),
];

/** In the place of a whole answer. */
const wrongBodies: readonly string[] = [
  ...wrong,
  '',
  ' ',
  '<html><title>Sign in</title></html>',
  '{"id":"syn',
  '\u0000',
  'NaN',
];

type Path = readonly (string | number)[];

/** The paths of all fields of an answer. Of a list, only the first item is looked at. */
function fieldsOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Array.isArray(value)
    ? value.slice(0, 1).flatMap((item) => fieldsOf(item, [...path, 0]))
    : Object.entries(value).flatMap(([key, item]) => fieldsOf(item, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

/** The answer with another field, as JSON; without the field for `undefined`. */
function withField(value: Json, [key, ...rest]: Path, other: string | undefined): string {
  if (key === undefined) return other ?? 'null';
  const items = Object.entries(value ?? {}).flatMap(([name, item]: [string, Json]) => {
    const isField = name === String(key);
    if (isField && rest.length === 0 && other === undefined) return [];
    const json = isField ? withField(item, rest, other) : JSON.stringify(item);
    return [Array.isArray(value) ? json : `${JSON.stringify(name)}:${json}`];
  });
  return Array.isArray(value) ? `[${items.join()}]` : `{${items.join()}}`;
}

/** Makes a call whose answer at `index` is another text. @returns the error, if it fails */
async function runWith(
  call: () => Promise<unknown>,
  index: number,
  change: (body: Json) => string,
): Promise<unknown> {
  let seen = 0;
  synapse.rewriteText = (body) => {
    seen += 1;
    return seen - 1 === index ? change(JSON.parse(body) as Json) : body;
  };
  try {
    await call();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    synapse.rewriteText = undefined;
  }
}

async function answersTo(call: () => Promise<unknown>): Promise<Json[]> {
  const answers: Json[] = [];
  synapse.rewriteText = (body) => {
    answers.push(JSON.parse(body) as Json);
    return body;
  };
  await call();
  synapse.rewriteText = undefined;
  return answers;
}

/** An error, and the failures of an operation on several entities. */
function* allErrors(error: unknown): Generator {
  yield error;
  if (error instanceof SynapseError && 'failures' in error && Array.isArray(error.failures)) {
    for (const failure of error.failures as { error: unknown }[]) yield* allErrors(failure.error);
  }
}

/** Words of JavaScript's own messages. */
const javaScript =
  /Cannot read propert|is not a function|is not iterable|call stack|Invalid time|undefined|\[object/;

function expectOurs(error: unknown, what: string): void {
  for (const each of error === undefined ? [] : allErrors(error)) {
    const { name, message, stack } = each as Error;
    if (each instanceof SynapseError && !javaScript.test(message)) continue;
    throw new Error(`${what}: ${name}: ${message.slice(0, 500)}\n${stack?.slice(0, 2000) ?? ''}`);
  }
}

describe.each(Object.keys(calls))('%s', (name) => {
  const call = (): Promise<unknown> => calls[name]?.() ?? Promise.resolve();

  test('with any wrong field in any answer: works, or fails with an error of ours', async () => {
    const others = [undefined, ...wrong];
    const answers = await answersTo(call);
    let rounds = 0;
    for (const [index, answer] of answers.entries()) {
      for (const path of fieldsOf(answer)) {
        // A sample that shifts from field to field, or everything.
        const sample = [0, 1].map((n) => others[(rounds + 8 * n) % others.length]);
        for (const other of isThorough ? others : sample) {
          const error = await runWith(call, index, (body) => withField(body, path, other));
          expectOurs(error, `answer ${index}, ${path.join('.')}=${other?.slice(0, 40) ?? ''}`);
          rounds += 1;
        }
      }
    }
    expect(rounds).toBeGreaterThan(0);
    countRounds(rounds);
  }, 600_000);

  test('with any other answer: works, or fails with an error of ours', async () => {
    const answers = await answersTo(call);
    for (const index of answers.keys()) {
      const sample = wrongBodies.filter((_, n) => isThorough || n % 4 === index % 4);
      for (const body of sample) {
        const error = await runWith(call, index, () => body);
        expectOurs(error, `answer ${index}=${body.slice(0, 40)}`);
      }
    }
    countRounds(answers.length * wrongBodies.length);
  }, 600_000);
});

/** Commands, and a change to the answers that they get. */
const commands: readonly [name: string, args: () => string[], from: RegExp, to: string][] = [
  ['list: a name', () => ['list', outer.id], /"name":"folder"/, '"name":5'],
  ['list: a time', () => ['list', outer.id, '--long'], /"createdOn":"[^"]*"/, '"createdOn":1e400'],
  ['list: a page', () => ['list', outer.id], /"page":\[.*\]/, '"page":{"length":-1}'],
  ['show: no entity', () => ['show', folder.id], /"entity":\{.*?\}/, '"entity":null'],
  ['show: a type', () => ['show', folder.id], /"concreteType":"[^"]*"/, '"concreteType":[]'],
  ['show: annotations', () => ['show', folder.id], /"value":\[[^\]]*\]/, '"value":"1"'],
  ['get: a bundle', () => ['get', file.id], /^.*$/s, 'null'],
  ['get: a size', () => ['get', file.id], /"contentSize":\d+/, '"contentSize":1e400'],
  ['get: a URL', () => ['get', file.id], /"preSignedURL":"[^"]*"/, '"preSignedURL":{}'],
  ['get: a type', () => ['get', file.id], /"[a-z.]*S3FileHandle"/, '"toString"'],
  ['get -r: a name', () => ['get', '-r', outer.id], /"name":"folder"/, '"name":null'],
  [
    'get-annotations',
    () => ['get-annotations', '--id', folder.id],
    /"annotations":\{/,
    '"annotations":[],"x":{',
  ],
  [
    'store: a part',
    () => ['store', file.path ?? '', '--parent-id', outer.id],
    /"uploadId":"[^"]*"/,
    '"uploadId":7',
  ],
  [
    'create: an id',
    () => ['create', 'Folder', '--name', nextName(), '--parent-id', outer.id],
    /"id":"[^"]*"/,
    '"id":{}',
  ],
  [
    'login: a page of a proxy',
    () => ['login', '--auth-token', synapse.local.authToken],
    /^.*$/s,
    '<html>',
  ],
];

describe('a command that gets a wrong answer', () => {
  test.each(commands)(
    '%s: one line, and a status that is not 0',
    async (name, args, from, to) => {
      const { endpoint, authToken } = synapse.local;
      let changes = 0;
      synapse.rewriteText = (body) =>
        body.replace(from, () => {
          changes += 1;
          return to;
        });
      const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
      const { status, stderr } = await runSynapse(args(), { home: root, env });
      synapse.rewriteText = undefined;
      // A type that is not known is read like that of any other stored file.
      if (name !== 'get: a type') {
        expect([1, 5]).toContain(status);
        expect(stderr).toMatch(/does not allow|not JSON/);
      }
      expect(changes).toBeGreaterThan(0);
      expect(stderr).not.toMatch(javaScript);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
    30_000,
  );
});
