import type { Candidate } from './candidate.js';
import type { OperationData, OperationShape } from './operationData.js';

/**
 * The operations whose names begin with the word: first the services, then the operations of one. A word that begins no service
 * is looked for behind the name of the service.
 */
export function operationNames(word: string, { all }: OperationData): Candidate[] {
  const operations = all();
  if (word.includes('.')) return operations.filter(({ id }) => id.startsWith(word)).map(describe);
  const counts = new Map<string, number>();
  for (const { id } of operations) {
    const service = id.slice(0, id.indexOf('.') + 1);
    if (service.startsWith(word)) counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  if (counts.size > 0) {
    return [...counts].map(([value, count]) => ({
      value,
      description: count === 1 ? '1 operation' : `${count} operations`,
      isPartial: true,
    }));
  }
  const wanted = word.toLowerCase();
  return operations.flatMap((operation) => {
    const name = operation.id.slice(operation.id.indexOf('.') + 1);
    return name.toLowerCase().startsWith(wanted) ? [{ ...describe(operation), name }] : [];
  });
}

function describe({ id, method, path }: OperationShape): Candidate {
  return { value: id, description: `${method} ${path}` };
}
