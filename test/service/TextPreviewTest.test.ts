import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { getsPreview, previewText, uploadWithPreview } from './previewFiles.js';

const server = withSessions();

describe('TextPreviewTest', () => {
  test('testGeneratePreview: a long text is cut at 1500 characters with dots', async () => {
    const long = 'é'.repeat(2000);
    const { preview, content } = await uploadWithPreview(server.alice, Buffer.from(long), {
      contentType: 'text/html',
    });
    expect(preview).toMatchObject({ contentType: 'text/plain', fileName: 'preview.txt' });
    expect(content.toString()).toBe(`${'é'.repeat(1497)}...`);
  });

  test('testGeneratePreview: a text of 1500 characters is kept', async () => {
    const text = '𝄞'.repeat(750);
    expect(await previewText(server.alice, text, { contentType: 'text/plain' })).toBe(text);
  });

  test.each(['text/xml', 'text/html', 'application/x-sh', 'application/x-javascript'])(
    'testContentType: %s is a text',
    async (contentType) => {
      expect(await previewText(server.alice, 'x', { contentType })).toBe('x');
    },
  );

  test.each(['image/anything', 'csv', 'application/octet-stream', 'application/pdf'])(
    'testContentType: %s is no text',
    async (contentType) => {
      expect(await getsPreview(server.alice, Buffer.from('x'), { contentType })).toBe(false);
    },
  );
});
