import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { loadOptional } from '../../loadOptional.js';
import { imageProgram } from './imageProgram.js';
import { imageSize, type ImageSize } from './imageSize.js';

/** Number of pixels of the largest image that gets a preview. */
const maxPixels = 1_000_000;
const maxWidth = 1024;
const maxHeight = 768;
/** Milliseconds after which an image counts as damaged. */
const timeLimit = 20_000;

/**
 * The preview of an image, as PNG: the image itself, or a smaller one. `undefined` for bytes that
 * are not an image, and for an image with more than a million pixels.
 *
 * @param signal - aborts the work
 * @throws SynapseError (`PACKAGE_MISSING`) when the package that decodes images is not installed
 */
export async function imagePreview(
  content: Buffer,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const size = imageSize(content);
  if (size === undefined || size.width * size.height > maxPixels) return undefined;
  const { width, height } = previewSize(size);
  if (width === 0 || height === 0) return undefined;
  const name = '@silvia-odwyer/photon-node';
  const url = await loadOptional(name, () =>
    Promise.resolve().then(() => import.meta.resolve('@silvia-odwyer/photon-node')),
  );
  return runThread({ module: fileURLToPath(url), content, width, height }, signal);
}

/** The size of the preview: at most 1024 x 768, with the proportions of the image. */
export function previewSize({ width, height }: ImageSize): ImageSize {
  const fitted =
    width > maxWidth
      ? { width: maxWidth, height: Math.round(maxWidth * (height / width)) }
      : { width, height };
  return fitted.height > maxHeight
    ? { width: Math.round(maxHeight / (fitted.height / fitted.width)), height: maxHeight }
    : fitted;
}

interface ImageWork extends ImageSize {
  readonly module: string;
  readonly content: Buffer;
}

/** Decodes in a thread of its own, which a damaged image can end, and which ends with its memory. */
async function runThread(work: ImageWork, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const thread = new Worker(imageProgram, { eval: true, workerData: work });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeLimit)]);
  try {
    return await new Promise((resolve) => {
      thread.on('message', (bytes: Uint8Array) => resolve(bytes));
      thread.on('error', () => resolve(undefined));
      thread.on('exit', () => resolve(undefined));
      limit.addEventListener('abort', () => resolve(undefined));
      if (limit.aborted) resolve(undefined);
    });
  } finally {
    await thread.terminate();
  }
}
