import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `npm run build`: the declarations that can be imported, with the text of the API description; the library and the command
 * line; the definitions of the commands. Does nothing when no source is newer than the last build.
 */
const root = join(import.meta.dirname, '..');
const stamp = join(root, 'dist/.built');
const inputs = [
  'src',
  'generated',
  'build',
  'codegen',
  'openapi',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const started = new Date();

if (newest(inputs) < modified(stamp)) process.exit(0);

rmSync(join(root, 'dist'), { recursive: true, force: true });
step('tsc', ['-p', 'tsconfig.build.json']);
step('tsx', ['codegen/describe.ts']);
step('tsx', ['build/pruneDeclarations.ts']);
step('tsx', ['build/bundle.ts']);
step('tsx', ['build/commandData.ts']);
writeFileSync(stamp, '');
// A source that was saved while this ran is newer than the build.
utimesSync(stamp, started, started);

function step(command: string, args: string[]): void {
  execFileSync(join(root, 'node_modules/.bin', command), args, { cwd: root, stdio: 'inherit' });
}

function newest(paths: string[]): number {
  const files = paths.flatMap((path) => {
    const full = join(root, path);
    if (!statSync(full).isDirectory()) return [full];
    return readdirSync(full, { recursive: true, encoding: 'utf8' }).map((name) => join(full, name));
  });
  return Math.max(...files.map(modified));
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
