import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { tsImport } from 'tsx/esm/api';

import { directoryVariable } from './observe.mjs';

/** A test that sends whatever comes to mind shows that answers fit, not that operations work. */
const explores = /\banyRequest\.test\.ts$/;

/** Reports what the servers of a test run were asked, and whether all that they said fits the API description. */
export default async function globalTeardown(globalConfig) {
  const directory = process.env[directoryVariable];
  const seen = readdirSync(directory).map((name) =>
    JSON.parse(readFileSync(join(directory, name), 'utf8')),
  );
  rmSync(directory, { recursive: true });
  if (seen.length === 0) return;
  const { operations } = await tsImport('../../generated/operations.ts', import.meta.url);
  const isWhole = globalConfig.testPathPatterns.patterns.length === 0;
  const violations = seen.flatMap((one) => one.violations);
  process.stderr.write(`\n${report(Object.keys(operations), seen, { isWhole, violations })}\n`);
  if (violations.length > 0) {
    throw new Error(`Answers that do not fit the API description: ${JSON.stringify(violations)}`);
  }
}

function report(names, seen, { isWhole, violations }) {
  const succeeded = new Set();
  const asked = new Set();
  let answers = 0;
  for (const { file, operations } of seen) {
    for (const [name, { ok, refused }] of Object.entries(operations)) {
      answers += ok + refused;
      asked.add(name);
      if (ok > 0 && !explores.test(file)) succeeded.add(name);
    }
  }
  const count = (set) => names.filter((name) => set.has(name)).length;
  const lines = [
    `Contract: ${answers} answers, ${violations.length} that do not fit the API description.`,
    `Of its ${names.length} operations ${count(asked)} were asked for and ${count(succeeded)} done.`,
  ];
  const never = names.filter((name) => !succeeded.has(name));
  if (isWhole && never.length > 0) lines.push(`Never done: ${never.join(', ')}.`);
  return lines.join('\n');
}
