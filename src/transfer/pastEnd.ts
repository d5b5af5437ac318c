import { SynapseHttpError } from '../errors.js';

/** Creates the error for a range that starts after the end. It is the same as for HTTP. */
export function pastEnd(place: string, url: string): SynapseHttpError {
  return new SynapseHttpError(`The file on ${place} has fewer bytes.`, {
    status: 416,
    reason: 'The range begins after the end of the file.',
    method: 'GET',
    url,
    code: 'STORAGE',
  });
}
