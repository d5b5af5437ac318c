import { fork, spawnSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  BatchFileResult,
  BatchPresignedUploadUrlResponse,
  MultipartUploadStatus,
} from '../generated/models.js';
import { createHttp } from '../src/api/createHttp.js';
import type { Outcome, Task } from './lib/transferClient.js';
import { bundleClient } from './lib/bundleClient.js';
import { nextMessage, type BenchServer } from './lib/nextMessage.js';
import { median, printFigures, type Figure } from './measure.js';

/**
 * Transfers against the embedded Synapse, and the same with curl and md5sum: same server, same
 * files, in turn, so that other load on the machine affects all of them equally.
 *
 * `BENCH_MIB` is the size of the large file (1024), `BENCH_HUGE_MIB` that of a sparse one whose
 * memory alone is looked at (none), `BENCH_ROUNDS` how often everything is done (5), `BENCH_DIR`
 * where the files are (memory, where there is a disk of it).
 */
const MiB = 1024 * 1024;
const size = Number(process.env['BENCH_MIB'] ?? 1024) * MiB;
const hugeSize = Number(process.env['BENCH_HUGE_MIB'] ?? 0) * MiB;
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const partSize = 8 * MiB;
const smallCount = 1000;
const smallSize = 100 * 1024;
const zeros = Buffer.alloc(MiB);

// Disks would be measured otherwise.
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const root = mkdtempSync(join(process.env['BENCH_DIR'] ?? memory, 'synapse-bench-'));
const lib = join(import.meta.dirname, 'lib');

const clientPath = await bundleClient('transferClient');
const serverProcess = fork(join(lib, 'transferServer.ts'), {
  execArgv: ['--import', 'tsx'],
  env: { ...process.env, TMPDIR: root },
});
const server = await nextMessage<BenchServer>(serverProcess);
const http = createHttp({
  endpoint: server.endpoint,
  accessToken: () => server.authToken,
});

async function client(task: Task): Promise<Outcome> {
  const child = fork(clientPath, { execArgv: [] });
  await nextMessage(child);
  child.send({ server, task });
  return nextMessage<Outcome>(child);
}

