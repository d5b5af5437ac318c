import { operationsOf, refTo } from '../description.js';
import type { Pass } from './pass.js';

export const JOB_STATUS = 'org.sagebionetworks.repo.model.asynch.AsynchronousJobStatus';

/** `GET .../async/get/{asyncToken}` answers 202 with the job's status while the job is not done; the description only knows its result. */
export const pendingJobs: Pass = (draft) => {
  const gets = operationsOf(draft).filter(({ path }) => path.endsWith('/async/get/{asyncToken}'));
  for (const { operation } of gets) {
    operation.responses['202'] = {
      description: '',
      content: { 'application/json': { schema: refTo(JOB_STATUS) } },
    };
  }
  return gets.length;
};
