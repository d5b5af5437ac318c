import { badRequest } from '../kernel/serviceError.js';

/** The parts of the `$id` of a registered schema. */
export interface SchemaId {
  readonly organizationName: string;
  readonly schemaName: string;
  /** Absent for the latest version. */
  readonly semanticVersion?: string;
}

const dotted = '[A-Za-z][A-Za-z0-9_]*(?:\\.[A-Za-z][A-Za-z0-9_]*)*';
const number = '(?:0|[1-9]\\d*)';
const label = '[0-9A-Za-z.-]+';
const idPattern = new RegExp(
  `^(?:https?://[^/]+/repo/v1/schema/type/registered/)?(${dotted})-(${dotted})` +
    `(?:-(${number}\\.${number}\\.${number}(?:-${label})?(?:\\+${label})?))?$`,
);
const organizationPattern = /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*$/;

/**
 * Reads `my.organization-my.schema` or `my.organization-my.schema-1.2.3`, also as an absolute URL.
 *
 * @throws 400 for anything else
 */
export function parseSchemaId(text: string): SchemaId {
  const [, organizationName, schemaName, semanticVersion] = idPattern.exec(text) ?? [];
  if (organizationName === undefined || schemaName === undefined) {
    throw badRequest(
      `Invalid '$id' : '${text.slice(0, 300)}'. It must be <organization>-<schema name> or <organization>-<schema name>-<major.minor.patch>.`,
    );
  }
  if (semanticVersion === undefined) {
    return { organizationName, schemaName };
  }
  if (/^0\.0\.0(?:$|[-+])/.test(semanticVersion)) {
    throw badRequest('Semantic version must be greater than 0.0.0');
  }
  return { organizationName, schemaName, semanticVersion };
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
  const trimmed = name?.trim() ?? '';
  if (trimmed.length < 6) {
    throw badRequest('Organization name must be at least 6 characters');
  }
  if (trimmed.length > 250) {
    throw badRequest('Organization name must be 250 characters or less');
  }
  if (!organizationPattern.test(trimmed)) {
    throw badRequest(
      `Invalid 'organizationName' : '${trimmed}'. It must be words of letters and digits that start with a letter, separated by dots.`,
    );
  }
  return trimmed;
}
