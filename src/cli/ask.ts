/** Whether stdin and stderr are a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Prompts on stderr, because stdout is for results. The answer to a secret question is not shown.
 *
 * @throws AbortError on Ctrl-C.
 */
export async function ask(question: string, { secret }: { secret: boolean }): Promise<string> {
  const { default: prompt } = secret
    ? await import('@inquirer/password')
    : await import('@inquirer/input');
  try {
    return await prompt({ message: question.trimEnd() }, { output: process.stderr });
  } catch (error) {
    // The prompt throws its own error for Ctrl-C.
    if ((error as Error).name !== 'ExitPromptError') throw error;
    throw new DOMException('The question was not answered.', 'AbortError');
  }
}
