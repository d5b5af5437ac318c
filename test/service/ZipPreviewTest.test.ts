import { buffer } from 'node:stream/consumers';

import { describe, expect, test } from '@jest/globals';
import { ZipFile } from 'yazl';

import { withSessions } from '../server/entitySession.js';
import { getsPreview, uploadWithPreview } from './previewFiles.js';

const server = withSessions();
const fields = { contentType: 'application/zip', fileName: 'a.zip' };

async function archive(names: readonly string[], forceZip64Format = false): Promise<Buffer> {
  const zip = new ZipFile();
  for (const name of names) zip.addBuffer(Buffer.from('text'), name);
  zip.end({ forceZip64Format, comment: 'a comment at the end' });
  return buffer(zip.outputStream);
}

describe('ZipPreviewTest', () => {
  test('testGeneratePreview: an archive gets the list of its files', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `text${index}.txt`);
    for (const isWide of [false, true]) {
      const zip = await archive(names, isWide);
      const { preview, content } = await uploadWithPreview(server.alice, zip, fields);
      expect(preview).toMatchObject({ contentType: 'text/csv', fileName: 'preview.csv' });
      expect(content.toString()).toBe(names.map((name) => `${name}\n`).join(''));
    }
  });

  test('testGeneratePreview: files that an operating system adds are left out', async () => {
    const zip = await archive(['__MACOSX/a', 'folder/.DS_Store', 'folder/ü.txt']);
    const { content } = await uploadWithPreview(server.alice, zip, fields);
    expect(content.toString()).toBe('folder/ü.txt\n');
  });

  test('testGeneratePreview: an archive that is empty, cut off or encrypted has no preview', async () => {
    const zip = await archive(['a.txt']);
    const encrypted = Buffer.from(zip);
    const entry = encrypted.indexOf(Buffer.from('504b0102', 'hex'));
    encrypted.writeUInt16LE(encrypted.readUInt16LE(entry + 8) | 1, entry + 8);
    for (const content of [await archive([]), zip.subarray(0, 60), encrypted]) {
      expect(await getsPreview(server.alice, content, fields)).toBe(false);
    }
  });
});
