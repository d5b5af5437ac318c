import { SynapseHttpError } from '../errors.js';

/** What a storage that does not speak HTTP says of a range that begins after the end: the same as one that does. */
export function pastEnd(place: string, url: string): SynapseHttpError {
  return new SynapseHttpError(`The file on ${place} has fewer bytes.`, {
    status: 416,
    reason: 'The range begins after the end of the file.',
    method: 'GET',
    url,
    code: 'STORAGE',
  });
}
