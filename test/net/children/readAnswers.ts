import { createNodeFetch } from '../../../src/net/nodeFetch.js';
import { StorageWire } from '../../../src/transfer/storageWire.js';

/** Reads the answers of a server, and closes nothing: the process ends only when no connection keeps it. */
const [url = '', count = '0'] = process.argv.slice(2);

const sink = { head: () => undefined, data: () => undefined };
const never = new AbortController();

const wire = new StorageWire({ env: {}, stallTimeout: 250 });
const reads = Array.from({ length: Number(count) }, (_, index) =>
  wire.get(`${url}${index}`, sink, { signal: never.signal }),
);
const withUser = url.replace('http://', 'http://%zz@');
const reason = new Error('enough');
const call = createNodeFetch({ env: {} }).fetch(url, {
  method: 'POST',
  headers: new Headers(),
  signal: never.signal,
  redirect: 'manual',
});
const results = await Promise.allSettled([
  ...reads,
  call,
  wire.get(withUser, sink),
  wire.get(url, sink, { ifMatch: '"a\r\nb"' }),
  wire.get(url, sink, { signal: AbortSignal.abort(reason) }),
]);
console.log(results.length);
