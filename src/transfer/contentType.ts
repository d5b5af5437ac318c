import { splitExtension } from './collision.js';
import { peerContentTypes, unknownToPeer } from './peerContentTypes.js';

const fallback = 'application/octet-stream';

/** A compression suffix is an encoding, not a type: `x.tar.gz` has the type of `x.tar`. */
const encodings = new Set(['.gz', '.Z', '.bz2', '.xz', '.br']);

const shorthands: Readonly<Record<string, string>> = {
  '.svgz': '.svg',
  '.tgz': '.tar',
  '.taz': '.tar',
  '.tz': '.tar',
  '.tbz2': '.tar',
  '.txz': '.tar',
};

const peerTypes = new Map<string, string>(
  Object.entries(peerContentTypes).flatMap(([type, extensions]) =>
    extensions.split(' ').map((extension) => [`.${extension}`, type] as const),
  ),
);
const unknownToPeers = new Set<string>(
  unknownToPeer.split(' ').map((extension) => `.${extension}`),
);

/** The types of extensions that were looked up in the large list. */
const lookedUp = new Map<string, string>();

/**
 * Guesses a content type from a file name, as the Python client does.
 * @returns `application/octet-stream` when the extension is unknown
 */
export async function guessContentType(fileName: string): Promise<string> {
  let [stem, extension] = splitExtension(fileName);
  const shorthand = shorthands[extension.toLowerCase()];
  if (shorthand !== undefined) extension = shorthand;
  else if (encodings.has(extension)) [stem, extension] = splitExtension(stem);
  extension = extension.toLowerCase();
  if (extension === '' || unknownToPeers.has(extension)) return fallback;
  const known = peerTypes.get(extension) ?? lookedUp.get(extension);
  if (known !== undefined) return known;
  // Loaded on use: the list is large, and only uploads need it.
  const { default: mimeTypes } = await import('mime-types');
  const type = mimeTypes.lookup(extension) || fallback;
  lookedUp.set(extension, type);
  return type;
}
