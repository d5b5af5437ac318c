import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What Synapse answered when a case was recorded. */
export interface Stubs {
  children?: Record<string, { id: string; name: string; type: string }[]>;
  users?: Record<string, { userName?: string; firstName?: string; lastName?: string }>;
  entity?: { id: string; concreteType: string; dataFileHandleId?: string };
  annotations?: Record<string, unknown[]>;
  annotations2?: object;
  provenance?: object | null;
  fileHandle?: object | null;
  activity?: object;
  csv?: string;
  status?: number;
  token?: object;
  profile?: object;
  savedActivityId?: string;
  newId?: string;
}

/** A request that changes something: the method, the path below `/repo/v1`, and the body. */
export type Call = readonly [method: string, path: string, body?: unknown];

export interface StubbedSynapse {
  endpoint: string;
  calls: Call[];
  close(): Promise<void>;
}

interface Request {
  stubs: Stubs;
  /** The groups of the pattern. */
  groups: string[];
  body: never;
  endpoint: string;
}

interface Answer {
  status?: number;
  body?: unknown;
  text?: string;
}

const missing: Answer = { status: 404, body: { reason: 'No activity' } };
/** The etag where a case has none: the API always sends one. */
export const anyEtag = 'any-etag';

const project = 'org.sagebionetworks.repo.model.Project';

