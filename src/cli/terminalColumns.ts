/** The width of the terminal that results go to; `undefined` for a file or a pipe, which get whole lines. */
export function terminalColumns(): number | undefined {
  const { isTTY, columns } = process.stdout;
  return isTTY ? columns || 80 : undefined;
}
