import { homedir } from 'node:os';

/** Whose home folder and variables to use. */
export interface ExpandEnvironment {
  /** @default the home folder of the user */
  home?: string | undefined;
  /** @default process.env */
  variables?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Replaces a leading `~` by the home folder, and `$NAME` or `${NAME}` by environment variables. A variable that is not set
 * stays as it is written.
 */
export function expandPath(
  path: string,
  { home = homedir(), variables = process.env }: ExpandEnvironment = {},
): string {
  return (
    path
      .replace(/^~(?=$|[/\\])/, () => home)
      // The name between braces is bounded: otherwise each `${` would be looked at up to the end of the text.
      .replace(
        /\$(?:(\w+)|\{([^}]{0,128})\})/g,
        (whole, plain: string | undefined, braced: string | undefined) =>
          variables[plain ?? braced ?? ''] ?? whole,
      )
  );
}
