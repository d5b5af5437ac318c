import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { median, printFigures, type Figure } from './measure.js';

/**
 * The embedded Synapse in a process of its own: requests a second, and bytes a second through presigned URLs
 * against a file server in plain `node:http`. Each figure is the median of several rounds, and the rounds of all
 * are interleaved, so that other load on the machine affects all of them equally. The start time is the minimum of
 * several runs, because it has no baseline. A table of a million rows is loaded and read once, which takes long enough to be
 * stable.
 */
const rounds = 7;
const requestsARound = 400;
const connections = 8;
const content = Buffer.alloc(64 * 1024 ** 2, 'synapse ');
const tableRows = 1_000_000;
const mebibyte = 1024 ** 2;

function md5Of(body: Buffer): string {
  return body === content ? contentMd5 : createHash('md5').update(body).digest('hex');
}
const contentMd5 = createHash('md5').update(content).digest('hex');

interface Child {
  process: ChildProcess;
  endpoint: string;
  authToken?: string;
}

function run(script: string): ChildProcess {
  return fork(join(import.meta.dirname, 'lib', script), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

async function start(script: string): Promise<Child> {
  const child = run(script);
  const [ready] = (await once(child, 'message')) as [Omit<Child, 'process'>];
  return { process: child, ...ready };
}

/** Milliseconds until a server is ready in a new process: the minimum of several runs. */
async function startTime(): Promise<number> {
  const times: number[] = [];
  while (times.length < rounds) {
    const [taken] = (await once(run('startServer.ts'), 'message')) as [number];
    times.push(taken);
  }
  return Math.min(...times);
}

printFigures([
  { what: 'startLocalSynapse() is ready', value: await startTime(), unit: 'ms', budget: 300 },
]);

const agent = new Agent({ keepAlive: true, maxSockets: connections });

interface Answer {
  status: number;
  size: number;
  text: string;
}

/** One request; the answer's text is only kept when it is small. */
function send(
  url: string,
  sent: { method?: string; headers?: Record<string, string>; body?: Buffer | string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = sent;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method, agent, headers: { ...headers, ...length } });
    outgoing.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response
        .on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size < mebibyte) chunks.push(chunk);
        })
        .on('error', reject)
        .on('end', () => {
          const status = response.statusCode ?? 0;
          const text = size < mebibyte ? Buffer.concat(chunks).toString() : '';
          if (status < 300) resolve({ status, size, text });
          else reject(new Error(`${method} ${new URL(url).pathname}: ${status} ${text}`));
        });
    });
    outgoing.end(body);
  });
}

const synapse = await start('transferServer.ts');
const plain = await start('fileServer.ts');

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const { text } = await send(`${synapse.endpoint}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${synapse.authToken ?? ''}`,
      'content-type': 'application/json',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return JSON.parse(text) as T;
}

const model = 'org.sagebionetworks.repo.model';

/** A presigned URL for a whole content as the one part of a new upload. */
async function partUrl(
  fileName: string,
  body: Buffer = content,
): Promise<{ uploadId: string; url: string }> {
  const { uploadId } = await call<{ uploadId: string }>('POST', '/file/v1/file/multipart', {
    concreteType: `${model}.file.MultipartUploadRequest`,
    fileName,
    contentMD5Hex: md5Of(body),
    contentType: 'application/octet-stream',
    fileSizeBytes: body.length,
    partSizeBytes: body.length,
  });
  const { partPresignedUrls } = await call<{
    partPresignedUrls: { uploadPresignedUrl: string }[];
  }>('POST', `/file/v1/file/multipart/${uploadId}/presigned/url/batch`, {
    uploadId,
    partNumbers: [1],
  });
  return { uploadId, url: partPresignedUrls[0]?.uploadPresignedUrl ?? '' };
}

