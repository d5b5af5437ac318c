import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { api } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';
import { editFile, flipBit } from './dataDirectory.js';
import { Session } from './entitySession.js';
import {
  begin,
  contentUrl,
  mebibyte,
  bytesOf,
  sendPart,
  complete,
  storage,
  uploadFile,
  uploadRequest,
} from './filesClient.js';
import { TableSession } from './tableSession.js';

const quiet = { onWarning: () => undefined } as const;
const content = bytesOf(40_000, 4);

interface Made {
  readonly handle: string;
  readonly file: string;
  readonly blob: string;
}

async function withServer<T>(
  dataDir: string,
  use: (session: Session, local: LocalSynapse) => Promise<T>,
  options: { recover?: boolean; onWarning?: (message: string) => void } = {},
): Promise<T> {
  const local = await startLocalSynapse({ ...quiet, dataDir, ...options });
  try {
    return await use(new Session(api(local, local.authToken)), local);
  } finally {
    await local.close();
  }
}

/** A data directory with a file. */
async function withFile(use: (dataDir: string, made: Made) => Promise<void>): Promise<void> {
  await withTempDir(async (dataDir) => {
    const made = await withServer(dataDir, async (session) => {
      const project = await session.create('project', { name: 'study' });
      const { id: handle } = await uploadFile(session, content, { fileName: 'a.bin' });
      const { id: file } = await session.create('file', {
        name: 'a.bin',
        parentId: project.id,
        dataFileHandleId: handle,
      });
      return { handle, file };
    });
    await use(dataDir, { ...made, blob: findBlob(dataDir) });
  });
}

function findBlob(dataDir: string): string {
  const names = readdirSync(join(dataDir, 'blobs'), { recursive: true, encoding: 'utf8' });
  return join('blobs', names.find((name) => /\/[0-9a-f]{32}$/.test(name)) ?? '');
}

const start = (dataDir: string) => withServer(dataDir, () => Promise.resolve());
const download = async (session: Session, handle: string, range?: string) =>
  storage(await contentUrl(session, handle), range === undefined ? {} : { headers: { range } });

