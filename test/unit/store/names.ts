/** Organizations of the tests: Acme in two spellings, and another. */
export const ACME = Buffer.from('ciscospark://us/ORGANIZATION/7a1c2f66-0b0e-4a4d-9d0e-2f4c6a8b1c01').toString('base64url');
export const ACME_ELSEWHERE = Buffer.from('ciscospark://urn:TEAM:eu-central-1_k/ORGANIZATION/7A1C2F66-0B0E-4A4D-9D0E-2F4C6A8B1C01').toString('base64url');
export const GLOBEX = Buffer.from('ciscospark://us/ORGANIZATION/7a1c2f66-0b0e-4a4d-9d0e-2f4c6a8b1c02').toString('base64url');
