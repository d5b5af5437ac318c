import { Console } from 'node:console';

// Jest decorates console output with a stack; what a command prints must arrive unchanged.
globalThis.console = new Console({
  stdout: process.stdout,
  stderr: process.stderr,
  colorMode: false,
});
