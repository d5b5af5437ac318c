import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  NotFoundError,
  Project,
  Synapse,
  type SynapseOptions,
} from '../src/index.js';
import { withClients } from './entities/withClients.js';

const clients = withClients();
let syn: Synapse;
beforeAll(async () => {
  syn = await clients.open('alice');
});

/** The address that a client asks for the profile of its user. */
async function addressOf(
  options: SynapseOptions,
): Promise<{ url: string; userAgent: string | null }> {
  let seen = { url: '', userAgent: null as string | null };
  const client = new Synapse({
    environment: {},
    configPath: `${clients.folder}/no-config`,
    ...options,
    fetch: (url, { headers }) => {
      seen = { url, userAgent: headers.get('user-agent') };
      return Promise.resolve(Response.json({ ownerId: '1' }));
    },
  });
  await client.getUserProfile();
  await client.close();
  return seen;
}

describe('which Synapse is talked to', () => {
  const configured = `[endpoints]
repoEndpoint=http://configured.example/repo/v1
authEndpoint=http://configured.example/auth/v1
fileHandleEndpoint=
portalEndpoint=http://web.example
`;

  test('the real one by default', async () => {
    const { url, userAgent } = await addressOf({ userAgent: 'pipeline/1.0' });
    expect(url).toBe('https://repo-prod.prod.sagebase.org/repo/v1/userProfile');
    expect(userAgent).toMatch(/^synapseclient\S+ .*pipeline\/1\.0$/);
  });

  test('that of the configuration file unless another one is named', async () => {
    const configPath = await clients.file('config', configured);
    expect((await addressOf({ configPath })).url).toBe(
      'http://configured.example/repo/v1/userProfile',
    );
    const environment = { SYNAPSE_ENDPOINT: 'http://variable.example' };
    expect((await addressOf({ configPath, environment })).url).toBe(
      'http://variable.example/repo/v1/userProfile',
    );
    const endpoint = 'http://option.example/';
    expect((await addressOf({ configPath, environment, endpoint })).url).toBe(
      'http://option.example/repo/v1/userProfile',
    );
    const endpoints = { repo: 'http://single.example/repo/v1' };
    expect((await addressOf({ configPath, endpoints })).url).toBe(
      'http://single.example/repo/v1/userProfile',
    );
    const client = new Synapse({ configPath, environment: {} });
    expect(client.onweb('syn1')).toBe('http://web.example/Synapse:syn1');
    await client.close();
  });

  test('an address that is none is refused', () => {
    const options = { environment: {}, configPath: `${clients.folder}/no-config` };
    expect(() => new Synapse({ ...options, endpoint: 'nowhere' })).toThrow(ArgumentError);
  });
});

describe('settings of the configuration file', () => {
  test('the cache unless the option names another folder', async () => {
    const configPath = await clients.file(
      'config',
      `[cache]\nlocation=${clients.folder}/configured\n`,
    );
    const options = { configPath, environment: {} };
    const byConfig = new Synapse(options);
    const byOption = new Synapse({ ...options, cacheDir: `${clients.folder}/option` });
    expect(byConfig.cache.root).toBe(`${clients.folder}/configured`);
    expect(byOption.cache.root).toBe(`${clients.folder}/option`);
    await Promise.all([byConfig.close(), byOption.close()]);
  });

  test('that are of the wrong type name the file', async () => {
    const configPath = await clients.file('config', '[transfer]\nmax_threads=many\n');
    expect(() => new Synapse({ configPath, environment: {} })).toThrow(configPath);
  });
});

describe('the rooms', () => {
  test('are created once', () => {
    const { access, fileHandles, provenance, storageLocations, sync, users } = syn;
    const rooms = { access, fileHandles, provenance, storageLocations, sync, users };
    for (const [name, room] of Object.entries(rooms)) {
      expect(Reflect.get(syn, name)).toBe(room);
    }
  });

  test('give what the flat methods give', async () => {
    const project = await syn.store(new Project({ name: 'rooms' }));
    const activity = await syn.provenance.set(project, { name: 'made' });
    expect(await syn.getProvenance(project)).toMatchObject({ id: activity.id });
    await syn.access.set(project, 'bob', { accessType: ['READ'] });
    expect(await syn.access.get(project, { principal: 'bob' })).toEqual(['READ']);
    expect(await syn.getAcl(project, { principal: 'bob' })).toEqual(['READ']);
    expect(await syn.access.permissions(project)).toEqual(await syn.getPermissions(project));
    expect(await syn.users.get('bob')).toEqual(await syn.getUserProfile('bob'));
  });
});

describe('the API underneath', () => {
  test('is reached in three ways without a login', async () => {
    const nobody = await clients.open();
    expect(await nobody.services.stackStatus.getStackStatus()).toMatchObject({
      status: 'READ_WRITE',
    });
    const project = await syn.store(new Project({ name: 'underneath' }));
    const { id } = project;
    const { data } = await syn.rest.GET('/repo/v1/entity/{id}', { params: { path: { id } } });
    expect(data).toMatchObject({ name: 'underneath' });
    expect(await syn.call('entity.getEntity', { id })).toEqual(data);
  });

  test('gives the profile of a user by id or by name', async () => {
    const { bob } = clients.server.users;
    expect(await syn.getUserProfile(bob.userId)).toMatchObject({ userName: 'bob' });
    expect(await syn.getUserProfile('bob')).toMatchObject({ ownerId: bob.userId });
    await expect(syn.getUserProfile('bo')).rejects.toThrow(ArgumentError);
    await expect(syn.getUserProfile(1234567)).rejects.toThrow(NotFoundError);
  });

  test('a client that is closed sends nothing any more', async () => {
    const client = await clients.open('alice');
    await client[Symbol.asyncDispose]();
    await client.close();
    await expect(client.get('syn1')).rejects.toThrow('closed');
  });
});
