import { badRequest } from '../kernel/serviceError.js';
import { limits } from '../limits.js';

const namePattern = /^[a-zA-Z0-9,_. \-+()']+$/;
const aliasPattern = /^[a-zA-Z0-9_]+$/;

/** Maximum length of an entity name, in characters. */
export const maxNameLength = limits.entityName;
/** Maximum length of an entity description, in characters. */
export const maxDescriptionLength = limits.entityDescription;

/** The name as it is stored. @throws 400 when it is not valid. */
export function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '') {
    throw badRequest('Entity name cannot be blank.');
  }
  if (trimmed.length > maxNameLength) {
    throw badRequest(`Name must be ${maxNameLength} characters or less`);
  }
  if (!namePattern.test(trimmed)) {
    throw badRequest(
      `Invalid Name: '${trimmed}'. Names may only contain: letters, numbers, spaces, underscores, ` +
        'hyphens, periods, plus signs, apostrophes, and parentheses',
    );
  }
  return trimmed;
}

/** @throws 400 when the description is too long. */
export function checkDescription(description: string | undefined): void {
  if (description !== undefined && description.length > maxDescriptionLength) {
    throw badRequest(`Description must be ${maxDescriptionLength} characters or less`);
  }
}

/** The alias as it is stored; an empty alias is absent. @throws 400 when it is not valid. */
export function checkAlias(alias: string | undefined): string | undefined {
  if (alias === undefined || alias === '') {
    return undefined;
  }
  if (!aliasPattern.test(alias)) {
    throw badRequest(
      'Aliases can only have letters (a-z and A-Z), digits (0-9) and underscores (_)',
    );
  }
  return alias;
}

/** Aliases are unique whatever their case. */
export function aliasKey(alias: string): string {
  return alias.toLowerCase();
}
