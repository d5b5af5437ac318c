import type { Description } from '../description.js';
import type { Endpoint } from '../endpoints.js';
import { HEADER, member, objectType, quote } from './text.js';

interface Job {
  /** `concreteType` of the request: all of them are distinct, so it says which job is meant */
  key: string;
  start: Endpoint;
  get: Endpoint;
}

/** `jobs.ts`: the asynchronous jobs by the `concreteType` of their request. */
export function emitJobs(endpoints: readonly Endpoint[], description: Description): string {
  const jobs = jobsOf(endpoints, description);
  const types = jobs.map(({ key, start, get }) => {
    const path = start.parameters.filter((parameter) => parameter.in === 'path').map(member);
    const members = [
      `request: ${start.body.type}`,
      `response: ${get.response.type}`,
      `path: ${objectType(path)}`,
    ];
    return `  ${quote(key)}: ${objectType(members)};\n`;
  });
  const rows = jobs.map(
    ({ key, start, get }) =>
      `  ${quote(key)}: { start: ${quote(start.id)}, get: ${quote(get.id)} },\n`,
  );
  return [
    `${HEADER}import type * as M from './models.js';\n`,
    `/** The asynchronous jobs by the \`concreteType\` of their request. */\nexport interface Jobs {\n${types.join('')}}\n`,
    `/** The operations that start a job and get its result. */\nexport const jobs: Readonly<Record<keyof Jobs, { start: string; get: string }>> = {\n${rows.join('')}};\n`,
  ].join('\n');
}

function jobsOf(endpoints: readonly Endpoint[], description: Description): Job[] {
  const starts = endpoints.filter(({ path }) => path.endsWith('/async/start'));
  const jobs = starts.map((start) => {
    const get = endpoints.find(
      ({ path }) => path === start.path.replace(/start$/, 'get/{asyncToken}'),
    );
    const key =
      description.components.schemas[start.body.model]?.properties?.concreteType?.enum?.[0];
    if (get === undefined || key === undefined)
      throw new Error(`${start.id}: no operation for its result, or no concreteType`);
    return { key, start, get };
  });
  if (new Set(jobs.map(({ key }) => key)).size !== jobs.length)
    throw new Error('Two jobs take the same request');
  return jobs;
}
