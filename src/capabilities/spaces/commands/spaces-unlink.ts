import { textOf, type Command } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { plain } from '../../../lib/text.js';
import { namesOf, RULES_ACCESS } from '../arguments.js';
import { keepDraft, seenOf } from '../asked.js';
import { groupKeys, lookup } from '../find.js';
import { findRule } from '../rules.js';
import { confirmView, namesOf as inWords, ruleLine } from '../views.js';
import type { Rule } from '../define.js';

/** `spaces unlink <rule> [groups=]`: a card with one button. Nobody is removed from the space by it. */
export const spacesUnlink: Command = {
  noun: 'spaces', verb: 'unlink',
  summary: 'Stop a space from following its groups, or some of them; removes nobody',
  examples: ['spaces unlink "Sales Floor"', 'spaces unlink 3f9a1c', 'spaces unlink "Sales Floor" groups="Field Sales"'],
  arguments: [
    { name: 'rule', kind: 'text', label: 'Rule or space', required: true, positional: true, help: 'the id of a rule, or the title of its space' },
    { name: 'groups', kind: 'text', label: 'Only these groups', required: false, help: 'the groups that it no longer follows; without it, all' },
  ],
  access: RULES_ACCESS,
  plans: false,
  run: async (context, values) => {
    const rule = await findRule(context, textOf(values, 'rule') ?? '');
    const gone = groupsOf(rule, namesOf(textOf(values, 'groups')));
    const isAll = gone.length === 0 || gone.length === rule.groups.length;
    const draft = await keepDraft(context, {
      kind: 'unlink', rows: [], groups: [], spaces: [], options: {}, replace: false, bad: 0,
      unlink: { space: rule.space.id, groups: isAll ? [] : gone.map(({ id }) => id) }, seen: seenOf([rule]),
    });
    const title = plain(rule.space.title, 80);
    return {
      kind: 'view',
      view: confirmView(context, {
        title: isAll ? `${title} shall no longer follow groups` : `${title} shall no longer follow ${inWords(gone)}`,
        sections: [{ heading: 'Now', lines: [`${ruleLine(rule)} (rule ${rule.id})`] }],
        closing: isAll ? 'Everybody who is in the space stays in it.' : 'Nobody is removed by this. At the next sync, people who are in none of the other groups leave.',
        buttons: [{ title: 'Stop following', command: 'spaces confirm', arguments: { draft }, only: context.caller.personId, once: true, style: 'destructive' }],
      }),
    };
  },
};

/** The groups of a rule that are named. Throws CallerMistake for one that it does not follow, or that several of its groups are called. */
function groupsOf(rule: Rule, names: readonly string[]): Rule['groups'] {
  const find = lookup(rule.groups, { nameOf: ({ name }) => name, keysOf: groupKeys, none: '' });
  return names.map((name) => {
    const { fit, candidates } = find(name);
    const [group] = candidates;
    if (fit === 'exact' && group !== undefined) return group;
    throw new CallerMistake({ code: 'UNKNOWN_GROUP', message: `${plain(rule.space.title, 60)} does not follow one group called “${plain(name, 60)}”. It follows ${inWords(rule.groups)}.` });
  });
}
