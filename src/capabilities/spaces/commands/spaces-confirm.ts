import { textOf, type Command, type Context, type Values, type View } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { idKey, sameId } from '../../../lib/ids.js';
import { count, plain, sentenceList } from '../../../lib/text.js';
import { RULES_ACCESS } from '../arguments.js';
import { findDraft, meantBy, seenOf, type Draft, type Named } from '../asked.js';
import type { Rule, SpacesParts } from '../define.js';
import { fixThese } from '../import-rows.js';
import { whyNotBot } from '../offer.js';
import { readRules, removeRule, saveRule } from '../rules.js';
import { changeLine, confirmView, namesOf, ruleLine } from '../views.js';
import { differenceOf, wishesOf, type Difference, type Fault } from '../wishes.js';

/** `spaces confirm`: the button of a card of `spaces link`, `spaces import` or `spaces unlink`. Saves only what that card showed, for whom it was made. */
export function spacesConfirm(parts: SpacesParts): Command {
  return {
    noun: 'spaces', verb: 'confirm', hidden: true,
    summary: 'Save what a card about rules asks to confirm; its button does this',
    examples: [],
    arguments: [
      { name: 'draft', kind: 'text', label: 'Card', required: false, help: 'what the button is bound to' },
      { name: 'groups', kind: 'text', label: 'Groups', required: false, help: 'ids of the groups that were chosen' },
      { name: 'to', kind: 'text', label: 'Spaces', required: false, help: 'ids of the spaces that were chosen' },
    ],
    access: RULES_ACCESS,
    plans: false,
    run: async (context, values) => {
      const draft = await findDraft(context, textOf(values, 'draft'));
      return { kind: 'view', view: draft.kind === 'unlink' ? await unlink(context, draft) : await save(context, parts, draft, values) };
    },
  };
}

async function save(context: Context, parts: SpacesParts, draft: Draft, values: Values): Promise<View> {
  const groups = meantBy(draft.groups, idsIn(values, 'groups'));
  const spaces = meantBy(draft.spaces, idsIn(values, 'to'));
  if (draft.kind === 'link') {
    requireChoices('group', draft.groups, groups);
    requireChoices('space', draft.spaces, spaces);
  }
  // What somebody left out of a card with ticks is not asked for; of a file it is a row that cannot be used.
  const rows = draft.kind === 'import' ? draft.rows : draft.rows.filter(({ group, space }) => groups.get(group)?.length !== 0 && spaces.get(space)?.length !== 0);
  const { wishes, bad, unanswered } = wishesOf(rows, groups, spaces);
  const faults = [...bad, ...unanswered.map((row): Fault => ({ line: row.line, problem: 'nothing was chosen for a name that several have', suggestion: 'write the ids, or choose on the card' }))];
  const rules = await readRules(context);
  const replace = draft.replace && draft.bad + faults.length === 0;
  requireAsShown(draft, rules, replace ? undefined : wishes.map(({ space }) => space));
  const { personId, displayName } = context.caller;
  const difference = differenceOf(wishes, rules, { options: draft.options, replace, by: { by: { personId, displayName }, at: context.clock.iso() } });
  const saved = [...difference.made, ...difference.changed.map(({ after }) => after)];
  for (const rule of saved.filter(({ as }) => as === 'bot')) {
    const reason = await whyNotBot(context, parts, rule.space.id);
    if (reason !== undefined) throw new CallerMistake({ code: 'BOT_CANNOT_ACT', message: `“${plain(rule.space.title, 80)}”: ${reason}. Nothing was saved.` });
  }
  for (const rule of saved) await saveRule(context, rule);
  for (const rule of difference.removed) await removeRule(context, rule);
  const file = draft.file && fixThese(draft.file.header, new Map(draft.file.cells), faults);
  return savedView(context, difference, {
    notes: [
      ...(draft.replace && !replace ? ['No rule was removed: not all rows could be used, and what they meant might be missing.'] : []),
      ...(faults.length === 0 ? [] : [`${count(faults.length, 'row')} could not be saved${file === undefined ? '' : ` and ${faults.length === 1 ? 'comes' : 'come'} back as fix-these.csv`}.`]),
    ],
    ...(file === undefined ? {} : { files: [file] }),
  });
}

