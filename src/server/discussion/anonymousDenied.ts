/** What the service tells callers who have to log in to take part in discussions. */
export const anonymousDenied = 'Anonymous cannot perform this action. Please login and try again.';
