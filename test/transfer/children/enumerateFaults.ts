import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/**
 * Runs each flow again and again: the first time the first call of the file system or of the
 * network fails, then the second, and so on until a run gets through without meeting the fault.
 * After each failure the same is done without a fault. Prints what went wrong as JSON.
 *
 * `node --import tsx enumerateFaults.ts [STRIDE]`: with a stride, only every so manieth call fails.
 */

type Mode = 'EIO' | 'ENOSPC' | 'EACCES' | 'EMFILE' | 'short';
const modes: Mode[] = ['EIO', 'ENOSPC', 'EACCES', 'EMFILE', 'short'];

/** The server of this process has sockets too: those are left alone. */
const clientSockets = new WeakSet<Socket>();

const plan: { mode: Mode; at: number } = { mode: 'EIO', at: 0 };
let calls = 0;

type Call = (...args: unknown[]) => Promise<unknown>;

/** Fails the planned call; a short one moves fewer bytes than it was asked to. */
function withFault(owner: object, name: string, call: Call): Call {
  return async (...args) => {
    calls += 1;
    if (calls !== plan.at) return call.apply(owner, args);
    if (plan.mode === 'short') return call.apply(owner, shorten(name, args));
    throw planned(name);
  };
}

function planned(name: string): Error {
  return Object.assign(new Error(`${plan.mode}: planned, ${name}`), { code: plan.mode });
}

function shorten(name: string, args: unknown[]): unknown[] {
  if (name === 'read') return [args[0], args[1], Math.ceil(Number(args[2]) / 3), args[3]];
  if (name !== 'writev') return args;
  const [first] = args[0] as Buffer[];
  return [[first?.subarray(0, Math.ceil(first.length / 3))], args[1]];
}

const real = { ...fs.promises };
const patched = fs.promises as unknown as Record<string, unknown>;
for (const name of [
  'mkdir',
  'rename',
  'link',
  'unlink',
  'stat',
  'lstat',
  'statfs',
  'readFile',
  'writeFile',
  'utimes',
  'rm',
  'rmdir',
  'copyFile',
  'mkdtemp',
] as const) {
  patched[name] = withFault(fs.promises, name, real[name] as unknown as Call);
}
const openWithFault = withFault(fs.promises, 'open', real.open as unknown as Call);
patched['open'] = async (...args: unknown[]) => {
  const file = (await openWithFault(...args)) as Record<string, Call>;
  for (const name of ['read', 'write', 'writev', 'truncate', 'stat', 'writeFile']) {
    const method = file[name];
    if (method !== undefined) file[name] = withFault(file, name, method);
  }
  return file;
};

/** The same for the calls that streams of files make, which answer by calling back. */
const callbacks = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
for (const name of ['open', 'write', 'writev', 'read'] as const) {
  const call = callbacks[name];
  callbacks[name] = (...args) => {
    calls += 1;
    const answer = args.at(-1);
    if (calls !== plan.at || plan.mode === 'short' || typeof answer !== 'function')
      return call?.(...args);
    return setImmediate(() => (answer as (error: Error) => void)(planned(name)));
  };
}
syncBuiltinESMExports();

/** A connection that fails does so a moment after the call. */
function failsLater(socket: Socket, name: string): boolean {
  calls += 1;
  if (calls !== plan.at || plan.mode === 'short') return false;
  process.nextTick(() => socket.destroy(planned(name)));
  return true;
}

const sockets = Socket.prototype as unknown as Record<string, Call>;
const { connect, write } = sockets;
sockets['connect'] = function (this: Socket, ...args) {
  clientSockets.add(this);
  return failsLater(this, 'connect')
    ? (this as unknown as Promise<unknown>)
    : (connect?.apply(this, args) ?? Promise.resolve());
};
sockets['write'] = function (this: Socket, ...args) {
  if (clientSockets.has(this) && failsLater(this, 'send')) {
    return true as unknown as Promise<unknown>;
  }
  return write?.apply(this, args) ?? Promise.resolve();
};

const { FakeStore, bytes, md5 } = await import('../fakeStore.js');
const { downloadFile } = await import('../transfers.js');
const { downloadStream } = await import('../transfers.js');
const { uploadFile } = await import('../../../src/storages/synapse/uploadFile.js');
const { Cache } = await import('../../../src/cache/cache.js');

const root = await real.mkdtemp(join(tmpdir(), 'synapse-faults-'));
const store = await FakeStore.start();
const context = store.context();
const part = 1024 * 1024 + 1;
const large = bytes(2 * part + 5);
const small = bytes(1000);
store.put('1', large);
store.put('2', small);
store.fault = (request, response) => {
  if (request.url !== '/unsized') return false;
  response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(large);
  return true;
};
/** Where streams are kept on their way up. */
const spool = join(root, 'spool');
process.env['TMPDIR'] = spool;
const source = join(root, 'source');
await real.writeFile(source, large);

interface Flow {
  name: string;
  prepare: () => Promise<void>;
  run: () => Promise<void>;
  /** What is wrong after a run, whether it failed or not. */
  check: (succeeded: boolean) => Promise<string | undefined>;
}

const fileHandle = (fileHandleId: string) =>
  ({ fileHandleId, associateObjectId: 'syn1', associateObjectType: 'FileEntity' }) as const;

const readIfThere = (path: string): Promise<Buffer | undefined> =>
  real.readFile(path).catch(() => undefined);

