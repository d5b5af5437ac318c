import { badRequest } from '../kernel/serviceError.js';

/** The registries whose repositories the service manages itself. */
export const managedRegistryHosts: readonly string[] = [
  'docker.synapse.org',
  'docker-staging.dev.sagebase.org',
];

const maxLength = 255;
const pathComponent = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const hostPattern =
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\d{1,5})?$/;

/**
 * The fields of a repository in an external registry.
 *
 * @throws 400 for an invalid name, or one in the registry of the service
 */
export function checkRepositoryName(name: string | undefined): {
  repositoryName: string;
  isManaged: false;
} {
  if (name === undefined || name === '') {
    throw badRequest('Docker repository name is required.');
  }
  const { host, path } = splitRepositoryName(name);
  const isValid =
    name.length <= maxLength &&
    (host === undefined || hostPattern.test(host)) &&
    path.split('/').every((component) => pathComponent.test(component));
  if (!isValid) {
    throw badRequest(`Invalid repository name: ${name.slice(0, maxLength)}`);
  }
  const hostName = host?.replace(/:\d+$/, '').toLowerCase();
  if (hostName !== undefined && managedRegistryHosts.includes(hostName)) {
    throw badRequest('Cannot create or update a managed Docker repository.');
  }
  if (hostName !== undefined && /(?:^|\.)synapse\.org$/.test(hostName)) {
    throw badRequest(
      'Cannot create or update a Docker repository having a reserved registry host.',
    );
  }
  return { repositoryName: name, isManaged: false };
}

/** Splits a name as Docker does: the first component is a host if it looks like one. */
function splitRepositoryName(name: string): { host?: string; path: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  return first.includes('.') || first.includes(':') || first === 'localhost'
    ? { host: first, path: name.slice(slash + 1) }
    : { path: name };
}