/** The answers, by method and path. The first that matches counts. */
const answers: readonly [pattern: RegExp, answer: (request: Request) => Answer][] = [
  [
    /^GET \/userProfile$/,
    ({ stubs }) => ({ body: stubs.profile ?? { userName: 'alice', ownerId: '1' } }),
  ],
  [/^POST \/userGroupHeaders|^GET \/userGroupHeaders/, userHeaders],
  [/^GET \/entity\/(syn\d+)\/type$/, headerOf],
  [/^POST \/entity\/children$/, childrenOf],
  [/^POST \/entity\/syn\d+(?:\/version\/\d+)?\/bundle2$/, bundleOf],
  [/^GET \/entity\/syn\d+\/annotations2$/, ({ stubs }) => ({ body: stubs.annotations2 })],
  [/^PUT \/entity\/syn\d+\/annotations2$/, ({ body }) => ({ body })],
  [/^GET \/entity\/syn\d+(?:\/version\/\d+)?\/generatedBy$/, activityOf],
  [/^POST \/activity$/, newActivity],
  [
    /^PUT \/entity\/syn\d+\/generatedBy$/,
    ({ stubs }) => newActivity({ stubs, body: stubs.activity }),
  ],
  [/^GET \/entity\/syn\d+\/sts$/, ({ stubs }) => ({ body: stubs.token })],
  [/^POST \/entity\/syn\d+\/table\/download\/csv\/async\/start$/, () => ({ body: { token: '1' } })],
  [/^GET \/entity\/syn\d+\/table\/download\/csv\/async\/get\/1$/, queryResult],
  [/^POST \/file\/v1\/fileHandle\/batch$/, contentUrl],
  [/^GET \/content\.csv$/, ({ stubs }) => ({ text: stubs.csv ?? '' })],
  [/^GET \/entity\/(syn\d+)(?:\/version\/\d+)?$/, headerOf],
  [
    /^GET \/entity\/(syn\d+)\/version$/,
    ({ groups: [id] }) => ({
      body: { results: [3, 2].map((versionNumber) => ({ id, versionNumber })) },
    }),
  ],
  [/^GET \/projects/, () => ({ body: { results: [] } })],
  [
    /^POST \/entity$/,
    ({ stubs, body }) => ({
      status: 201,
      body: { ...(body as object), id: stubs.newId, etag: anyEtag },
    }),
  ],
  [/^DELETE \/entity\//, ({ stubs }) => (stubs.status === undefined ? {} : missing)],
];

function newActivity({ stubs, body }: Pick<Request, 'stubs'> & { body: unknown }): Answer {
  stubs.activity = { ...(body as object), id: stubs.savedActivityId };
  return { body: stubs.activity };
}

function contentUrl({ endpoint, stubs: { csv = '' } }: Request): Answer {
  const fileHandle = {
    id: '7',
    etag: anyEtag,
    createdBy: '1',
    fileName: 'content.csv',
    concreteType: 'org.sagebionetworks.repo.model.file.S3FileHandle',
    contentSize: Buffer.byteLength(csv),
  };
  const preSignedURL = `${endpoint}/content.csv`;
  return { body: { requestedFiles: [{ fileHandleId: '7', fileHandle, preSignedURL }] } };
}

function userHeaders({ stubs: { users = {} } }: Request): Answer {
  const children = Object.entries(users).map(([ownerId, user]) => ({
    ownerId,
    userName: '',
    isIndividual: true,
    ...user,
  }));
  return { body: { children, totalNumberOfResults: children.length } };
}

function headerOf({ stubs, groups: [id = ''] }: Request): Answer {
  if (stubs.status !== undefined) return missing;
  const listed = Object.values(stubs.children ?? {})
    .flat()
    .find((child) => child.id === id);
  return {
    body: { id, name: 'P', etag: anyEtag, concreteType: project, type: project, ...listed },
  };
}

function childrenOf({ stubs, body }: Request): Answer {
  const { parentId } = body as { parentId: string };
  return { body: { page: stubs.children?.[parentId] ?? [] } };
}

function bundleOf({ stubs }: Request): Answer {
  const { entity, annotations = {}, provenance, fileHandle } = stubs;
  return {
    body: {
      entity: { etag: anyEtag, ...entity },
      entityType: 'folder',
      annotations: { id: entity?.id, etag: 'e', annotations: wireAnnotations(annotations) },
      ...(provenance && { activity: provenance }),
      fileHandles: fileHandle ? [fileHandle] : [],
      restrictionInformation: { hasUnmetAccessRequirement: false },
    },
  };
}

function activityOf({ stubs }: Request): Answer {
  return stubs.activity === undefined ? missing : { body: stubs.activity };
}

function queryResult({ stubs: { csv = '' } }: Request): Answer {
  const [header = ''] = csv.split('\n');
  return {
    status: 201,
    body: {
      resultsFileHandleId: '7',
      tableId: 'syn1',
      headers: header.split(',').map((name) => ({ name, columnType: 'STRING' })),
    },
  };
}

function wireAnnotations(annotations: Record<string, unknown[]>): object {
  return Object.fromEntries(
    Object.entries(annotations).map(([key, values]) => [
      key,
      { type: typeOf(values[0]), value: values.map(wireText) },
    ]),
  );
}

function typeOf(value: unknown): string {
  if (typeof value === 'object') return 'TIMESTAMP_MS';
  if (typeof value === 'number') return Number.isInteger(value) ? 'LONG' : 'DOUBLE';
  return typeof value === 'boolean' ? 'BOOLEAN' : 'STRING';
}

function wireText(value: unknown): string {
  const { $datetime } = Object(value) as { $datetime?: string };
  return $datetime === undefined ? String(value) : String(Date.parse($datetime));
}

/**
 * Starts a server that answers with exactly what a case describes. The embedded Synapse would choose other ids, etags and times,
 * which are in what is compared.
 */
export async function startStubbedSynapse(stubs: Stubs): Promise<StubbedSynapse> {
  const calls: Call[] = [];
  const server = createServer((incoming, response) => {
    void answerTo(incoming).then(({ status = 200, body, text: plain }) => {
      response.writeHead(status, {
        'content-type': plain === undefined ? 'application/json' : 'text/plain',
      });
      response.end(plain ?? (body === undefined ? '' : JSON.stringify(body)));
    });
  });
  async function answerTo(incoming: IncomingMessage): Promise<Answer> {
    const { method = '', url = '', headers } = incoming;
    const endpoint = `http://${headers.host ?? ''}`;
    const { pathname } = new URL(url, endpoint);
    const path = pathname.replace(/^\/repo\/v1/, '');
    const typed = await text(incoming);
    const body = (typed === '' ? undefined : JSON.parse(typed)) as never;
    if (method === 'PUT') calls.push([method, path, body]);
    if (method === 'DELETE') calls.push([method, path]);
    for (const [pattern, answer] of answers) {
      const match = pattern.exec(`${method} ${path}`);
      if (match) return answer({ stubs, groups: match.slice(1), body, endpoint });
    }
    return { status: 500, body: { reason: `No case has ${method} ${url} ${typed}` } };
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
