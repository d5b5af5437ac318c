import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printFigures, type Figure } from './measure.js';

/** Measures the size of an installation from the packed tarball, in a project and with `--global`. */
const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'synapse-install-'));
const budget = { megabytes: 30, packages: 70, scripts: 0 };

interface Manifest {
  name?: string;
  scripts?: Record<string, string>;
}

function npm(args: string[], cwd: string): string {
  return execFileSync('npm', [...args, '--silent', '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Returns the folders of all packages in a `node_modules` folder, including nested ones. */
function packagesIn(modules: string): string[] {
  if (!existsSync(modules)) return [];
  const names = readdirSync(modules).flatMap((name) =>
    name.startsWith('@')
      ? readdirSync(join(modules, name)).map((scoped) => join(name, scoped))
      : [name],
  );
  return names
    .map((name) => join(modules, name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .flatMap((folder) => [folder, ...packagesIn(join(folder, 'node_modules'))]);
}

/** Whether npm runs a script when it installs the package. A `binding.gyp` alone makes it run `node-gyp`. */
function hasInstallScript(folder: string): boolean {
  const { scripts = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Manifest;
  return (
    ['preinstall', 'install', 'postinstall'].some((name) => name in scripts) ||
    existsSync(join(folder, 'binding.gyp'))
  );
}

/** Returns the disk space of a folder in bytes, as `du` counts it. */
function diskUse(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => lstatSync(join(folder, name)).blocks * 512)
    .reduce((sum, bytes) => sum + bytes, 0);
}

function figuresOf(form: string, modules: string): Figure[] {
  const packages = packagesIn(modules);
  return [
    { what: form, value: diskUse(modules) / 1e6, unit: 'MB', budget: budget.megabytes },
    { what: '  packages', value: packages.length, unit: '', budget: budget.packages },
    {
      what: '  install scripts',
      value: packages.filter(hasInstallScript).length,
      unit: '',
      budget: budget.scripts,
    },
  ];
}

try {
  const [name = ''] = npm(['pack', '--pack-destination', work], root).trim().split('\n').slice(-1);
  const tarball = join(work, name);

  const project = join(work, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private": true}\n');
  npm(['install', '--no-package-lock', '--prefer-offline', tarball], project);

  const prefix = join(work, 'prefix');
  mkdirSync(prefix);
  npm(['install', '--global', '--prefix', prefix, '--prefer-offline', tarball], work);
  const globalModules = join(prefix, process.platform === 'win32' ? '' : 'lib', 'node_modules');

  printFigures([
    { what: 'tarball', value: statSync(tarball).size / 1e6, unit: 'MB' },
    ...figuresOf('npm install', join(project, 'node_modules')),
    ...figuresOf('npm install --global', globalModules),
  ]);
} finally {
  rmSync(work, { recursive: true, force: true });
}
