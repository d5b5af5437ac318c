/** The members of a user profile that name the user. */
export interface NamedUser {
  userName?: string | null;
  displayName?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  id?: string | number | null;
}

/** The best name that a user profile has to show. */
export function userNameOf({ userName, displayName, firstName, lastName, id }: NamedUser): string {
  const fullName = [firstName, lastName].filter(Boolean).join(' ');
  return userName || displayName || fullName || String(id ?? 'Unknown-user');
}
