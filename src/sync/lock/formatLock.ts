import type { Lock } from './lockData.js';

/**
 * The text of a lock. Each file is one line, so that a comparison of two locks shows the files that differ. The same files give the
 * same bytes.
 */
export function formatLock({ format, version, roots, files, failures = [] }: Lock): string {
  const head = { format, version, roots };
  const members = Object.entries(head).map(([key, value]) => `"${key}": ${JSON.stringify(value)}`);
  members.push(`"files": ${lines(files)}`);
  if (failures.length > 0) members.push(`"failures": ${lines(failures)}`);
  return `{\n  ${members.join(',\n  ')}\n}\n`;
}

function lines(items: readonly object[]): string {
  if (items.length === 0) return '[]';
  return `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
}
