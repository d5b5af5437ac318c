import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const results = { passed: 'ok', failed: 'FAILED', pending: 'not run' };

/** Prints, after all tests, a table of the faults that were tried. */
export default class Summary {
  #folder = mkdtempSync(join(tmpdir(), 'synapse-rounds-'));
  #report = join(this.#folder, 'rounds');

  constructor({ rootDir }) {
    this.rootDir = rootDir;
    process.env['TEST_FAULTS_ROUNDS'] = this.#report;
  }

  onRunComplete(_contexts, { testResults }) {
    const rounds = this.#readRounds();
    const rows = testResults.flatMap(({ testFilePath, testResults: tests, testExecError }) => {
      const file = relative(join(this.rootDir, 'test'), testFilePath).replace(/\.test\.ts$/, '');
      if (testExecError) return [[file, '', results.failed]];
      return tests.map(({ fullName, status }) => [
        `${file}: ${fullName}`,
        String(rounds.get(`${testFilePath} ${fullName}`) ?? 1),
        results[status] ?? status,
      ]);
    });
    rmSync(this.#folder, { recursive: true, force: true });
    process.stderr.write(formatTable([['fault', 'rounds', 'result'], ...rows.sort()]));
  }

  #readRounds() {
    const rounds = new Map();
    for (const line of readIfThere(this.#report).split('\n')) {
      if (line === '') continue;
      const { testPath, currentTestName, rounds: count } = JSON.parse(line);
      const key = `${testPath} ${currentTestName}`;
      rounds.set(key, (rounds.get(key) ?? 0) + count);
    }
    return rounds;
  }
}

function shorten(name) {
  return name.length > widest ? `${name.slice(0, widest - 1)}…` : name;
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const widest = 100;

function formatTable(all) {
  const rows = all.map(([name, ...rest]) => [shorten(name), ...rest]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const format = (row) =>
    `${row[0].padEnd(widths[0])}  ${row[1].padStart(widths[1])}  ${row[2]}`.trimEnd();
  const [head, ...body] = rows;
  const failed = body.filter((row) => row[2] === results.failed).length;
  const total = body.reduce((sum, row) => sum + Number(row[1]), 0);
  const last = `${body.length} faults, ${total} rounds, ${failed} failed`;
  return `\n${[head, widths.map((width) => '-'.repeat(width)), ...body].map(format).join('\n')}\n\n${last}\n`;
}