describe('stored content', () => {
  test('that is missing refuses the start, and is given up by a recovery', async () => {
    await withFile(async (dataDir, { blob, handle, file }) => {
      rmSync(join(dataDir, blob));
      await expect(start(dataDir)).rejects.toThrow(
        `${blob}: the file is missing, which is the content of`,
      );
      await withServer(
        dataDir,
        async (session, { recovery }) => {
          expect(recovery).toMatchObject({
            lost: [{ file: blob, what: expect.stringContaining('a.bin') }],
          });
          expect(await session.read(file)).toMatchObject({ name: 'a.bin' });
          expect(await download(session, handle)).toMatchObject({ status: 404 });
        },
        { recover: true },
      );
      await start(dataDir);
    });
  });

  test('of another size refuses the start, and its rest is kept by a recovery', async () => {
    await withFile(async (dataDir, { blob }) => {
      editFile(dataDir, blob, (bytes) => bytes.subarray(0, 100));
      await expect(start(dataDir)).rejects.toThrow(`${blob}: it has 100 bytes instead of 40000`);
      const report = await withServer(dataDir, (_, { recovery }) => Promise.resolve(recovery), {
        recover: true,
      });
      expect(readFileSync(join(report?.copies ?? '', blob))).toEqual(content.subarray(0, 100));
      expect(existsSync(join(dataDir, blob))).toBe(false);
    });
  });

  test('with a flipped bit is refused when it is read, whole or in part', async () => {
    await withFile(async (dataDir, { blob, handle }) => {
      flipBit(dataDir, blob, { byte: 30_000, bit: 2 });
      await withServer(dataDir, async (session) => {
        for (const range of [undefined, 'bytes=0-99']) {
          const answer = await download(session, handle, range);
          expect(answer).toMatchObject({ status: 500 });
          expect(answer.body.toString()).toContain(`${blob} is damaged`);
        }
      });
      flipBit(dataDir, blob, { byte: 30_000, bit: 2 });
      await withServer(dataDir, async (session) => {
        expect((await download(session, handle)).body.equals(content)).toBe(true);
        expect(
          (await download(session, handle, 'bytes=0-99')).body.equals(content.subarray(0, 100)),
        ).toBe(true);
      });
    });
  });

  test('that changes while the server runs is refused', async () => {
    await withFile(async (dataDir, { blob, handle }) => {
      await withServer(dataDir, async (session) => {
        expect(await download(session, handle)).toMatchObject({ status: 200 });
        flipBit(dataDir, blob, { byte: 1, bit: 2 });
        expect(await download(session, handle)).toMatchObject({ status: 500 });
      });
    });
  });

  test('in parts is checked part by part', async () => {
    await withTempDir(async (dataDir) => {
      const large = bytesOf(5 * mebibyte + 10, 8);
      const parts = [large.subarray(0, 5 * mebibyte), large.subarray(5 * mebibyte)];
      const handle = await withServer(dataDir, async (session) => {
        const { uploadId } = await begin(session, uploadRequest(large));
        for (const [at, part] of parts.entries()) {
          await sendPart(session, uploadId, { number: at + 1, content: part });
        }
        const { body } = await complete(session, uploadId);
        return (body as { resultFileHandleId: string }).resultFileHandleId;
      });
      const names = readdirSync(join(dataDir, 'blobs'), { recursive: true, encoding: 'utf8' });
      const small = names.find(
        (name) =>
          /\/[0-9a-f]{32}$/.test(name) && readFileSync(join(dataDir, 'blobs', name)).length === 10,
      );
      flipBit(dataDir, join('blobs', small ?? ''), { byte: 3, bit: 3 });
      await withServer(dataDir, async (session) => {
        expect(await download(session, handle, 'bytes=0-99')).toMatchObject({ status: 206 });
        expect(await download(session, handle, `bytes=${5 * mebibyte}-`)).toMatchObject({
          status: 500,
        });
        expect(await download(session, handle)).toMatchObject({ status: 500 });
      });
    });
  });

  test('of lost records is kept by a recovery', async () => {
    await withFile(async (dataDir, { blob }) => {
      editFile(dataDir, 'journal.jsonl', (bytes) => bytes.subarray(0, bytes.indexOf('\n') + 1));
      const report = await withServer(dataDir, (_, { recovery }) => Promise.resolve(recovery), {
        recover: true,
      });
      expect(readFileSync(join(report?.copies ?? '', blob))).toEqual(content);
    });
  });
});

describe('keys.json', () => {
  test.each(['missing', 'empty', 'flipped', 'of another data directory'])(
    'that is %s refuses the start',
    async (how) => {
      await withFile(async (dataDir, { file }) => {
        if (how === 'missing') rmSync(join(dataDir, 'keys.json'));
        else if (how === 'empty') writeFileSync(join(dataDir, 'keys.json'), '');
        else if (how === 'flipped') flipBit(dataDir, 'keys.json', { byte: 300, bit: 0 });
        else {
          await withTempDir(async (other) => {
            await start(other);
            cpSync(join(other, 'keys.json'), join(dataDir, 'keys.json'));
          });
        }
        await expect(start(dataDir)).rejects.toThrow('keys.json');
        await withServer(
          dataDir,
          async (session, { recovery }) => {
            expect(recovery?.lost).toMatchObject([
              { file: 'keys.json', what: expect.stringContaining('tokens') },
            ]);
            expect(await session.read(file)).toMatchObject({ name: 'a.bin' });
          },
          { recover: true },
        );
        await start(dataDir);
      });
    },
  );
});

