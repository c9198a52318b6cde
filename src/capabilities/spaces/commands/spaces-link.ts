import { textOf, type Button, type Command, type Context, type Values } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { plain } from '../../../lib/text.js';
import { namesOf, optionArguments, optionsOf, RULES_ACCESS } from '../arguments.js';
import { keepDraft, meantBy, seenOf } from '../asked.js';
import type { SpacesParts } from '../define.js';
import { findGroups, findSpaces } from '../find.js';
import { offerGroups, offerSpaces } from '../offer.js';
import { readRules } from '../rules.js';
import { changeLine, confirmView, MOST_CHOICES, ruleLine, type Asking } from '../views.js';
import { differenceOf, wishesOf, type PairRow } from '../wishes.js';

/** `spaces link <groups> to=<spaces>`: shows every group and space that could be meant; what is chosen there is saved by its button. */
export function spacesLink(parts: SpacesParts): Command {
  return {
    noun: 'spaces', verb: 'link',
    summary: 'Let spaces follow groups: their members shall be those of the groups',
    examples: ['spaces link Sales to="Sales Floor"', 'spaces link "Field Sales",Sales to="Sales Floor" mode=add', 'spaces link Engineering to=Engineering grace=7d'],
    arguments: [
      { name: 'groups', kind: 'text', label: 'Groups', required: true, positional: true, help: 'names or ids of groups, or words of their names, with commas' },
      { name: 'to', kind: 'text', label: 'Spaces', required: true, help: 'titles or ids of spaces that you are in, or words of their titles, with commas' },
      ...optionArguments,
    ],
    access: RULES_ACCESS,
    plans: false,
    run: async (context, values) => ({ kind: 'view', view: confirmView(context, await asking(context, parts, values)) }),
  };
}

async function asking(context: Context, parts: SpacesParts, values: Values): Promise<Asking> {
  const options = optionsOf(values);
  const groupNames = namesOf(textOf(values, 'groups')).map((name) => name.replace(/^group:\s*/i, ''));
  const spaceNames = namesOf(textOf(values, 'to'));
  const [foundGroups, foundSpaces, rules] = await Promise.all([findGroups(context, groupNames), findSpaces(context, spaceNames), readRules(context)]);
  const many = [...foundGroups, ...foundSpaces].reduce((sum, { candidates }) => sum + candidates.length, 0);
  if (many > MOST_CHOICES) {
    throw new CallerMistake({ code: 'TOO_MANY_CHOICES', message: `${many} groups and spaces could be meant; a card can ask about ${MOST_CHOICES}. Write fewer names, more of each name, ids, or use “spaces import” with a CSV file.` });
  }
  const asks = ({ fit }: { fit: string }): boolean => fit !== 'none';
  const groups = offerGroups(foundGroups, asks);
  const spaces = await offerSpaces(context, parts, foundSpaces, { asks, as: options.as });
  const notes = [...groups.missing, ...spaces.missing].map(({ written, reason }) => `“${plain(written, 80)}” ${reason}.`).concat(groups.notes, spaces.notes);
  const title = 'Let spaces follow groups';
  if (groups.choices.length === 0 || spaces.choices.length === 0) {
    return { title, notes, closing: 'Nothing was saved. You must be a member of a space that shall follow groups. Look at the spelling, or write a word of the name.', buttons: [again(values)] };
  }
  const rows = groups.named.flatMap(({ written: group }) => spaces.named.map(({ written: space }): PairRow => ({ line: 0, group, space, mode: '' })));
  const shown = differenceOf(
    wishesOf(rows, meantBy(groups.named, groups.chosen), meantBy(spaces.named, spaces.chosen)).wishes, rules,
    { options, replace: false, by: { by: context.caller, at: context.clock.iso() } },
  );
  const draft = await keepDraft(context, {
    kind: 'link', rows, groups: groups.named, spaces: spaces.named, options, replace: false, bad: 0, seen: seenOf(rules, spaces.named.flatMap(({ candidates }) => candidates)),
  });
  return {
    title, notes, groups, spaces,
    sections: [
      { heading: 'New', lines: shown.made.map(ruleLine) },
      { heading: 'Changed', lines: shown.changed.map(changeLine) },
      { heading: 'Already so', lines: shown.same.map(ruleLine) },
    ],
    closing: 'All groups that you choose are followed by all spaces that you choose. Nothing changes in Webex by this.',
    buttons: [{ title: 'Follow these groups', command: 'spaces confirm', arguments: { draft }, only: context.caller.personId, once: true, style: 'positive' }],
  };
}

/** The command with what was written, as a form: `to` is left out, so that it asks. */
function again(values: Values): Button {
  const kept = Object.entries(values).filter(([name, value]) => name !== 'to' && typeof value === 'string');
  return { title: 'Search again', command: 'spaces link', arguments: Object.fromEntries(kept) as Record<string, string> };
}
