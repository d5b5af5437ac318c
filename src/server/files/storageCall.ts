import type { Readable } from 'node:stream';

import { reply, type Reply } from '../kernel/reply.js';
import type { World } from '../world.js';
import type { ObjectStore } from './objectStore.js';
import type { Access, StorageRequest } from './storageAuth.js';
import { accessDenied } from './storageError.js';
import { renderXml, type XmlFields } from './xml.js';

/** Name space of the documents of S3. */
const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An authenticated request to the storage. */
export interface StorageCall extends StorageRequest {
  readonly world: World;
  readonly objects: ObjectStore;
  readonly bucket: string;
  /** Empty for a request to the bucket itself. */
  readonly key: string;
  readonly body: Readable;
  readonly access: Access;
}

/** @throws 403 when a session does not permit it. The server's own key permits everything. */
export function requirePermission(
  { access: { session } }: Pick<StorageCall, 'access'>,
  target: { bucket: string; key: string; write?: boolean },
): void {
  if (!session) return;
  const within =
    session.prefix === '' ||
    target.key === session.prefix ||
    target.key.startsWith(`${session.prefix}/`);
  if (session.bucket !== target.bucket || !within || (target.write === true && !session.canWrite)) {
    throw accessDenied();
  }
}

/** An XML answer. */
export function xmlReply(root: string, fields: XmlFields): Reply {
  return reply({
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: Buffer.from(renderXml(root, fields, { xmlns: namespace })),
  });
}

/** Makes text valid for a header: control characters and characters beyond Latin-1 are replaced. */
export function headerText(text: string): string {
  return text.replace(/[^\t\u0020-\u007e\u0080-\u00ff]/g, '_');
}