describe('the lock', () => {
  test('that is damaged refuses the start, and is replaced by a recovery', async () => {
    await withFile(async (dataDir) => {
      await withServer(dataDir, () => {
        cpSync(join(dataDir, 'lock'), join(dataDir, '..', 'lock-of-running'));
        return Promise.resolve();
      });
      cpSync(join(dataDir, '..', 'lock-of-running'), join(dataDir, 'lock'));
      rmSync(join(dataDir, '..', 'lock-of-running'));
      await start(dataDir);
      for (const text of ['["0000', 'nobody', '\0\0\0']) {
        writeFileSync(join(dataDir, 'lock'), text);
        await expect(start(dataDir)).rejects.toThrow(`${join(dataDir, 'lock')} is damaged`);
        await withServer(dataDir, () => Promise.resolve(), { recover: true });
        await start(dataDir);
      }
    });
  });
});

describe('the rows of tables', () => {
  test('that are damaged refuse the start, and tables can be filled again after a recovery', async () => {
    await withTempDir(async (dataDir) => {
      const { id, columns } = await withServer(dataDir, (session) =>
        new TableSession(session).filled(),
      );
      flipBit(dataDir, 'tables.sqlite', { byte: 5000, bit: 1 });
      await expect(start(dataDir)).rejects.toThrow(
        'tables.sqlite is damaged at byte 4096: the checksum of page 2',
      );
      await withServer(
        dataDir,
        async (session, { recovery }) => {
          expect(recovery?.lost).toMatchObject([{ file: 'tables.sqlite' }]);
          const tables = new TableSession(session);
          await tables.append(id, columns, [['again', '1']]);
          expect(await tables.cells(`select name from ${id}`)).toContainEqual(['again']);
        },
        { recover: true },
      );
      await start(dataDir);
    });
  });

  test('on other pages than the damaged one are kept by a recovery', async () => {
    await withTempDir(async (dataDir) => {
      const rows = Array.from({ length: 2000 }, (_, row) => [`row ${row} of many`, String(row)]);
      const made = await withServer(dataDir, async (session) => {
        const tables = new TableSession(session);
        const { id, columns } = await tables.filled([]);
        await session.update(await session.read(id), { isSearchEnabled: true });
        await tables.append(id, columns, rows);
        const other = await tables.filled([['untouched', '1']]);
        return { id, other: other.id };
      });
      // A page with rows of the large table.
      const content = readFileSync(join(dataDir, 'tables.sqlite'));
      const byte = content.indexOf('row 1000 of many') + 4;
      flipBit(dataDir, 'tables.sqlite', { byte, bit: 0 });
      await expect(start(dataDir)).rejects.toThrow(
        `the checksum of page ${Math.floor(byte / 4096) + 1} does not match`,
      );
      await withServer(
        dataDir,
        async (session, { recovery }) => {
          const tables = new TableSession(session);
          const what = recovery?.lost.map((one) => one.what) ?? [];
          expect(what).toHaveLength(1);
          const [, first, last] = /^the rows (\d+) to (\d+) of (syn\d+)$/.exec(what[0] ?? '') ?? [];
          const cells = await tables.cells(`select name from ${made.id}`);
          const ids = (await tables.rows(`select name from ${made.id}`)).map(({ rowId }) =>
            Number(rowId),
          );
          const lostIds = Array.from(
            { length: Number(last) - Number(first) + 1 },
            (_, at) => Number(first) + at,
          );
          expect(lostIds.length).toBeGreaterThan(10);
          expect(lostIds.length).toBeLessThan(200);
          expect(cells).toHaveLength(rows.length - lostIds.length);
          expect(ids.filter((id) => lostIds.includes(id))).toEqual([]);
          const kept = new Set(cells.map(([name]) => name));
          expect(rows.filter(([name = '']) => !kept.has(name))).toContainEqual(rows[1000]);
          expect(
            await tables.cells(`select name from ${made.id} where text_matches('1500')`),
          ).toEqual([['row 1500 of many']]);
          expect(await tables.cells(`select name from ${made.other}`)).toEqual([['untouched']]);
        },
        { recover: true },
      );
      await withServer(dataDir, async (session) => {
        expect(
          await new TableSession(session).cells(`select count(*) from ${made.id}`),
        ).not.toEqual([['2000']]);
      });
    });
  });

  test('are kept when only what guards them is damaged', async () => {
    await withTempDir(async (dataDir) => {
      const { id } = await withServer(dataDir, (session) => new TableSession(session).filled());
      for (const name of ['tables.sqlite-pages', 'tables.sqlite-head']) {
        flipBit(dataDir, name, { byte: 70, bit: 1 });
        await expect(start(dataDir)).rejects.toThrow(`${name}: its checksum does not match`);
        await withServer(
          dataDir,
          async (session, { recovery }) => {
            expect(recovery?.lost).toEqual([]);
            expect(await new TableSession(session).rows(`select * from ${id}`)).toHaveLength(3);
          },
          { recover: true },
        );
        await start(dataDir);
      }
    });
  });

  test.each(['tables.sqlite', 'tables.sqlite-pages', 'tables.sqlite-head'])(
    'without %s refuse the start',
    async (name) => {
      await withTempDir(async (dataDir) => {
        await withServer(dataDir, (session) => new TableSession(session).filled());
        rmSync(join(dataDir, name));
        await expect(start(dataDir)).rejects.toThrow(`${name}: the file is missing`);
      });
    },
  );

  test('without the log of a killed server refuse the start, and earlier ones are kept by a recovery', async () => {
    await withTempDir(async (directory) => {
      const [dataDir, copy] = [join(directory, 'running'), join(directory, 'killed')];
      mkdirSync(dataDir);
      await withServer(dataDir, async (session) => {
        await new TableSession(session).filled();
        cpSync(dataDir, copy, { recursive: true });
      });
      rmSync(join(copy, 'tables.sqlite-wal'));
      await expect(start(copy)).rejects.toThrow('tables.sqlite-wal: the file is missing');
      await withServer(
        copy,
        (_, { recovery }) => {
          expect(recovery?.lost).toContainEqual({
            file: 'tables.sqlite-wal',
            what: 'the changes of tables after the last whole transaction in the log',
            ids: [],
          });
          return Promise.resolve();
        },
        { recover: true },
      );
      await start(copy);
    });
  });

  test('beside the log of an earlier time are what they were', async () => {
    await withTempDir(async (directory) => {
      const dataDir = join(directory, 'data');
      const old = join(directory, 'wal');
      const { id, columns } = await withServer(dataDir, async (session) => {
        const filled = await new TableSession(session).filled();
        cpSync(join(dataDir, 'tables.sqlite-wal'), old);
        return filled;
      });
      await withServer(dataDir, (session) =>
        new TableSession(session).append(id, columns, [['later', '1']]),
      );
      cpSync(old, join(dataDir, 'tables.sqlite-wal'));
      await withServer(dataDir, async (session) => {
        expect(await new TableSession(session).cells(`select name from ${id}`)).toContainEqual([
          'later',
        ]);
      });
    });
  });
});

