import { beforeAll, expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { LocalSynapse, LocalSynapseOptions } from '../../src/server/index.js';
import { api, type Answer, type Api } from '../helpers/api.js';
import { sessionToken } from '../helpers/sessionToken.js';
import { withServer, type ServerHandle } from '../helpers/withServer.js';

/** An entity as the server returns it. */
export type Stored = M.FileEntity & {
  readonly id: string;
  readonly etag: string;
  readonly name: string;
};

/** Talks to a server as one user. Paths are below `/repo/v1` unless they name another base. */
export class Session {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  get(path: string): Promise<Answer> {
    return this.#api.get(fullPath(path));
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.#api.post(fullPath(path), body);
  }

  put(path: string, body?: unknown): Promise<Answer> {
    return this.#api.put(fullPath(path), body);
  }

  delete(path: string): Promise<Answer> {
    return this.#api.delete(fullPath(path));
  }

  /** Runs an asynchronous job to its answer; `path` is what comes before `/async`. */
  async run(path: string, request: object): Promise<Answer> {
    const started = await this.post(`${path}/async/start`, request);
    expect(started.status).toBe(201);
    return this.get(`${path}/async/get/${(started.body as { token: string }).token}`);
  }

  /** Makes an entity; a short type name stands for its class. */
  async create(type: keyof typeof classes, fields: object): Promise<Stored> {
    const answer = await this.post('/entity', { concreteType: classes[type], ...fields });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body as Stored;
  }

  async read(id: string): Promise<Stored> {
    const answer = await this.get(`/entity/${id}`);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body as Stored;
  }

  /** Changes fields of an entity and sends it back whole. */
  async update(entity: Stored, change: object, query = ''): Promise<Stored> {
    const answer = await this.put(`/entity/${entity.id}${query}`, { ...entity, ...change });
    expect(answer).toMatchObject({ status: 200 });
    return answer.body as Stored;
  }

  /** Makes a file handle that points elsewhere, with an MD5 and a size of its own. */
  async createHandle(md5: string, fields: object = {}): Promise<string> {
    const answer = await this.post('/file/v1/externalFileHandle', {
      concreteType: 'org.sagebionetworks.repo.model.file.ExternalFileHandle',
      externalURL: `https://files.example.org/${md5}`,
      fileName: `${md5.slice(0, 4)}.txt`,
      contentMd5: md5,
      contentSize: 10,
      ...fields,
    });
    expect(answer).toMatchObject({ status: 200 });
    return (answer.body as { id: string }).id;
  }
}

const base = 'org.sagebionetworks.repo.model';
/** Full class names by short type. */
export const classes = {
  project: `${base}.Project`,
  folder: `${base}.Folder`,
  file: `${base}.FileEntity`,
  link: `${base}.Link`,
  table: `${base}.table.TableEntity`,
  entityview: `${base}.table.EntityView`,
  submissionview: `${base}.table.SubmissionView`,
  dataset: `${base}.table.Dataset`,
  datasetcollection: `${base}.table.DatasetCollection`,
  materializedview: `${base}.table.MaterializedView`,
  virtualtable: `${base}.table.VirtualTable`,
  dockerrepo: `${base}.docker.DockerRepository`,
  recordset: `${base}.RecordSet`,
} as const;

/** Some MD5s. */
export const md5s = {
  a: '0cc175b9c0f1b6a831c399e269772661',
  b: '92eb5ffee6ae2fec3ad71c777531578f',
  c: '4a8a08f09d37b73795649038408b5f33',
} as const;

/** What a refusal looks like. */
export function refusal(status: number, reason: unknown): object {
  return expect.objectContaining({ status, body: expect.objectContaining({ reason }) });
}

function fullPath(path: string): string {
  return /^\/(?:auth|file|repo|docker|dockerRegistryListener|ga4gh\/drs)\/v1\//.test(path)
    ? path
    : `/repo/v1${path}`;
}

const seedNames = ['admin', 'alice', 'bob', 'carol'] as const;
type SeedName = (typeof seedNames)[number];

/** A strict server with a session for each of its users. */
export class TestServer {
  readonly #handle: ServerHandle;
  readonly #tokens: Partial<Record<SeedName, string>> = {};

  constructor(handle: ServerHandle) {
    this.#handle = handle;
  }

  get synapse(): LocalSynapse {
    return this.#handle.synapse;
  }

  get admin(): Session {
    return this.#seed('admin');
  }

  /** Certified. */
  get alice(): Session {
    return this.#seed('alice');
  }

  /** Certified. */
  get bob(): Session {
    return this.#seed('bob');
  }

  /** Not certified. */
  get carol(): Session {
    return this.#seed('carol');
  }

  /** Starts sessions of the users, so that they can do more than with a personal access token. */
  async logIn(): Promise<void> {
    for (const name of seedNames) {
      this.#tokens[name] = await sessionToken(this.synapse, this.synapse.users[name]);
    }
  }

  #seed(name: SeedName): Session {
    return this.session(this.#tokens[name] ?? this.synapse.users[name].authToken);
  }

  get anonymous(): Session {
    return this.session();
  }

  session(token?: string): Session {
    return new Session(api(this.synapse, token));
  }

  /** The numeric id of a seeded user. */
  userId(name: SeedName): number {
    return Number(this.synapse.users[name].userId);
  }
}

/** Starts a strict server for the tests of a file. Its users are logged in, unless the tests have a clock. */
export function withSessions(options: LocalSynapseOptions = {}): TestServer {
  const server = new TestServer(withServer(options));
  // A session ends after a day, which tests that move the clock let pass.
  if (options.now === undefined) beforeAll(() => server.logIn());
  return server;
}
