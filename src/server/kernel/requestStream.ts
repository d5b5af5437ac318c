import type { IncomingMessage } from 'node:http';
import { Transform, type Readable } from 'node:stream';

/** The body of a request, during which the connection may be reset by a fault. */
export function requestStream(request: IncomingMessage, dropAt: number | undefined): Readable {
  if (dropAt === undefined) {
    return request;
  }
  let received = 0;
  const breaking = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      received += chunk.length;
      if (received < dropAt) {
        callback(null, chunk);
        return;
      }
      request.socket.resetAndDestroy();
      callback(new Error('The connection is ended here on purpose.'));
    },
  });
  request.on('error', (error) => breaking.destroy(error));
  return request.pipe(breaking);
}