function savedView(context: Context, difference: Difference, more: { notes: string[]; files?: NonNullable<View['files']> }): View {
  const { made, changed, removed, same } = difference;
  const changes = [...made, ...changed.map(({ after }) => after)];
  const [only] = changes;
  const rule: Record<string, string> = changes.length === 1 && only !== undefined ? { rule: only.id } : {};
  return confirmView(context, {
    title: changes.length + removed.length === 0 ? 'Nothing new: all of this was so already' : `${count(changes.length, 'rule')} saved${removed.length === 0 ? '' : `, ${removed.length} removed`}`,
    ...more,
    sections: [
      { heading: 'New', lines: made.map((one) => `${ruleLine(one)} (rule ${one.id})`) },
      { heading: 'Changed', lines: changed.map(changeLine) },
      { heading: 'Already so', lines: same.map(ruleLine) },
      { heading: 'No longer follow groups', lines: removed.map(ruleLine) },
    ],
    closing: 'Nothing changed in Webex yet.',
    buttons: [
      { title: 'Preview', command: 'spaces preview', arguments: rule, style: 'positive' },
      { title: 'Sync now', command: 'spaces sync', arguments: rule },
      { title: 'Schedule', command: 'spaces schedule', arguments: {} },
    ],
  });
}

async function unlink(context: Context, draft: Draft): Promise<View> {
  const { space = '', groups = [] } = draft.unlink ?? {};
  const rules = await readRules(context);
  const rule = rules.find((one) => sameId(one.space.id, space));
  if (rule === undefined) throw changed();
  requireAsShown(draft, rules, [{ id: space, name: '' }]);
  const { personId, displayName } = context.caller;
  const left = rule.groups.filter(({ id }) => groups.length > 0 && !groups.some((gone) => sameId(gone, id)));
  if (left.length === 0) await removeRule(context, rule);
  else await saveRule(context, { ...rule, groups: left, by: { personId, displayName }, at: context.clock.iso() });
  return confirmView(context, {
    title: left.length === 0 ? `${plain(rule.space.title, 80)} no longer follows groups` : `${plain(rule.space.title, 80)} now follows ${namesOf(left)}`,
    closing: left.length === 0 ? 'Nobody was removed from it.' : 'Nobody was removed from it yet. At the next sync, people who are in none of these groups leave.',
    buttons: left.length === 0 ? [] : [{ title: 'Preview', command: 'spaces preview', arguments: { rule: rule.id } }],
  });
}

function idsIn(values: Values, name: string): string[] {
  return (textOf(values, name) ?? '').split(',').map((id) => id.trim());
}

/** A name that several have must be answered, and there must be one of each kind. */
function requireChoices(what: string, named: readonly Named[], meant: ReturnType<typeof meantBy>): void {
  const open = named.filter(({ written, sure }) => !sure && meant.get(written)?.length === 0).map(({ written }) => `“${plain(written, 60)}”`);
  if (open.length > 0) throw new CallerMistake({ code: 'NOT_CHOSEN', message: `Choose which ${what} is meant by ${sentenceList(open)}, or write the command without it.` });
  if (![...meant.values()].some((refs) => refs.length > 0)) throw new CallerMistake({ code: 'NOT_CHOSEN', message: `Choose at least one ${what}.` });
}

/** Somebody may have changed a rule after the card was made. `spaces`: those that matter; without them, all. */
function requireAsShown(draft: Draft, rules: readonly Rule[], spaces: readonly { id: string; name: string }[] | undefined): void {
  const now = seenOf(rules);
  const keys = spaces === undefined ? [...Object.keys(now), ...Object.keys(draft.seen)] : spaces.map(({ id }) => idKey(id));
  if (keys.some((key) => now[key] !== draft.seen[key])) throw changed();
}

function changed(): CallerMistake {
  return new CallerMistake({ code: 'RULES_CHANGED', message: 'The rules were changed by somebody since this card was made. Nothing was saved; write the command again to see how it would be now.' });
}
