/** The properties of a user profile that contain a name. */
export interface NamedUser {
  userName?: string | null;
  displayName?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  id?: string | number | null;
}

/** The display name of a user profile. */
export function userNameOf({ userName, displayName, firstName, lastName, id }: NamedUser): string {
  const fullName = [firstName, lastName].filter(Boolean).join(' ');
  return userName || displayName || fullName || String(id ?? 'Unknown-user');
}
