/** The names of roles as `GET /roles` gives them. Webex: only "Full Administrator" is confirmed; a name that is not known gives nothing. */
export const ROLES = {
  full: 'Full Administrator',
  users: 'User Administrator',
  readOnly: 'Read-only Administrator',
  compliance: 'Compliance Officer',
} as const;
