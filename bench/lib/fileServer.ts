import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** The baseline: a plain `node:http` server for uploads and downloads, in a separate process. */
const directory = await mkdtemp(join(tmpdir(), 'synapse-bench-'));
const text = JSON.stringify({ answer: 'x'.repeat(500) });

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/json') {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(text);
    return;
  }
  const file = join(directory, 'file');
  if (request.method === 'PUT') {
    await pipeline(request, createWriteStream(file));
    response.end();
  } else {
    response.setHeader('content-length', (await stat(file)).size);
    await pipeline(createReadStream(file), response);
  }
}

const server = createServer((request, response) => void serve(request, response));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ endpoint: `http://127.0.0.1:${port}` });
});
process.on('disconnect', () => {
  void rm(directory, { recursive: true, force: true }).then(() => process.exit());
});
