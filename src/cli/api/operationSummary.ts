import type { Operation } from '../../api/operation.js';

/** What an operation does, as its name says it: `Get entity path`. */
export function operationTitle({ id }: Operation): string {
  const words = id
    .slice(id.indexOf('.') + 1)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(' ')
    .map((word) => (/^[A-Z]{2}/.test(word) ? word : word.toLowerCase()))
    .map((word) => shorthand[word] ?? word);
  const [first = '', ...rest] = words;
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(' ');
}

const shorthand: Readonly<Record<string, string>> = {
  acl: 'ACL',
  csv: 'CSV',
  doi: 'DOI',
  id: 'ID',
  ids: 'IDs',
  json: 'JSON',
  pfb: 'PFB',
  sts: 'STS',
  url: 'URL',
  v1: 'V1',
};

/** The page of an operation in the documentation of the API. */
export function restPage({ method, path }: Operation): string {
  const page = path
    .replace(/^\/(?:repo|auth|file|docker)\/v1|^\/ga4gh\/drs\/v1/, '')
    .replace(/[{}]/g, '');
  return `https://rest-docs.synapse.org/rest/${method}${page}.html`;
}