describe('a data directory of the first version', () => {
  function makeOld(dataDir: string): void {
    cpSync(join(import.meta.dirname, '../fixtures/dataDirectory1'), dataDir, { recursive: true });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keys = {
      signingKey: privateKey.export({ format: 'jwk' }),
      master: randomBytes(32).toString('base64'),
    };
    writeFileSync(join(dataDir, 'keys.json'), JSON.stringify(keys));
    writeFileSync(join(dataDir, 'endpoint'), 'http://127.0.0.1:1\n');
  }

  test('is opened, and guarded from then on', async () => {
    await withTempDir(async (dataDir) => {
      makeOld(dataDir);
      const check = async (session: Session) => {
        expect(await session.read('syn10000003')).toMatchObject({
          name: 'sub',
          description: 'Zoë',
          parentId: 'syn10000001',
        });
        expect((await download(session, '1')).body.toString()).toBe('content of an old file\n');
      };
      const first = await withServer(dataDir, async (session, local) => {
        await check(session);
        return local.authToken;
      });
      expect(readdirSync(dataDir)).toContain('head.json');
      await withServer(dataDir, async (_, local) => check(new Session(api(local, first))));
      flipBit(dataDir, 'snapshot.jsonl', { byte: 2000, bit: 1 });
      await expect(start(dataDir)).rejects.toThrow('snapshot.jsonl is damaged at byte');
    });
  });

  test('has its tables guarded from then on, too', async () => {
    await withTempDir(async (directory) => {
      const [dataDir, other] = [join(directory, 'old'), join(directory, 'other')];
      makeOld(dataDir);
      await withServer(other, (session) => new TableSession(session).filled());
      cpSync(join(other, 'tables.sqlite'), join(dataDir, 'tables.sqlite'));
      await start(dataDir);
      await start(dataDir);
      flipBit(dataDir, 'tables.sqlite', { byte: 5000, bit: 1 });
      await expect(start(dataDir)).rejects.toThrow('tables.sqlite is damaged at byte 4096');
    });
  });

  test('that is refused is not changed', async () => {
    await withTempDir(async (dataDir) => {
      makeOld(dataDir);
      const intact = readFileSync(join(dataDir, 'journal.jsonl'));
      const keys = readFileSync(join(dataDir, 'keys.json'));
      writeFileSync(join(dataDir, 'journal.jsonl'), 'x\n', { flag: 'a' });
      await expect(start(dataDir)).rejects.toThrow('journal.jsonl is damaged');
      expect(readFileSync(join(dataDir, 'keys.json'))).toEqual(keys);
      expect(readdirSync(dataDir)).not.toContain('head.json');
      writeFileSync(join(dataDir, 'journal.jsonl'), intact);
      await start(dataDir);
    });
  });

  test('with an unreadable last line is refused, and with an unfinished one opened', async () => {
    await withTempDir(async (dataDir) => {
      makeOld(dataDir);
      editFile(dataDir, 'journal.jsonl', (bytes) => `${bytes.toString().slice(0, -3)}\n`);
      await expect(start(dataDir)).rejects.toThrow(
        'journal.jsonl is damaged at byte 0: it is not readable',
      );
      await withServer(
        dataDir,
        async (session, { recovery }) => {
          expect(recovery?.lost).toMatchObject([{ file: 'journal.jsonl' }]);
          expect(await session.read('syn10000001')).toMatchObject({ name: 'Kept' });
        },
        { recover: true },
      );
    });
    await withTempDir(async (dataDir) => {
      makeOld(dataDir);
      editFile(dataDir, 'journal.jsonl', (bytes) =>
        Buffer.concat([bytes, Buffer.from('{"tx":9,"chan')]),
      );
      await withServer(dataDir, async (session) => {
        expect(await session.read('syn10000003')).toMatchObject({ name: 'sub' });
      });
    });
  });

  test.each(['snapshot.jsonl', 'journal.jsonl', 'keys.json'])(
    'without %s is refused',
    async (name) => {
      await withTempDir(async (dataDir) => {
        makeOld(dataDir);
        rmSync(join(dataDir, name));
        await expect(start(dataDir)).rejects.toThrow(
          name === 'snapshot.jsonl' ? 'records 1 to 7 are missing' : name,
        );
      });
    },
  );

  test('that is emptied is refused', async () => {
    await withTempDir(async (dataDir) => {
      makeOld(dataDir);
      rmSync(join(dataDir, 'snapshot.jsonl'));
      writeFileSync(join(dataDir, 'journal.jsonl'), '');
      await expect(start(dataDir)).rejects.toThrow('journal.jsonl: the file is empty');
    });
  });
});

test('a recovery warns of what is lost, with the place of the copies', async () => {
  await withFile(async (dataDir) => {
    editFile(dataDir, 'journal.jsonl', (bytes) => bytes.subarray(0, bytes.length - 20));
    const warnings: string[] = [];
    await withServer(dataDir, () => Promise.resolve(), {
      recover: true,
      onWarning: (message) => warnings.push(message),
    });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /Lost:\n {2}journal\.jsonl: record \d+ \(.*entities syn10000002.*\)\n/,
    );
    expect(warnings[0]).toMatch(/Copies of the damaged files are in .*damaged-\d{8}T\d+Z\.$/);
  });
});
