import type * as M from '../../generated/models.js';

/** Where an upload destination is, as a person would write it. */
export function destinationText(destination: M.UploadDestination | undefined): string {
  if (destination === undefined) return 'a proxy, to which nothing is uploaded';
  const { bucket, baseKey, endpointUrl, url, concreteType }: Parts = destination;
  // The last part of an address is made for one file.
  if (url !== undefined) return url.slice(0, url.lastIndexOf('/') + 1);
  const folder = baseKey === undefined ? '' : `/${baseKey}`;
  if (bucket === undefined) return `Synapse${folder}`;
  if (concreteType.endsWith('ExternalObjectStoreUploadDestination')) {
    return `${endpointUrl ?? ''}/${bucket}`;
  }
  const scheme = concreteType.includes('GoogleCloud') ? 'gs' : 's3';
  const service = endpointUrl === undefined ? '' : ` at ${endpointUrl}`;
  return `${scheme}://${bucket}${folder}${service}`;
}

/** The members of all kinds of destinations. */
interface Parts {
  concreteType: string;
  bucket?: string;
  baseKey?: string;
  endpointUrl?: string;
  url?: string;
}
