import { BaseCommand } from '../baseCommand.js';
import type { Finding } from '../doctor/check.js';
import { exitCodes } from '../exitCodes.js';
import { terminalColumns } from '../terminalColumns.js';

/** A finding, with the check that it belongs to. */
interface Reported extends Finding {
  check: string;
}

export default class Doctor extends BaseCommand {
  static override summary = 'Check the setup of this machine, and give advice.';

  static override description =
    'Checks the versions, the configuration file, the token, the keychain, the cache, the network (proxy, certificates, DNS, speed), ' +
    'the clock, the login and the account. Nothing is changed, and no secret is shown. It also works without a network and ' +
    'without a token. A note needs no action. The exit status is 1 when there is a problem.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --profile lab',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  async run(): Promise<{ ok: boolean; problems: number; notes: number; checks: Reported[] }> {
    const { flags } = await this.parse(Doctor);
    const [{ checks }, { Subject }, { runChecks }, { findingText }, { maskFinding }] =
      await Promise.all([
        import('../doctor/checks.js'),
        import('../doctor/subject.js'),
        import('../doctor/runChecks.js'),
        import('../doctor/findingText.js'),
        import('../doctor/maskFinding.js'),
      ]);
    const { signal, config } = this;
    const subject = new Subject({
      environment: process.env,
      client: this.clientOptions(flags, { log: () => undefined }),
      login: flags,
      version: config.version,
      signal,
    });
    const reported: Reported[] = [];
    const columns = terminalColumns();
    for await (const { check, findings, timedOut } of runChecks(checks, subject)) {
      if (timedOut) this.#endAtLast();
      for (const finding of findings.map(maskFinding)) {
        reported.push({ check: check.name, ...finding });
        this.log(findingText(check.title, finding, columns));
      }
    }
    const count = (level: string): number =>
      reported.filter((finding) => finding.level === level).length;
    const [problems, notes] = [count('problem'), count('note')];
    this.log(`\n${totalText(problems, notes)}`);
    if (problems > 0) process.exitCode = exitCodes.failure;
    return { ok: problems === 0, problems, notes, checks: reported };
  }

  /** A call that does not end, such as of a locked keychain, must not keep the process alive. */
  #endAtLast(): void {
    const end = (): void => {
      if (this.#isDone && process.stdout.writableLength === 0) process.exit();
    };
    setInterval(end, 100).unref();
  }

  #isDone = false;

  protected override async finally(error: Error | undefined): Promise<void> {
    await super.finally(error);
    this.#isDone = true;
  }
}

function totalText(problems: number, notes: number): string {
  const counted = (count: number, word: string): string =>
    `${count === 0 ? 'No' : count} ${word}${count === 1 ? '' : 's'}`;
  return notes === 0
    ? `${counted(problems, 'problem')}.`
    : `${counted(problems, 'problem')}, ${counted(notes, 'note')}.`;
}
