import { afterEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { createRestClient, NotFoundError } from '../src/rest.js';
import { isA } from '../src/types.js';
import type { Entity, FileEntity, FileHandle, S3FileHandle } from '../src/types.js';
import { startServer } from './api/scriptedServer.js';
import type { ScriptedServer } from './api/scriptedServer.js';

const servers: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function connect(json: unknown, status = 200): Promise<ScriptedServer> {
  const server = await startServer(() => ({ status, json }));
  servers.push(server);
  return server;
}

describe('createRestClient', () => {
  test('takes a token as text or as a function', async () => {
    const server = await connect({ id: 'syn1', page: [{ id: 'syn2' }], token: '1' });
    const fixed = createRestClient({ endpoint: server.url, accessToken: 'one' });
    expect((await fixed.services.entity.getEntity({ id: 'syn1' })).id).toBe('syn1');
    const asked = createRestClient({ endpoint: server.url, accessToken: () => 'two' });
    const { data } = await asked.rest.GET('/repo/v1/entity/{id}', {
      params: { path: { id: 'syn1' } },
    });
    expect(data?.id).toBe('syn1');
    const anonymous = createRestClient({ endpoint: server.url });
    for await (const { id } of anonymous.paginate('entity.listEntityChildren', { body: {} })) {
      expect(id).toBe('syn2');
    }
    const job = {
      concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
    } as const;
    expect(await anonymous.runJob(job, { id: 'syn1' })).toMatchObject({ token: '1' });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer one',
      'Bearer two',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('reaches an endpoint that is not described', async () => {
    const server = await connect({ found: true });
    const { rest, call } = createRestClient({ endpoint: server.url });
    expect((await rest.request('GET', '/repo/v1/some/new')).data).toEqual({ found: true });
    expect(await call('GET /repo/v1/some/new', { limit: 1 })).toEqual({ found: true });
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/repo/v1/some/new',
      '/repo/v1/some/new?limit=1',
    ]);
  });

  test('throws errors of the classes that it exports', async () => {
    const server = await connect({ reason: 'gone' }, 404);
    const { services } = createRestClient({ endpoint: server.url });
    await expect(services.entity.getEntity({ id: 'syn1' })).rejects.toThrow(NotFoundError);
  });

  test('sends through the fetch that it is given', async () => {
    const seen: [string, RequestInit | undefined][] = [];
    const { services } = createRestClient({
      endpoint: 'https://synapse.test',
      fetch: (input, init) => {
        seen.push([input, init]);
        return Promise.resolve(Response.json({ id: 'syn1' }));
      },
    });
    await services.entity.getEntity({ id: 'syn1' });
    expect(seen).toEqual([
      [
        'https://synapse.test/repo/v1/entity/syn1',
        expect.objectContaining({ method: 'GET', redirect: 'manual' }),
      ],
    ]);
  });
});

describe('in a browser', () => {
  test('nothing of Node is in the bundle', async () => {
    const { metafile, outputFiles } = await build({
      entryPoints: ['src/rest.ts'],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      metafile: true,
      minify: true,
      write: false,
      logLevel: 'silent',
    });
    const imports = Object.values(metafile.inputs).flatMap((input) =>
      input.imports.map(({ path }) => path),
    );
    expect(imports.filter((path) => path.startsWith('node:'))).toEqual([]);
    const outside = Object.values(metafile.outputs).flatMap((output) => output.imports);
    expect(outside).toEqual([]);
    expect(Object.keys(metafile.inputs)).toContain('src/api/httpCore.ts');
    const size = outputFiles[0]?.contents.length ?? 0;
    // The operation data makes up most of it.
    expect(size).toBeGreaterThan(50_000);
    expect(size).toBeLessThan(160_000);
  });

  test('the bundle works where there is no process', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { createRestClient } from './src/rest.ts';
          globalThis.run = () => createRestClient({ endpoint: 'https://synapse.test' })
            .services.entity.getEntity({ id: 'syn1' });`,
        resolveDir: '.',
      },
      bundle: true,
      format: 'iife',
      platform: 'browser',
      write: false,
    });
    const { createContext, runInContext } = await import('node:vm');
    const calls: { url: string; headers: Headers }[] = [];
    const {
      AbortController,
      Headers,
      Request,
      Response,
      URL,
      performance,
      setTimeout,
      clearTimeout,
    } = globalThis;
    const page = createContext({
      ...{
        AbortController,
        Headers,
        Request,
        Response,
        URL,
        performance,
        setTimeout,
        clearTimeout,
        FormData,
      },
      fetch: (url: string, init: { headers: Headers }) => {
        calls.push({ url, headers: init.headers });
        return Promise.resolve(Response.json({ id: 'syn1' }));
      },
    });
    runInContext(outputFiles[0]?.text ?? '', page);
    const { run } = page as { run: () => Promise<unknown> };
    expect(await run()).toMatchObject({ id: 'syn1' });
    expect(calls.map(({ url }) => url)).toEqual(['https://synapse.test/repo/v1/entity/syn1']);
    expect([...(calls[0]?.headers.keys() ?? [])]).toEqual(['accept']);
  });
});

describe('isA', () => {
  const entity = {
    concreteType: 'org.sagebionetworks.repo.model.FileEntity',
    dataFileHandleId: '7',
  } as Entity;

  test('narrows a union by the short name of a member', () => {
    const handle: string | undefined = isA(entity, 'FileEntity') ? entity.dataFileHandleId : 'none';
    expect(handle).toBe('7');
    expect(isA(entity, 'Folder')).toBe(false);
    const narrowed: FileEntity | undefined = isA(entity, 'FileEntity') ? entity : undefined;
    expect(narrowed).toBe(entity);
  });

  test('takes no part of a name', () => {
    const s3 = { concreteType: 'org.sagebionetworks.repo.model.file.S3FileHandle' } as FileHandle;
    expect(isA(s3, 'S3FileHandle')).toBe(true);
    expect(
      isA(
        { concreteType: 'org.x.ExternalS3FileHandle' } as unknown as S3FileHandle,
        'S3FileHandle',
      ),
    ).toBe(false);
    expect(isA({} as FileHandle, 'S3FileHandle')).toBe(false);
  });

  test('knows the names', () => {
    // @ts-expect-error -- no entity is called that
    expect(isA(entity, 'FileEntty')).toBe(false);
  });
});
