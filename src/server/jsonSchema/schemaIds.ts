import { badRequest } from '../kernel/serviceError.js';

/** The parts of the `$id` of a registered schema. */
export interface SchemaId {
  readonly organizationName: string;
  readonly schemaName: string;
  /** Absent for the latest version. */
  readonly semanticVersion?: string;
}

const word = '[A-Za-z][A-Za-z0-9]*';
const dotted = `${word}(?:\\.${word})*`;
const number = '(?:0|[1-9]\\d*)';
const prerelease = `(?:${number}|${word})`;
const build = '[A-Za-z0-9]+';
const version =
  `${number}\\.${number}\\.${number}` +
  `(?:-${prerelease}(?:\\.${prerelease})*)?(?:\\+${build}(?:\\.${build})*)?`;
const idPattern = new RegExp(`^(${dotted})-(${dotted})(?:-(${version}))?$`);
const organizationPattern = new RegExp(`^${dotted}$`);

/** The service skips all characters other than visible ASCII, wherever they are. */
const skipped = /[^!-~]/g;

/**
 * Reads `my.organization-my.schema` or `my.organization-my.schema-1.2.3`, also as an absolute URL.
 *
 * @throws 400 for anything else
 */
export function parseSchemaId(text: string): SchemaId {
  const relative = text.slice(text.lastIndexOf('/') + 1).replaceAll(skipped, '');
  const [, organizationName, schemaName, semanticVersion] = idPattern.exec(relative) ?? [];
  if (organizationName === undefined || schemaName === undefined) {
    throw badRequest(
      `Invalid '$id' : '${text.slice(0, 300)}'. It must be <organization>-<schema name> or <organization>-<schema name>-<major.minor.patch>.`,
    );
  }
  return semanticVersion === undefined
    ? { organizationName, schemaName }
    : { organizationName, schemaName, semanticVersion };
}

/** The id, not as a URL. */
export function formatSchemaId({
  organizationName,
  schemaName,
  semanticVersion,
}: SchemaId): string {
  const name = `${organizationName}-${schemaName}`;
  return semanticVersion === undefined ? name : `${name}-${semanticVersion}`;
}

/** Checks the name of an organization. @throws 400 when it is not valid */
export function checkOrganizationName(name: string | undefined): string {
  if (name === undefined) {
    throw badRequest('organizationName is required.');
  }
  const visible = name.replaceAll(skipped, '');
  if (!organizationPattern.test(visible)) {
    throw badRequest(
      `Invalid 'organizationName' : '${name.slice(0, 300)}'. It must be words of letters and digits that start with a letter, separated by dots.`,
    );
  }
  if (visible.length > 250) {
    throw badRequest('Organization name must be 250 characters or less');
  }
  if (visible.length < 6) {
    throw badRequest('Organization name must be at least 6 characters');
  }
  return visible;
}
