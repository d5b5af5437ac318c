import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { pngImage, pngSize } from './imageFiles.js';
import { previewText, uploadWithPreview } from './previewFiles.js';

const server = withSessions();

describe('PreviewWorkerIntegrationTest', () => {
  test('testRoundTripImage: an image gets a preview of its own without being asked for', async () => {
    const { file, preview, content } = await uploadWithPreview(server.alice, pngImage(40, 30), {
      contentType: 'image/png; charset=UTF-8',
      fileName: 'image.png',
    });
    expect(file.previewId).toBe(preview.id);
    expect(preview).toMatchObject({ contentType: 'image/png', fileName: 'preview.png' });
    expect(pngSize(content)).toEqual({ width: 40, height: 30 });
  });

  test('testRoundTripCsv: a table with commas gets a table as its preview', async () => {
    const contentType = 'text/csv; charset=UTF-8';
    expect(await previewText(server.alice, 'a,b\n1,2', { contentType })).toBe('"a","b"\n"1","2"\n');
  });

  test('testRoundTripTab: a table with tabs gets a table with commas as its preview', async () => {
    const contentType = 'text/tsv; charset=UTF-8';
    expect(await previewText(server.alice, 'a\tb\n1\t2', { contentType })).toBe(
      '"a","b"\n"1","2"\n',
    );
  });

  test('testRoundTripTxt: a short text is its own preview', async () => {
    const { preview, content } = await uploadWithPreview(server.alice, Buffer.from('short'), {
      contentType: 'text/plain; charset=UTF-8',
    });
    expect(preview).toMatchObject({ contentType: 'text/plain', fileName: 'preview.txt' });
    expect(content.toString()).toBe('short');
  });
});
