import type { OperationSupport } from '../src/server/index.js';

/** The page about what the embedded server has. */
export function operationsPage(operations: readonly OperationSupport[]): string {
  const states = operations.map(stateOf);
  const count = (state: string): number => states.filter((one) => one === state).length;
  const share = (number: number): string => `${((100 * number) / operations.length).toFixed(1)} %`;
  const rows = ['modelled', 'canned', 'not yet'].map(
    (state) => `| ${state} | ${count(state)} | ${share(count(state))} |`,
  );
  return [
    '# Operations of the embedded Synapse',
    '',
    'Written by `npm run docs` from the code of the server; not to be edited by hand.',
    '',
    '- **modelled**: the server keeps state and follows the rules of the service.',
    '- **canned**: the shape, the permissions and the state are right, but what the note says is made up.',
    '- **not yet**: answered with 501; the reason stands with it.',
    '',
    '| | operations | share |',
    '| --- | ---: | ---: |',
    ...rows,
    `| all | ${operations.length} | |`,
    ...sections(operations),
    '',
  ].join('\n');
}

function stateOf({ isModelled, canned }: OperationSupport): string {
  return isModelled ? (canned === undefined ? 'modelled' : 'canned') : 'not yet';
}

function sections(operations: readonly OperationSupport[]): string[] {
  const services = new Set(operations.map(serviceOf));
  return [...services].flatMap((service) => [
    '',
    `## ${service}`,
    '',
    '| operation | endpoint | state |',
    '| --- | --- | --- |',
    ...operations
      .filter((operation) => serviceOf(operation) === service)
      .map((operation) => {
        const note = operation.isModelled ? operation.canned : operation.reason;
        const name = operation.operation.slice(service.length + 1);
        const endpoint = `${operation.method} ${operation.path}`;
        return `| ${name} | \`${endpoint}\` | ${stateOf(operation)}${note === undefined ? '' : `: ${note}`} |`;
      }),
  ]);
}

function serviceOf({ operation }: OperationSupport): string {
  return operation.split('.')[0] ?? operation;
}
