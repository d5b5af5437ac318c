import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openPendingUpload } from '../../src/storages/pendingUploads.js';
import { countRounds } from '../faults/rounds.js';
import { withTempDir } from '../helpers/tempDir.js';

const identity = ['file', 1];
const place = { key: 'a/b', uploadId: '7' };

/** A folder with the record of an upload whose process is gone; `use` gets the path of the record and its text. */
function withRecord(
  use: (folder: string, path: string, record: string) => Promise<void>,
): Promise<void> {
  return withTempDir(async (folder) => {
    const pending = await openPendingUpload(folder, identity);
    await pending.keep(place);
    pending.leave();
    const [name = ''] = await readdir(folder);
    const path = join(folder, name);
    await use(folder, path, await readFile(path, 'utf8'));
  });
}

/** What the next attempt finds; it leaves nothing. */
async function found(folder: string): Promise<unknown> {
  const pending = await openPendingUpload(folder, identity);
  await pending.forget();
  return pending.found;
}

test('an upload that was left is found once by the same file', () =>
  withRecord(async (folder) => {
    expect((await openPendingUpload(folder, ['file', 2])).found).toBeUndefined();
    expect(await found(folder)).toEqual(place);
    expect(await found(folder)).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  }));

test('the record of another file is not used', () =>
  withRecord(async (folder, path, record) => {
    const other = await openPendingUpload(folder, ['another file', 2]);
    await other.keep({ key: 'another' });
    other.leave();
    const names = await readdir(folder);
    for (const name of names) await writeFile(join(folder, name), record);
    expect((await openPendingUpload(folder, ['another file', 2])).found).toBeUndefined();
    expect(names).toHaveLength(2);
    expect(await readFile(path, 'utf8')).toBe(record);
  }));

test('an upload that is under way is nobody else’s', () =>
  withRecord(async (folder, path, record) => {
    const first = await openPendingUpload(folder, identity);
    await first.keep(place);
    const second = await openPendingUpload(folder, identity);
    expect(second.found).toBeUndefined();
    await second.keep({ key: 'another' });
    await second.forget();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ place });
    first.leave();
    // Another process that lives, and one of another machine, of which nobody knows.
    for (const owner of [
      { host: hostname(), pid: process.ppid },
      { host: 'elsewhere', pid: 1 },
    ]) {
      await writeFile(path, JSON.stringify({ ...(JSON.parse(record) as object), owner }));
      const third = await openPendingUpload(folder, identity);
      third.leave();
      expect(third.found).toBeUndefined();
    }
  }));

test('an upload of long ago is not gone on with', () =>
  withRecord(async (folder, path) => {
    const long = Date.now() / 1000 - 8 * 24 * 3600;
    await utimes(path, long, long);
    expect(await found(folder)).toBeUndefined();
  }));

test('a record that is torn or damaged anywhere is no record', () =>
  withRecord(async (folder, path, record) => {
    const whole = Buffer.from(record);
    for (let index = 0; index < whole.length; index += 1) {
      await writeFile(path, whole.subarray(0, index));
      expect(await found(folder)).toBeUndefined();
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(index) ^ 0x15, index);
      await writeFile(path, flipped);
      // What the place says is right, or it is not used.
      expect([undefined, place]).toContainEqual(await found(folder));
    }
    countRounds(whole.length * 2);
  }));

test('an upload begins anew each time where nothing can be written', () =>
  withTempDir(async (directory) => {
    await mkdir(join(directory, 'folder'));
    await writeFile(join(directory, 'file'), '');
    for (const folder of [undefined, join(directory, 'file')]) {
      const pending = await openPendingUpload(folder, identity);
      await pending.keep(place);
      pending.leave();
      expect(await found(join(directory, 'folder'))).toBeUndefined();
    }
  }));
