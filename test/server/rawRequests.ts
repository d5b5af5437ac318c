import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';

import type { StorageAnswer } from './filesClient.js';

/** What goes with a request whose target is sent as it stands. */
export interface RawRequest {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string;
}

/** Sends a request whose target goes over the wire as it stands. */
export function sendRaw(
  endpoint: string,
  target: string,
  sent: RawRequest = {},
): Promise<StorageAnswer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {} } = sent;
    const outgoing = httpRequest({ hostname, port, path: target, method, headers, agent: false });
    outgoing.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const body = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
    });
    outgoing.end(sent.body);
  });
}

/** Writes bytes to a server's socket and returns what it says until it hangs up. */
export async function sendBytes(endpoint: string, text: string): Promise<string> {
  const socket = await open(endpoint);
  socket.write(text);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

function open(endpoint: string): Promise<Socket> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.on('error', reject);
  });
}
