import { afterAll, beforeAll, expect } from '@jest/globals';
import {
  File,
  Folder,
  Project,
  Synapse,
  type CopyReport,
  type FileInit,
  type Stored,
} from '../../src/index.js';
import { withServer, type ServerHandle } from '../helpers/withServer.js';

/** A server, a client of the user `test`, and one of another user. */
export interface Copies {
  readonly server: ServerHandle;
  readonly syn: Synapse;
  readonly other: Synapse;
  newProject(owner?: Synapse): Promise<string>;
  storeFile(
    name: string,
    parentId: string,
    init?: FileInit & { text?: string },
  ): Promise<File & Stored>;
  /** The calls that write, by operation. */
  writesOf(action: () => Promise<unknown>): Promise<Record<string, number>>;
  callsOf(action: () => Promise<unknown>): Promise<Record<string, number>>;
}

/** Starts a server with two users for the tests of a file. */
export function withCopies(): Copies {
  const server = withServer();
  const clients: { syn?: Synapse; other?: Synapse } = {};
  let count = 0;
  beforeAll(async () => {
    const { authToken } = await server.synapse.createUser({ username: 'ann', isCertified: true });
    clients.syn = await login(server.synapse.authToken);
    clients.other = await login(authToken);
  });
  afterAll(async () => {
    await clients.syn?.close();
    await clients.other?.close();
  });
  const login = async (authToken: string): Promise<Synapse> => {
    const { endpoint } = server.synapse;
    const syn = new Synapse({
      endpoint,
      environment: {},
      configPath: '/dev/null',
      log: () => undefined,
    });
    await syn.login({ authToken });
    return syn;
  };
  const client = (name: keyof typeof clients): Synapse => {
    const syn = clients[name];
    if (syn === undefined) throw new Error('The clients exist while the tests run');
    return syn;
  };
  const callsOf = async (action: () => Promise<unknown>): Promise<Record<string, number>> => {
    const { requests } = server.synapse;
    requests.clear();
    await action();
    const calls = Object.entries(requests.counts()).filter(([name]) => /^\w+\.\w+$/.test(name));
    return Object.fromEntries(calls);
  };
  return {
    server,
    get syn() {
      return client('syn');
    },
    get other() {
      return client('other');
    },
    newProject: async (owner = client('syn')) => {
      count += 1;
      return (await owner.store(new Project({ name: `Copies ${count}` }))).id;
    },
    storeFile: (name, parentId, { text = name, ...init } = {}) => {
      const stream = new Blob([text]).stream();
      return client('syn').store(new File({ name, parentId, stream, ...init }));
    },
    callsOf,
    writesOf: async (action) => {
      const calls = Object.entries(await callsOf(action));
      return Object.fromEntries(calls.filter(([name]) => isWrite(name)));
    },
  };
}

function isWrite(operation: string): boolean {
  const [, name = ''] = operation.split('.');
  return /^(?:create|update|set|delete|copy|add|startTableTransaction)/.test(name);
}

/** Asserts that everything was copied. @returns the mapping */
export function complete({ failures, leftOut, mapping }: CopyReport): Map<string, string> {
  expect(failures).toEqual([]);
  expect(leftOut).toEqual([]);
  return new Map(Object.entries(mapping));
}

/** The content of a file. */
export async function textOf(syn: Synapse, id: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await syn.download(id)) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString();
}

/** The paths of everything in a container, with the types. */
export async function treeOf(syn: Synapse, id: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path, folders, files } of syn.walk(id)) {
    for (const { name, type } of [...folders, ...files]) {
      paths.push(`${[path, name].filter(Boolean).join('/')} ${type.split('.').at(-1) ?? ''}`);
    }
  }
  return paths.sort();
}

export { Folder };
