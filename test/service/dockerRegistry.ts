import type * as M from '../../generated/models.js';
import type { TestServer } from '../server/entitySession.js';

/** Credentials of the registry in a development stack of the service. */
export const registryHeader = basicHeader('user', 'pass');

/** The host of the managed registry. */
export const registryHost = 'docker.synapse.org';

export const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

export function basicHeader(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

/** What is asked of an answer outside of the API of entities. */
export interface DockerAnswer {
  readonly status: number;
  readonly body: { readonly reason?: string; readonly token?: string };
  readonly challenge: string | null;
}

/** Sends events as the registry does. */
export function sendEvents(
  server: TestServer,
  events: M.DockerRegistryEventList | object,
  authorization?: string,
): Promise<DockerAnswer> {
  return call(server, '/dockerRegistryListener/v1/events', {
    method: 'POST',
    body: JSON.stringify(events),
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
  });
}

/** Asks for a token as the Docker client does. */
export function askToken(
  server: TestServer,
  { scopes = [], authorization }: { scopes?: readonly string[]; authorization?: string },
): Promise<DockerAnswer> {
  const query = new URLSearchParams({ service: registryHost });
  for (const scope of scopes) query.append('scope', scope);
  return call(server, `/docker/v1/bearerToken?${query.toString()}`, {
    headers: { ...(authorization && { authorization }) },
  });
}

async function call(server: TestServer, path: string, init: RequestInit): Promise<DockerAnswer> {
  const response = await fetch(`${server.synapse.endpoint}${path}`, init);
  const text = await response.text();
  return {
    status: response.status,
    body: text === '' ? {} : (JSON.parse(text) as DockerAnswer['body']),
    challenge: response.headers.get('www-authenticate'),
  };
}

/** What a token allows. */
export function accessOf({ body }: DockerAnswer): { name: string; actions: string[] }[] {
  const [, claims = ''] = (body.token ?? '').split('.');
  const { access } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
    access: { name: string; actions: string[] }[];
  };
  return access;
}

/** The event of a push. */
export function pushEvent(
  userId: number,
  repository: string,
  fields: {
    host?: string;
    mediaType?: string;
    action?: string;
    tag?: string;
    digest?: string;
  } = {},
): M.DockerRegistryEventList {
  const { host = registryHost, mediaType = manifestType, action = 'push' } = fields;
  const { tag = 'latest', digest = 'any text' } = fields;
  return {
    events: [
      {
        action: action as M.RegistryEventAction,
        request: { host },
        actor: { name: String(userId) },
        target: { mediaType, repository, tag, digest },
      },
    ],
  };
}

/** The ids of the repositories in a project. */
export async function repositoriesOf(server: TestServer, parentId: string): Promise<string[]> {
  const answer = await server.alice.post('/entity/children', {
    parentId,
    includeTypes: ['dockerrepo'],
  });
  const { page } = answer.body as { page: M.EntityHeader[] };
  return page.map(({ id }) => id);
}

/** The tags of a repository. */
export async function tagsOf(
  server: TestServer,
  id: string,
  query = '',
): Promise<M.DockerCommit[]> {
  const answer = await server.alice.get(`/entity/${id}/dockerTag${query}`);
  return (answer.body as { results: M.DockerCommit[] }).results;
}