async function storedFile(fileName: string, body: Buffer): Promise<string> {
  const { uploadId, url } = await partUrl(fileName, body);
  await send(url, { method: 'PUT', body });
  const upload = `/file/v1/file/multipart/${uploadId}`;
  await call('PUT', `${upload}/add/1?partMD5Hex=${md5Of(body)}`);
  const { resultFileHandleId } = await call<{ resultFileHandleId: string }>(
    'PUT',
    `${upload}/complete`,
  );
  return resultFileHandleId;
}

async function handleUrl(id: string): Promise<string> {
  const { text } = await send(`${synapse.endpoint}/file/v1/fileHandle/${id}/url?redirect=false`, {
    headers: { authorization: `Bearer ${synapse.authToken ?? ''}` },
  });
  return text;
}

async function makeProject(): Promise<{ projectId: string; fileId: string; handleId: string }> {
  const { id: projectId } = await call<{ id: string }>('POST', '/repo/v1/entity', {
    concreteType: `${model}.Project`,
    name: 'bench',
  });
  const handleId = await storedFile('read.bin', content);
  const { id: fileId } = await call<{ id: string }>('POST', '/repo/v1/entity', {
    concreteType: `${model}.FileEntity`,
    name: 'read.bin',
    parentId: projectId,
    dataFileHandleId: handleId,
  });
  for (let index = 0; index < 60; index += 1) {
    await call('POST', '/repo/v1/entity', {
      concreteType: `${model}.Folder`,
      name: `folder ${index}`,
      parentId: projectId,
    });
  }
  return { projectId, fileId, handleId };
}

/** Requests a second of one kind, over several connections. */
async function requestRate(one: () => Promise<unknown>): Promise<number> {
  let left = requestsARound;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left > 0) {
        left -= 1;
        await one();
      }
    }),
  );
  return requestsARound / ((performance.now() - started) / 1000);
}

async function byteRate(one: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await one();
  return content.length / 1e6 / ((performance.now() - started) / 1000);
}

const { projectId, fileId, handleId } = await makeProject();
const names = { put: 'PUT, presigned', get: 'GET, presigned' };
const measured: Record<string, { unit: string; measure: () => Promise<number> }> = {
  'plain node:http, JSON': {
    unit: 'requests/s',
    measure: () => requestRate(() => send(`${plain.endpoint}/json`)),
  },
  'entity bundle': {
    unit: 'requests/s',
    measure: () =>
      requestRate(() =>
        call('POST', `/repo/v1/entity/${fileId}/bundle2`, {
          includeEntity: true,
          includeAnnotations: true,
          includeFileHandles: true,
          includeRestrictionInformation: true,
        }),
      ),
  },
  'children, a page of 50': {
    unit: 'requests/s',
    measure: () =>
      requestRate(() =>
        call('POST', '/repo/v1/entity/children', {
          parentId: projectId,
          includeTypes: ['folder', 'file'],
        }),
      ),
  },
  'PUT, plain node:http': {
    unit: 'MB/s',
    measure: () => byteRate(() => send(`${plain.endpoint}/`, { method: 'PUT', body: content })),
  },
  [names.put]: {
    unit: 'MB/s',
    measure: async () => {
      const { url } = await partUrl(`written ${performance.now()}.bin`);
      return byteRate(() => send(url, { method: 'PUT', body: content }));
    },
  },
  'GET, plain node:http': {
    unit: 'MB/s',
    measure: () => byteRate(() => send(`${plain.endpoint}/`)),
  },
  [names.get]: {
    unit: 'MB/s',
    measure: async () => {
      const url = await handleUrl(handleId);
      return byteRate(() => send(url));
    },
  },
};

const values = new Map(Object.keys(measured).map((name) => [name, [] as number[]]));
for (let round = 0; round < rounds + 1; round += 1) {
  for (const [name, { measure }] of Object.entries(measured)) {
    const value = await measure();
    // The first round warms up.
    if (round > 0) values.get(name)?.push(value);
  }
}
const medianOf = (name: string): number => median(values.get(name) ?? []);

