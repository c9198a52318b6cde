import { CallerMistake } from '../lib/errors.js';
import { markdown as escaped, plain } from '../lib/text.js';
import type { Access } from './access.js';
import { accessTo } from './access.js';
import type { CommandTable } from './commands.js';
import { nameOf } from './commands.js';
import { meansFor, type Ask, type Means } from './context.js';
import { csvOfMessage } from './csv.js';
import type { AttachedCsv, Command, View } from './define.js';
import { explained } from './explain.js';
import { openForm } from './forms.js';
import { asksForRoles, offeringTo } from './offered.js';
import type { Offer, ShellParts } from './ports.js';
import { parse } from './parse.js';
import type { AnswerPoster } from './reply.js';
import { valuesOf } from './values.js';

/** A plan's reads may have to wait for Webex; then the caller is told once, and after this time they end. */
const LONGEST_RUN_MS = 15 * 60_000;
const SILENCE_MS = 5_000;
/** A command may lead to another one (Plan again), not to a chain of them. */
const MOST_HOPS = 2;

/** The CSV of a message, when one is attached. */
export interface CsvSource {
  messageId: string;
  load(): Promise<AttachedCsv | undefined>;
}

/** Runs commands: access, arguments, the command itself, its answer. */
export interface Runner {
  /** True when the command ran to its end; false when it was refused, failed, or asked for more. The caller is always told. */
  run(ask: Ask, command: Command, given: Readonly<Record<string, string>>, csv?: CsvSource): Promise<boolean>;
  /** Only the access, for parts of cards. Undefined when it was refused, which the caller was told then. */
  admit(ask: Ask, command: Command): Promise<Means | undefined>;
  say(ask: Ask, markdown: string, card?: View['card']): Promise<void>;
}

export function createRunner(parts: ShellParts, offer: Pick<Offer, 'planMaker'>, table: CommandTable, poster: AnswerPoster): Runner {
  const { clock, log, audit } = parts;
  const find = (name: string): Command | undefined => table.find(name);

  /** `roles`: the caller's, where this run has read them already. */
  const show = async (ask: Ask, view: View, roles?: readonly string[]): Promise<void> => {
    const { caller: { personId }, organization: { id } } = ask;
    const known = asksForRoles(view.card?.buttons ?? [], find) ? roles ?? await rolesOf(personId, id) : undefined;
    await poster.post({ place: ask.place, person: personId, organization: id }, view, known && offeringTo({ personId, roles: known }, find));
  };
  /** Undefined when they cannot be known; then everything is offered, and the refusal of a press says what is the matter. */
  const rolesOf = async (personId: string, organization: string): Promise<string[] | undefined> => {
    const authority = await parts.accounts.authority(organization, personId);
    return authority.ok ? authority.roles : undefined;
  };
  const say: Runner['say'] = (ask, markdown, card) => show(ask, { markdown, audience: 'open', ...(card === undefined ? {} : { card }) });

  const refuse = async (ask: Ask, command: Command, access: Extract<Access, { ok: false }>): Promise<void> => {
    await audit.record(ask.organization.id, {
      actor: ask.caller.personId, action: 'command.refused', subject: nameOf(command), details: { code: access.code, roomId: ask.place.roomId },
    });
    const offered = access.offer === undefined ? undefined : table.find(access.offer.command);
    const buttons = offered === undefined ? [] : [{ title: access.offer?.title ?? offered.summary, command: nameOf(offered), arguments: {}, only: ask.caller.personId, style: 'positive' as const }];
    await show(ask, {
      markdown: escaped(access.sentences, 2000), audience: 'open',
      ...(buttons.length === 0 ? {} : { card: { template: 'bot/text', data: { title: 'That needs something first', lines: [access.sentences] }, buttons } }),
    });
  };

  const admitted = async (ask: Ask, command: Command): Promise<Extract<Access, { ok: true }> | undefined> => {
    const access = await accessTo(command, ask.caller, ask.organization, parts.accounts);
    if (access.ok) return access;
    await refuse(ask, command, access);
    return undefined;
  };

  /** Ends the reads of a command that takes too long, and says meanwhile that it goes on. */
  const withPatience = async <T>(ask: Ask, waitingUntil: () => number | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const abort = new AbortController();
    const silence = clock.after(SILENCE_MS, () => {
      const until = waitingUntil();
      const wait = until === undefined ? '' : ` Webex asks us to wait until ${new Date(until).toISOString().slice(11, 16)} UTC.`;
      say(ask, `Still reading from Webex.${wait}`).catch((error: unknown) => { log.warn({ error }, 'a notice could not be posted'); });
    });
    const end = clock.after(LONGEST_RUN_MS, () => {
      abort.abort(new CallerMistake({ code: 'TOO_SLOW', message: 'Reading from Webex took more than 15 minutes, so I stopped. Ask for fewer people, or later.' }));
    });
    try {
      return await work(abort.signal);
    } finally {
      silence.cancel();
      end.cancel();
    }
  };

  const runOnce = async (ask: Ask, command: Command, given: Readonly<Record<string, string>>, csv: CsvSource | undefined, hops: number): Promise<boolean> => {
    const access = await admitted(ask, command);
    if (!access) return false;
    const waitingUntil = (): number | undefined => (access.account === undefined ? undefined : parts.accounts.reader(access.account).waitingUntil());
    return withPatience(ask, waitingUntil, async (signal) => {
      const attached = command.csv === undefined ? undefined : await csv?.load();
      const { context, finder } = meansFor(parts, ask, command, access, attached, signal);
      const found = await valuesOf(command, given, finder, attached !== undefined);
      if ('lacking' in found) {
        await show(ask, await openForm(context.records, command, ask.caller.personId, given, found.lacking, {
          organization: ask.organization, clock, csvMessage: attached === undefined ? undefined : csv?.messageId,
        }));
        return false;
      }
      const answer = await command.run(context, found.values);
      if (answer.kind === 'view') await show(ask, answer.view, command.access.linked ? access.roles : undefined);
      if (answer.kind === 'plan') await offer.planMaker(context, answer.draft);
      if (answer.kind === 'run') return runText(ask, answer.command, hops + 1);
      return true;
    });
  };

  const runText = (ask: Ask, text: string, hops: number): Promise<boolean> => {
    const asked = parse({ text, mentions: [] }, table);
    if (asked.kind !== 'command' || hops > MOST_HOPS) {
      throw new CallerMistake({ code: 'COMMAND_NOT_UNDERSTOOD', message: `I can no longer run “${plain(text, 200)}”.` });
    }
    return runOnce(ask, asked.command, asked.given, undefined, hops);
  };

  return {
    say,
    run: async (ask, command, given, csv) => {
      try {
        const messageId = given['csv.message'];
        const source = csv ?? (messageId === undefined ? undefined : { messageId, load: () => csvOfMessage(parts.bot, clock, messageId) });
        return await runOnce(ask, command, given, source, 0);
      } catch (error) {
        await say(ask, explained(error, log.child({ command: nameOf(command) })));
        return false;
      }
    },
    admit: async (ask, command) => {
      const access = await admitted(ask, command);
      return access && meansFor(parts, ask, command, access, undefined, new AbortController().signal);
    },
  };
}