function timed(command: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status ?? 'a signal'}: ${stderr}`);
  return (performance.now() - start) / 1000;
}

/** A file of incompressible bytes. */
function createFile(name: string, length: number, seed: number): string {
  const path = join(root, name);
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  const file = openSync(path, 'w');
  for (let left = length; left > 0; left -= MiB) {
    writeSync(file, cipher.update(Buffer.alloc(Math.min(left, MiB))));
  }
  closeSync(file);
  return path;
}

/**
 * Uses memory, and gives it back: a virtual machine gets its memory from its host at the first touch, and gives the host
 * what has been free for a while. Who happened to find none at hand would pay for that.
 */
function touchMemory(length: number): void {
  const path = join(root, 'touched');
  const file = openSync(path, 'w');
  for (let left = length; left > 0; left -= MiB) writeSync(file, zeros);
  closeSync(file);
  rmSync(path);
}

async function presignedUrl(fileHandleId: string): Promise<string> {
  const { requestedFiles }: BatchFileResult = await http.services.file.getFileHandleBatch({
    body: {
      requestedFiles: [
        { fileHandleId, associateObjectId: 'syn1', associateObjectType: 'FileEntity' },
      ],
      includePreSignedURLs: true,
    },
  });
  return requestedFiles[0]?.preSignedURL ?? '';
}

/** Sends the parts of a file with curl, one after the other over one connection. */
async function curlUpload(parts: readonly string[]): Promise<number> {
  const { uploadId }: MultipartUploadStatus = await http.services.file.createMultipartUpload({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadRequest',
      fileName: 'curl.bin',
      fileSizeBytes: size,
      partSizeBytes: partSize,
      contentMD5Hex: '0'.repeat(32),
      contentType: 'application/octet-stream',
      generatePreview: false,
    },
    forceRestart: true,
  });
  const { partPresignedUrls }: BatchPresignedUploadUrlResponse =
    await http.services.file.getMultipartUploadUrlBatch({
      uploadId,
      body: { uploadId, partNumbers: parts.map((_, index) => index + 1) },
    });
  const lines = partPresignedUrls.map(
    ({ uploadPresignedUrl, partNumber }) =>
      `upload-file = "${parts[partNumber - 1] ?? ''}"\nurl = "${uploadPresignedUrl}"\noutput = "/dev/null"`,
  );
  const config = join(root, 'curl.config');
  writeFileSync(config, lines.join('\n'));
  return timed('curl', ['--silent', '--show-error', '--fail', '--config', config]);
}

async function largeFile(): Promise<Figure[]> {
  const source = createFile('source', size, 1);
  timed('split', ['-a', '4', '-d', '-b', String(partSize), source, join(root, 'part-')]);
  const parts = Array.from({ length: Math.ceil(size / partSize) }, (_, index) =>
    join(root, `part-${String(index).padStart(4, '0')}`),
  );
  const [fileHandleId = ''] = (await client({ what: 'upload', path: source })).fileHandleIds;
  const destination = join(root, 'copy');
  const times: Record<string, number[]> = {};
  const note = (name: string, value: number): void => void (times[name] ??= []).push(value);
  const download = (verify: boolean): Promise<Outcome> => {
    rmSync(destination);
    touchMemory(size);
    return client({ what: 'download', fileHandleId, destination, verify });
  };
  for (let round = 0; round < rounds; round += 1) {
    const url = await presignedUrl(fileHandleId);
    rmSync(destination, { force: true });
    touchMemory(size);
    const curl = timed('curl', ['-s', '-f', '-o', destination, url]);
    const md5sum = timed('md5sum', [source]);
    const verified = await download(true);
    const unverified = await download(false);
    touchMemory(size);
    const curlUp = await curlUpload(parts);
    touchMemory(size);
    const up = await client({ what: 'upload', path: source });
    note('curl', curl);
    note('md5sum', md5sum);
    note('curl -T', curlUp);
    note('down', verified.seconds);
    note('down cpu', verified.cpuSeconds);
    note('down rss', verified.rssMiB);
    note('down ratio', verified.seconds / Math.max(curl, md5sum));
    note('unverified', unverified.seconds);
    note('unverified ratio', unverified.seconds / curl);
    note('up', up.seconds);
    note('up cpu', up.cpuSeconds);
    note('up rss', up.rssMiB);
    note('up ratio', up.seconds / (md5sum + curlUp));
  }
  for (const part of parts) rmSync(part);
  rmSync(destination);
  rmSync(source);
  const of = (name: string): number => median(times[name] ?? []);
  const name = `${size / MiB} MiB`;
  return [
    { what: `curl, ${name} down`, value: of('curl'), unit: 's' },
    { what: `md5sum, ${name}`, value: of('md5sum'), unit: 's' },
    { what: `curl -T, the parts of ${name} up`, value: of('curl -T'), unit: 's' },
    { what: 'down, MD5 verified', value: of('down'), unit: 's' },
    {
      what: '  of the slower of curl and md5sum',
      value: of('down ratio'),
      unit: 'times',
      budget: 1.5,
    },
    { what: '  processor', value: of('down cpu'), unit: 's' },
    { what: '  peak memory', value: of('down rss'), unit: 'MiB', budget: 150 },
    { what: 'down, not verified', value: of('unverified'), unit: 's' },
    { what: '  of curl', value: of('unverified ratio'), unit: 'times', budget: 1.15 },
    { what: 'up, hashed', value: of('up'), unit: 's' },
    { what: '  of md5sum and then curl -T', value: of('up ratio'), unit: 'times', budget: 1.25 },
    { what: '  processor', value: of('up cpu'), unit: 's' },
    { what: '  peak memory', value: of('up rss'), unit: 'MiB', budget: 150 },
  ];
}

function createSmallFiles(count: number, seed: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    createFile(`small-${index}`, smallSize, seed * 1000 + index),
  );
}

async function smallFiles(): Promise<Figure[]> {
  const ups: { seconds: number; ratio: number; calls: number }[] = [];
  const downs: { seconds: number; ratio: number; calls: number }[] = [];
  const folder = join(root, 'small');
  for (let round = 0; round < rounds; round += 1) {
    const bareUp = await client({
      what: 'bareUpload',
      paths: createSmallFiles(smallCount, 2 * round),
    });
    const paths = createSmallFiles(smallCount, 2 * round + 1);
    const up = await client({ what: 'uploadMany', paths });
    ups.push({ seconds: up.seconds, ratio: up.seconds / bareUp.seconds, calls: up.calls });
    const { fileHandleIds } = up;
    const urls = await Promise.all(fileHandleIds.map(presignedUrl));
    const bareDown = await client({ what: 'bareDownload', urls });
    mkdirSync(folder);
    const down = await client({ what: 'downloadMany', fileHandleIds, folder });
    downs.push({
      seconds: down.seconds,
      ratio: down.seconds / bareDown.seconds,
      calls: down.calls,
    });
    for (const path of [folder, ...paths]) rmSync(path, { recursive: true });
  }
  const of = (all: typeof ups, key: 'seconds' | 'ratio' | 'calls'): number =>
    median(all.map((each) => each[key]));
  const what = `${smallCount} of ${smallSize / 1024} KiB`;
  const bare = '  of a bare loop of the same requests';
  return [
    { what: `${what} down`, value: of(downs, 'seconds'), unit: 's' },
    { what: bare, value: of(downs, 'ratio'), unit: 'times', budget: 1.5 },
    { what: '  calls of Synapse', value: of(downs, 'calls'), unit: '', budget: smallCount / 100 },
    { what: `${what} up`, value: of(ups, 'seconds'), unit: 's' },
    { what: bare, value: of(ups, 'ratio'), unit: 'times', budget: 1.5 },
    { what: '  calls of Synapse', value: of(ups, 'calls'), unit: '', budget: 4 * smallCount },
  ];
}

/** A file of any size takes the same memory. */
async function hugeFile(): Promise<Figure[]> {
  const source = join(root, 'huge');
  closeSync(openSync(source, 'w'));
  truncateSync(source, hugeSize);
  const up = await client({ what: 'upload', path: source });
  rmSync(source);
  const [fileHandleId = ''] = up.fileHandleIds;
  const destination = join(root, 'copy');
  const down = await client({ what: 'download', fileHandleId, destination, verify: true });
  rmSync(destination);
  const name = `${hugeSize / MiB} MiB`;
  return [
    { what: `${name} up, peak memory`, value: up.rssMiB, unit: 'MiB', budget: 150 },
    { what: `${name} down, peak memory`, value: down.rssMiB, unit: 'MiB', budget: 150 },
  ];
}

try {
  const figures = [...(await largeFile()), ...(await smallFiles())];
  if (hugeSize > 0) figures.push(...(await hugeFile()));
  printFigures(figures);
} finally {
  serverProcess.disconnect();
  await http.close();
  rmSync(root, { recursive: true, force: true });
}
