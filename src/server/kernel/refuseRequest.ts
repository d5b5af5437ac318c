import type { Duplex } from 'node:stream';

import { errorCode } from './errorCode.js';

interface Refusal {
  status: string;
  reason: string;
}

/** By the error codes of the parser of Node.js. */
const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    reason: 'The path and the headers of a request must not be longer than 16 KiB.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    reason: 'The request did not arrive in time.',
  },
};

const malformed: Refusal = { status: '400 Bad Request', reason: 'The request is not valid HTTP.' };

/** Answers what could not be read as a request, and closes the connection. */
export function refuseRequest(error: Error, socket: Duplex): void {
  const code = errorCode(error) ?? '';
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, reason } = refusals[code] ?? malformed;
  const body = JSON.stringify({
    concreteType: 'org.sagebionetworks.repo.model.ErrorResponse',
    reason,
  });
  const headers = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
