import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  /** Path and query, as they came over the wire. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What to answer: a reply, JSON with 200, or what to do to the connection. */
export type Scripted =
  | { status?: number; headers?: Record<string, string>; body?: string; json?: unknown }
  | 'drop'
  | 'hang'
  | 'half';

export interface ScriptedServer {
  readonly url: string;
  readonly requests: Received[];
  /** Requests whose client went away before the answer. */
  readonly aborted: Received[];
  close(): Promise<void>;
}

/** A server on a free port that answers as the script says. */
export async function startServer(
  script: (request: Received, index: number) => Scripted | Promise<Scripted>,
): Promise<ScriptedServer> {
  const requests: Received[] = [];
  const aborted: Received[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const received = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      requests.push(received);
      outgoing.on('close', () => {
        if (!outgoing.writableFinished) aborted.push(received);
      });
      void answer(outgoing, script(received, requests.length - 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, aborted, close: () => close(server) };
}

async function answer(
  outgoing: ServerResponse,
  scripted: Scripted | Promise<Scripted>,
): Promise<void> {
  const reply = await scripted;
  if (reply === 'hang') return;
  if (reply === 'drop') {
    outgoing.socket?.destroy();
    return;
  }
  if (reply === 'half') {
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    outgoing.write('{"id":', () => outgoing.socket?.destroy());
    return;
  }
  const { status = 200, headers = {}, json } = reply;
  const body = reply.body ?? (json === undefined ? '' : JSON.stringify(json));
  outgoing.writeHead(status, {
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  });
  outgoing.end(body);
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
