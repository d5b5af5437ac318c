/**
 * `npm run bench -- editor`: what the generated types cost an editor, and the operation data a program.
 * Each has a budget.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { TsServer } from './lib/tsServer.js';
import { median, printFigures } from './measure.js';
import type { Figure } from './measure.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GENERATED = join(ROOT, 'generated');
const ROUNDS = 15;

const CONSUMER = `import type { Rest } from '${GENERATED}/rest.js';
import type { Services } from '${GENERATED}/services.js';
declare const rest: Rest;
declare const services: Services;
`;

/** Median time of a completion, in milliseconds, while `typed` is typed at the end of a file; the first rounds warm the server up. */
async function completion(
  server: TsServer,
  file: string,
  before: string,
  typed: string,
  offers: string,
): Promise<number> {
  const line = CONSUMER.split('\n').length;
  const times: number[] = [];
  let text = '';
  for (let round = 0; round < ROUNDS + 3; round++) {
    // The server has to process every keystroke as a change.
    const next = before + typed.slice(0, round % (typed.length + 1));
    server.change(file, line, text, next);
    text = next;
    const start = performance.now();
    const names = await server.complete(file, line, text);
    times.push(performance.now() - start);
    if (!names.includes(offers)) throw new Error(`Completion of ${text} does not offer ${offers}`);
  }
  server.change(file, line, text, '');
  return median(times.slice(3));
}

async function completions(folder: string): Promise<Figure[]> {
  const file = join(folder, 'consumer.ts');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS_JSON }));
  writeFileSync(file, CONSUMER);
  const server = new TsServer(folder);
  try {
    server.open(file, CONSUMER);
    const path = await completion(server, file, "rest.GET('", '/repo', '/repo/v1/entity/{id}');
    const service = await completion(server, file, 'services.', 'entity', 'entity');
    const method = await completion(server, file, 'services.entity.', 'getEnt', 'getEntity');
    return [
      { what: "completion after rest.GET('", value: path, budget: 300, unit: 'ms' },
      { what: 'completion after services.', value: service, budget: 150, unit: 'ms' },
      { what: 'completion after services.entity.', value: method, budget: 150, unit: 'ms' },
    ];
  } finally {
    server.close();
  }
}

const OPTIONS_JSON = {
  target: 'es2023',
  lib: ['es2023', 'dom'],
  module: 'nodenext',
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
};

function instantiations(): Figure {
  const { options } = ts.convertCompilerOptionsFromJson(OPTIONS_JSON, ROOT);
  const program = ts.createProgram(
    [join(GENERATED, 'services.ts'), join(GENERATED, 'models.ts')],
    options,
  );
  const errors = ts.getPreEmitDiagnostics(program);
  if (errors.length > 0) throw new Error('generated/ does not compile');
  return {
    what: 'instantiations of services + models',
    value: program.getInstantiationCount(),
    budget: 5_000,
    unit: '',
  };
}

/** Of the whole package where it is built, else of what is generated, without prose. */
function declarations(): Figure {
  const dist = join(ROOT, 'dist');
  const built = existsSync(join(dist, 'generated', 'models.d.ts'));
  const sizes = built
    ? readdirSync(dist, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.d.ts'))
        .map((name) => statSync(join(dist, name)).size)
    : readdirSync(GENERATED).map((name) => declarationSize(join(GENERATED, name)));
  const what = built ? 'declarations in dist/' : 'declarations of generated/ (dist/ is not built)';
  return { what, value: sum(sizes) / 1e6, budget: 2, unit: 'MB' };
}

function declarationSize(file: string): number {
  return ts.transpileDeclaration(readFileSync(file, 'utf8'), { fileName: file }).outputText.length;
}

function operationData(folder: string): Figure[] {
  const source = join(GENERATED, 'operations.ts');
  const module = join(folder, 'operations.mjs');
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  writeFileSync(
    module,
    ts.transpileModule(readFileSync(source, 'utf8'), { compilerOptions }).outputText,
  );
  const script = `const start = performance.now(); await import(process.argv[1]); console.log(performance.now() - start);`;
  const times = Array.from({ length: ROUNDS }, () =>
    Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', script, module], {
        encoding: 'utf8',
      }),
    ),
  );
  return [
    { what: 'operations.ts', value: statSync(source).size / 1024, budget: 100, unit: 'KiB' },
    { what: 'loading the operations', value: median(times), budget: 10, unit: 'ms' },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const folder = mkdtempSync(join(tmpdir(), 'synapseclient-editor-'));
try {
  printFigures([
    ...(await completions(folder)),
    instantiations(),
    declarations(),
    ...operationData(folder),
  ]);
} finally {
  rmSync(folder, { recursive: true });
}
