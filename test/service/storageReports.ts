import { expect } from '@jest/globals';

import type { Answer } from '../helpers/api.js';
import type { Session } from '../server/entitySession.js';

/** Asks for a storage report, and returns the answer once the job has ended. */
export async function storageReport(session: Session, fields: object = {}): Promise<Answer> {
  const started = await session.post('/storageReport/async/start', {
    concreteType: 'org.sagebionetworks.repo.model.report.DownloadStorageReportRequest',
    ...fields,
  });
  expect(started).toMatchObject({ status: 202 });
  const { token } = started.body as { token: string };
  for (;;) {
    const answer = await session.get(`/storageReport/async/get/${token}`);
    if (answer.status !== 202) return answer;
  }
}
