import { S3Client } from '@aws-sdk/client-s3';
import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Session, TestServer } from '../server/entitySession.js';

/** A client of S3 with the temporary credentials of a folder. */
export async function bucketClient(
  server: TestServer,
  session: Session,
  { folderId, permission }: { folderId: string; permission: M.StsPermission },
): Promise<S3Client> {
  const answer = await session.get(`/entity/${folderId}/sts?permission=${permission}`);
  expect(answer).toMatchObject({ status: 200 });
  const { accessKeyId, secretAccessKey, sessionToken } = answer.body as Required<M.StsCredentials>;
  return new S3Client({
    endpoint: `${server.synapse.endpoint}/storage`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
}
