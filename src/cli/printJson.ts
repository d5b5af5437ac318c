/** Writes a value to stdout as JSON: indented for a person, and what a program reads all the same. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
