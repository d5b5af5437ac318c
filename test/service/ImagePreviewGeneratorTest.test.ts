import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { bmpImage, gifImage, jpegImage, pngImage, pngSize } from './imageFiles.js';
import { getsPreview, uploadWithPreview } from './previewFiles.js';

const server = withSessions();

describe('ImagePreviewGeneratorTest', () => {
  test('testloadImageWithSizeCheckOverLimit: an image with more than a million pixels has no preview', async () => {
    for (const image of [jpegImage(1001, 1000), jpegImage(2000, 501)]) {
      expect(await getsPreview(server.alice, image, { contentType: 'image/jpeg' })).toBe(false);
    }
  });

  test('testloadImageWithSizeCheckAtLimit: an image with a million pixels has a preview', async () => {
    const image = pngImage(1000, 1000);
    expect(await getsPreview(server.alice, image, { contentType: 'image/png' })).toBe(true);
  });

  test('testGeneratePreview: a large image becomes a smaller PNG', async () => {
    const { preview, content } = await uploadWithPreview(server.alice, pngImage(1000, 1000), {
      contentType: 'image/png',
    });
    expect(preview).toMatchObject({ contentType: 'image/png', fileName: 'preview.png' });
    expect(pngSize(content)).toEqual({ width: 768, height: 768 });
  });

  test.each([
    ['image/png', pngImage(60, 20)],
    ['image/jpeg', jpegImage(60, 20)],
    ['image/pjpeg', jpegImage(60, 20)],
    ['image/bmp', bmpImage(60, 20)],
    ['image/png', jpegImage(60, 20)],
  ])('testGeneratePreview: of %s keeps the size of a small image', async (contentType, image) => {
    const { content } = await uploadWithPreview(server.alice, image, { contentType });
    expect(pngSize(content)).toEqual({ width: 60, height: 20 });
  });

  test('testGeneratePreview: of a GIF is a PNG of its first picture', async () => {
    const { preview, content } = await uploadWithPreview(server.alice, gifImage(), {
      contentType: 'image/gif',
    });
    expect(preview.contentType).toBe('image/png');
    expect(pngSize(content)).toEqual({ width: 1, height: 1 });
  });

  test('testGeneratePreview: a wide image is fitted to the width of a preview', async () => {
    const { content } = await uploadWithPreview(server.alice, pngImage(2048, 100), {
      contentType: 'image/png',
    });
    expect(pngSize(content)).toEqual({ width: 1024, height: 50 });
  });

  test('testGeneratePreview: of other types of images is not made', async () => {
    for (const contentType of ['image/tiff', 'image/svg+xml', 'image/webp']) {
      expect(await getsPreview(server.alice, pngImage(5, 5), { contentType })).toBe(false);
    }
  });
});
