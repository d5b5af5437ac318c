import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `npm run bench [-- NAME...]`: runs the benchmarks named, or all of them. Each prints a table of ratios against a
 * baseline that was measured in the same run, and fails when a budget is exceeded.
 */
const available = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !['run.ts', 'measure.ts'].includes(file))
  .map((file) => file.replace('.ts', ''));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !available.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No benchmark ${unknown.join(', ')}. There are: ${available.join(', ')}\n`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : available) {
  process.stdout.write(`\n# ${name}\n`);
  await import(join(import.meta.dirname, `${name}.ts`));
}
