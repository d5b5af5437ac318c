import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttp } from '../../../src/api/createHttp.js';
import { openScope, systemClock } from '../../../src/net/clock.js';
import { StorageWire } from '../../../src/transfer/storageWire.js';

/** Makes thirty calls and thirty downloads under one signal, and prints the warnings of Node.js. */
const warnings: string[] = [];
process.on('warning', ({ name }) => warnings.push(name));

const server = createServer((_request, response) => {
  setTimeout(() => response.end('{"id":"syn1"}'), 20);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const { signal } = new AbortController();
const http = createHttp({ endpoint, maxConcurrent: 30 });
const wire = new StorageWire({ env: {} });
const thirty = Array.from({ length: 30 });
const sink = { head: () => undefined, data: () => undefined };
await Promise.all([
  ...thirty.map(() => http.services.entity.getEntity({ id: 'syn1' }, { signal, timeout: 10_000 })),
  ...thirty.map(() => wire.get(endpoint, sink, { signal })),
  ...thirty.map(() => wire.put(endpoint, { headers: {}, size: 0, signal })),
  ...thirty.map(() => systemClock.sleep(10, signal)),
]);
for (const scope of thirty.map(() => openScope(signal))) scope.end();
await http.close();
await wire.close();
server.closeAllConnections();
server.close();
await new Promise((resolve) => setImmediate(resolve));
console.log(JSON.stringify(warnings));
