import { textOf, type Command } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { sameId } from '../../../lib/ids.js';
import { markdown, plain, sentenceList } from '../../../lib/text.js';
import { WebexRefused } from '../../../webex/errors.js';
import * as organizations from '../../../webex/rest/organizations.js';
import type { ReadClient } from '../../../webex/call.js';
import type { AccountsParts } from '../parts.js';

interface Reached {
  id: string;
  name: string;
}

/** `account use <organization>`: the organization that this space works on. */
export function accountUse({ accounts, spaces, audit }: AccountsParts): Command {
  return {
    noun: 'account', verb: 'use', summary: 'Choose the organization that this space works on', examples: ['account use "Acme"'],
    arguments: [{ name: 'organization', kind: 'text', label: 'Organization', required: true, positional: true, help: 'its name or its id' }],
    access: { linked: false, scopes: [], roles: [] }, plans: false,
    run: async ({ caller, place }, values) => {
      // Not `access.linked`: that is checked against the organization of the space, which may be the very one that is to be left.
      const account = await accounts.records.findAnywhere(caller.personId);
      if (account === undefined) throw new CallerMistake({ code: 'NOT_LINKED', message: 'Link your account first: account link' });
      const organization = theOne(await reached(accounts.reader(account), account.organizations.filter(({ id }) => sameId(id, account.orgId))), textOf(values, 'organization') ?? '');
      const authority = await accounts.authority(organization.id, caller.personId);
      if (!authority.ok) throw new CallerMistake({ code: authority.code, message: authority.reason });
      await audit.record(organization.id, { actor: caller.personId, action: 'space.organization', subject: place.roomId, details: { organization: organization.id } });
      await spaces.use(place.roomId, organization, caller.personId);
      const text = `This space works on ${plain(organization.name)} from now on. Whoever asks here needs an account that reaches it.`;
      return { kind: 'view', view: { audience: 'details', markdown: markdown(text, 400), card: { template: 'accounts/notice', data: { title: plain(organization.name), text } } } };
    },
  };
}

/** Read live. An account that may not list organizations reaches its home only. */
async function reached(webex: ReadClient, home: Reached[]): Promise<Reached[]> {
  try {
    return (await organizations.list(webex)).map(({ id, displayName }) => ({ id, name: displayName }));
  } catch (error) {
    if (error instanceof WebexRefused && error.status === 403) return home;
    throw error;
  }
}

function theOne(all: readonly Reached[], wanted: string): Reached {
  const name = wanted.trim().toLowerCase();
  const exact = all.filter((one) => sameId(one.id, wanted.trim()) || one.name.toLowerCase() === name);
  const found = exact.length > 0 ? exact : all.filter((one) => one.name.toLowerCase().startsWith(name));
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const which = (found.length > 1 ? found : all).map((one) => plain(one.name));
  throw new CallerMistake({
    code: 'ORGANIZATION_UNKNOWN',
    message: found.length > 1 ? `Several organizations fit: ${sentenceList(which, 10)}. Write more of the name, or the id.` : `Your account does not reach that organization. It reaches: ${sentenceList(which, 10)}.`,
  });
}