function against(name: string, baseline: string): Figure {
  const value = medianOf(baseline) / medianOf(name);
  return { what: '  plain is faster', value, unit: 'times', budget: 2 };
}

printFigures(
  Object.entries(measured).flatMap(([what, { unit }]) => [
    { what, value: medianOf(what), unit },
    ...(what === names.put ? [against(what, 'PUT, plain node:http')] : []),
    ...(what === names.get ? [against(what, 'GET, plain node:http')] : []),
  ]),
);

/** Runs an asynchronous job to its end. */
async function job<T>(path: string, request: object): Promise<T> {
  const { token } = await call<{ token: string }>('POST', `${path}/start`, request);
  for (;;) {
    const answer = await call<T & { jobState?: string }>('GET', `${path}/get/${token}`);
    if (answer.jobState !== 'PROCESSING') return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function csv(): Buffer {
  const lines = ['number,name,value,flag'];
  for (let row = 0; row < tableRows; row += 1) {
    lines.push(`${row},"row ${row}, of ${row % 1000}",${row / 7},${row % 2 === 0}`);
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Peak memory of the server process, if the system reports it. */
function peakMemory(): Figure[] {
  try {
    const status = readFileSync(`/proc/${synapse.process.pid}/status`, 'utf8');
    const kibibytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
    return [{ what: 'peak memory of the server', value: kibibytes / 1024, unit: 'MiB' }];
  } catch {
    return [];
  }
}

async function measureTable(): Promise<Figure[]> {
  const body = csv();
  const megabytes = body.length / 1e6;
  const { list } = await call<{ list: { id: string }[] }>('POST', '/repo/v1/column/batch', {
    list: [
      { name: 'number', columnType: 'INTEGER' },
      { name: 'name', columnType: 'STRING', maximumSize: 40 },
      { name: 'value', columnType: 'DOUBLE' },
      { name: 'flag', columnType: 'BOOLEAN' },
    ],
  });
  const { id } = await call<{ id: string }>('POST', '/repo/v1/entity', {
    concreteType: `${model}.table.TableEntity`,
    name: 'million',
    parentId: projectId,
    columnIds: list.map((column) => column.id),
  });
  const uploadFileHandleId = await storedFile('million.csv', body);
  const table = `/repo/v1/entity/${id}/table`;
  const load = await seconds(() =>
    job(`${table}/transaction/async`, {
      concreteType: `${model}.table.TableUpdateTransactionRequest`,
      entityId: id,
      changes: [
        { concreteType: `${model}.table.UploadToTableRequest`, tableId: id, uploadFileHandleId },
      ],
    }),
  );
  const query = await seconds(() =>
    job(`${table}/query/async`, {
      concreteType: `${model}.table.QueryBundleRequest`,
      entityId: id,
      query: {
        sql: `SELECT flag, COUNT(*), AVG(value) FROM ${id} WHERE number > 10 GROUP BY flag`,
      },
      partMask: 1,
    }),
  );
  const download = await seconds(async () => {
    const { resultsFileHandleId } = await job<{ resultsFileHandleId: string }>(
      `${table}/download/csv/async`,
      {
        concreteType: `${model}.table.DownloadFromTableRequest`,
        entityId: id,
        sql: `SELECT * FROM ${id}`,
      },
    );
    const { size } = await send(await handleUrl(resultsFileHandleId));
    if (size < body.length) throw new Error(`Only ${size} bytes of ${body.length} came back`);
  });
  return [
    { what: `CSV load, ${tableRows} rows, ${megabytes.toFixed(0)} MB`, value: load, unit: 's' },
    { what: 'query that groups all rows', value: query, unit: 's' },
    { what: 'CSV download of all rows', value: download, unit: 's' },
    ...peakMemory(),
  ];
}

printFigures(await measureTable());

agent.destroy();
synapse.process.disconnect();
plain.process.disconnect();
