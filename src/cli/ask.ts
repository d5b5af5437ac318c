const endings = new Set(['ExitPromptError', 'AbortPromptError']);

/** Whether stdin and stderr are a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Prompts on stderr, because stdout is for results. The answer to a secret question is not shown.
 *
 * @throws AbortError on Ctrl-C.
 */
export async function ask(
  question: string,
  { secret, signal }: { secret: boolean; signal: AbortSignal },
): Promise<string> {
  const { default: prompt } = secret
    ? await import('@inquirer/password')
    : await import('@inquirer/input');
  try {
    return await prompt({ message: question.trimEnd() }, { output: process.stderr, signal });
  } catch (error) {
    // The prompt throws its own errors for Ctrl-C and for the signal.
    if (!endings.has((error as Error).name)) throw error;
    throw new DOMException('The question was not answered.', 'AbortError');
  }
}
