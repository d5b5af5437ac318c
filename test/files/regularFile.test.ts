import { execFileSync } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fileMd5 } from '../../src/files/fileMd5.js';
import { readInput, readInputSync } from '../../src/files/readInput.js';
import { openRegularFile } from '../../src/files/regularFile.js';
import { withTempDir } from '../helpers/tempDir.js';

const onUnix = process.platform === 'win32' ? describe.skip : describe;

onUnix('a named pipe', () => {
  test('is never waited for, even if it has just taken the place of a file', async () => {
    await withTempDir(async (root) => {
      const path = join(root, 'pipe');
      execFileSync('mkfifo', [path]);
      await symlink(path, join(root, 'link'));
      for (const each of [path, join(root, 'link')]) {
        await expect(openRegularFile(each)).rejects.toThrow('is a named pipe');
        await expect(fileMd5(each)).rejects.toThrow('is a named pipe');
        await expect(readInput(each)).rejects.toThrow('no program writes to');
        expect(() => readInputSync(each)).toThrow('no program writes to');
      }
    });
  });
});

onUnix('an input', () => {
  test('can be a file, a link to one, or an empty device', async () => {
    await withTempDir(async (root) => {
      const path = join(root, 'file');
      await writeFile(path, 'content');
      await symlink('file', join(root, 'link'));
      for (const each of [path, join(root, 'link')]) {
        expect((await readInput(each)).toString()).toBe('content');
        expect(Buffer.from(readInputSync(each)).toString()).toBe('content');
      }
      expect(await readInput('/dev/null')).toHaveLength(0);
      expect(readInputSync('/dev/null')).toHaveLength(0);
    });
  });

  test('that is a folder, or has no end, is refused', async () => {
    await withTempDir(async (root) => {
      await expect(readInput(root)).rejects.toMatchObject({ code: 'EISDIR' });
      await expect(readInput('/dev/zero')).rejects.toThrow('no end');
      expect(() => readInputSync('/dev/zero')).toThrow('no end');
    });
  });
});