function downloadFlow(name: string, id: string, content: Buffer, overwrite: boolean): Flow {
  const destination = join(root, name, 'file');
  const old = Buffer.from('the old file');
  return {
    name,
    prepare: async () => {
      await real.rm(join(root, name), { recursive: true, force: true });
      await real.mkdir(join(root, name));
      if (overwrite) await real.writeFile(destination, old);
    },
    run: async () => {
      // A server that tells no length: nobody knows the size before the end.
      const target =
        id === 'url' ? { url: `${store.url}/unsized` } : { fileHandle: fileHandle(id) };
      await downloadFile(context, { ...target, destination, overwrite, partSize: part });
    },
    check: async (succeeded) => {
      const found = await readIfThere(destination);
      const isOld = overwrite ? found?.equals(old) === true : found === undefined;
      const isNew = found?.equals(content) === true;
      if (succeeded && !isNew) return 'succeeded without the right file';
      if (!isOld && !isNew) return 'a wrong file has the real name';
      const others = (await real.readdir(join(root, name))).filter((each) => each !== 'file');
      return succeeded && others.length > 0 ? `left ${others.join(', ')} behind` : undefined;
    },
  };
}

const cache = new Cache({ root: join(root, 'cache') });
const cached = join(root, 'cached');
const flows: Flow[] = [
  downloadFlow('large', '1', large, false),
  downloadFlow('large over another', '1', large, true),
  downloadFlow('small', '2', small, false),
  downloadFlow('of unknown size', 'url', large, false),
  {
    name: 'stream',
    prepare: () => Promise.resolve(),
    run: async () => {
      const content = await buffer(await downloadStream(context, { fileHandle: fileHandle('1') }));
      if (!content.equals(large)) throw new Error('wrong bytes');
    },
    check: () => Promise.resolve(undefined),
  },
  {
    name: 'upload of a stream',
    prepare: async () => {
      store.uploads.length = 0;
      await real.rm(spool, { recursive: true, force: true });
      await real.mkdir(spool);
    },
    run: async () => {
      const stream = Readable.from([large.subarray(0, part), large.subarray(part)]);
      await uploadFile(context, { stream, fileName: 'from a pipe' });
    },
    check: async (succeeded) => {
      const complete = store.uploads.filter((upload) => upload.isComplete);
      if (!complete.every(({ content }) => content.equals(large))) return 'a wrong file was stored';
      if (succeeded && complete.length !== 1) return 'nothing was stored';
      const left = await real.readdir(spool);
      return succeeded && left.length > 0 ? `left ${left.join(', ')} behind` : undefined;
    },
  },
  {
    name: 'upload',
    prepare: () => {
      store.uploads.length = 0;
      return Promise.resolve();
    },
    run: async () => {
      const { md5: hash } = await uploadFile(context, { path: source, partSize: 5 * part });
      if (hash !== md5(large)) throw new Error('wrong hash');
    },
    check: (succeeded) => {
      const complete = store.uploads.filter((upload) => upload.isComplete);
      const isRight = complete.every((upload) => upload.content.equals(large));
      if (!isRight) return Promise.resolve('a wrong file was stored');
      return Promise.resolve(succeeded && complete.length !== 1 ? 'nothing was stored' : undefined);
    },
  },
  {
    name: 'cache',
    prepare: async () => {
      await real.rm(cache.root, { recursive: true, force: true });
      await real.writeFile(cached, small);
      await real.writeFile(`${cached}2`, small);
      const planned = plan.at;
      plan.at = 0;
      await cache.add('7', cached);
      plan.at = planned;
      calls = 0;
    },
    run: async () => {
      await cache.add('7', `${cached}2`);
      if ((await cache.get('7', `${cached}2`)) === undefined) throw new Error('not found again');
    },
    check: async (succeeded) => {
      const map = (await readIfThere(join(cache.directory('7'), '.cacheMap')))?.toString() ?? '';
      if (!map.includes(`"${cached}"`)) return 'an entry was lost';
      if (succeeded && !map.includes(`"${cached}2"`)) return 'succeeded without an entry';
      const names = await real.readdir(cache.directory('7'));
      return succeeded && names.length > 1 ? `left ${names.join(', ')} behind` : undefined;
    },
  },
];

/** Connections come and go; files may not stay open. */
function openFiles(): number {
  const links = fs.readdirSync('/proc/self/fd').map((name) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${name}`);
    } catch {
      return '';
    }
  });
  return links.filter((link) => link.startsWith(root)).length;
}

/** @returns what it failed with */
async function attempt(flow: Flow): Promise<string | undefined> {
  try {
    await flow.run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'something that is no error';
  }
}

const stride = Number(process.argv[2] ?? 1);
const problems: string[] = [];
let runs = 0;
for (const flow of flows) {
  for (const mode of modes) {
    for (let at = 1 + (runs % stride); ; at += stride) {
      const where = `${flow.name}, ${mode} at call ${at}`;
      calls = 0;
      Object.assign(plan, { mode, at });
      await flow.prepare();
      const before = openFiles();
      const error = await attempt(flow);
      const isThrough = calls < at;
      runs += 1;
      const wrong = await flow.check(error === undefined);
      if (wrong !== undefined) problems.push(`${where}: ${wrong}`);
      plan.at = 0;
      const again = error === undefined ? undefined : await attempt(flow);
      if (again !== undefined) problems.push(`${where}: again without a fault: ${again}`);
      const still = error === undefined ? undefined : await flow.check(true);
      if (still !== undefined) problems.push(`${where}: again without a fault: ${still}`);
      if (openFiles() > before) problems.push(`${where}: files stay open`);
      if (isThrough) break;
    }
  }
}
await store.close();
await real.rm(root, { recursive: true, force: true });
process.stdout.write(JSON.stringify({ runs, problems }));
