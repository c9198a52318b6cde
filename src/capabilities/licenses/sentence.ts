import { plain, sentenceList } from '../../lib/text.js';
import type { Calling, Holder, Operation } from './define.js';
import { isFor } from './exchange.js';
import { withCalling } from './step.js';

/** What happens to a person, as a plan says it: "Amy Adams loses Messaging and gets Webex Calling - Standard with extension 4711 in Berlin". */
export function sentenceOf(name: string, { isExternal, person }: Holder, operations: readonly Operation[], options: { losesNumber: boolean; locationName: (id: string) => string | undefined }): string {
  const where = ({ locationId }: Calling): string => {
    const location = locationId === undefined ? undefined : options.locationName(locationId);
    return location === undefined ? '' : ` in ${plain(location, 60)}`;
  };
  const licenses = (wanted: 'add' | 'remove'): string[] => operations.flatMap((one) => {
    if (one.what !== 'license' || one.operation !== wanted) return [];
    const { known: { label }, calling } = one;
    return [calling !== undefined && (wanted === 'add' || options.losesNumber) ? `${withCalling(label, calling)}${where(calling)}` : label];
  });
  const sites = (wanted: 'add' | 'remove'): string[] => operations.flatMap((one) => (one.what === 'site' && one.operation === wanted ? [one.site] : []));
  const [gets, loses] = [licenses('add'), licenses('remove')];
  const becomes = sites('remove').filter((site) => operations.some((one) => isFor({ what: 'site', site, operation: 'remove' }, one)));
  const leaves = sites('remove').filter((site) => !becomes.includes(site));
  return `${name}${isExternal ? outside(name, person.email) : ''} ${sentenceList([
    ...(loses.length === 0 ? [] : [`loses ${sentenceList(loses)}`]), ...(gets.length === 0 ? [] : [`${isExternal ? 'is offered' : 'gets'} ${sentenceList(gets)}`]),
    ...(becomes.length === 0 ? [] : [`is host instead of attendee on ${sentenceList(becomes)}`]),
    ...(sites('add').length === 0 ? [] : [`${isExternal ? 'is offered to be an attendee' : 'becomes an attendee'} on ${sentenceList(sites('add'))}`]), ...(leaves.length === 0 ? [] : [`is no attendee on ${sentenceList(leaves)} any more`]),
  ])}`;
}

/** With the address, where the name does not say it already. */
function outside(name: string, email: string): string {
  return name.toLowerCase().includes(email.toLowerCase()) ? ' (of another organization)' : ` (${email}, of another organization)`;
}
