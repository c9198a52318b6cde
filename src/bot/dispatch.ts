import { sameId } from '../lib/ids.js';
import { markdown } from '../lib/text.js';
import type { AttachmentAction } from '../webex/rest/attachmentActions.js';
import type { Message } from '../webex/rest/messages.js';
import type { Person } from '../webex/rest/people.js';
import type { Buttons, Pressed, Refused } from './buttons.js';
import { nameOf, type CommandTable } from './commands.js';
import type { Ask } from './context.js';
import { commandsForCsv, csvOf } from './csv.js';
import type { Caller, Command, Place, Poster } from './define.js';
import { explained } from './explain.js';
import { dropForm, findForm, pressForm, type FormAction } from './forms.js';
import { nounHelp } from './help.js';
import { parse } from './parse.js';
import type { ShellParts } from './ports.js';
import type { CsvSource, Runner } from './run.js';
import { answerStranger } from './strangers.js';
import { spoken } from './words.js';

/** Turns what somebody wrote or pressed into a command, after asking who it was. Everything in here comes from Webex, nothing from an envelope. */
export interface Dispatcher {
  message(message: Message, sender: Person, late: boolean): Promise<void>;
  press(action: AttachmentAction, presser: Person, late: boolean): Promise<void>;
}

/** A press holds its button for this long at most, so that a second one at the same time acts once. */
const PRESS_MS = 15 * 60_000;
const GONE = 'This card is no longer valid. Write `menu` for what can be done now.';

export function createDispatcher(
  parts: ShellParts,
  made: { table: CommandTable; runner: Runner; buttons: Buttons; poster: Poster; bot: { id: string; displayName: string }; organizationName: (id: string) => Promise<string> },
): Dispatcher {
  const { table, runner, buttons, poster } = made;
  const { audit, clock, log } = parts;

  const askOf = async (caller: Caller, place: Place, via: Ask['via'], organization?: string): Promise<Ask> => {
    const id = organization ?? (await parts.spaces.find(place.roomId))?.organization.id ?? caller.orgId;
    return { caller, place, via, organization: { id, name: await made.organizationName(id) } };
  };

  /** Whatever goes wrong, the caller is told; a command that has begun is never begun again because its answer could not be posted. */
  const told = async (caller: Caller, place: Place, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const view = { markdown: explained(error, log), audience: 'open' as const };
      await poster.post({ place, person: caller.personId, organization: caller.orgId }, view).catch((again: unknown) => {
        log.error({ error: again, roomId: place.roomId }, 'an answer could not be posted');
      });
    }
  };

  /** Somebody of the organization who was asked something by a card of his own: he may answer, and nothing else. */
  const isAnswer = (pressed: Pressed | Refused, presser: Person): pressed is Pressed =>
    !('refused' in pressed) && pressed.only !== undefined && sameId(pressed.only, presser.id) && sameId(pressed.organization, presser.orgId)
    && presser.type === 'person' && table.find(pressed.command)?.access.addressed === true;

  /** Undefined for those who may not use Steward; they get a line now and then. */
  const admittedCaller = async (sender: Person, place: Place): Promise<Caller | undefined> => {
    const caller = callerOf(sender);
    const refusal = parts.refusalOf({ email: caller.email, orgId: sender.orgId, type: sender.type });
    if (refusal === undefined) return caller;
    if (sender.type === 'person') {
      const to = { place, person: caller.personId, organization: sender.orgId };
      await answerStranger(parts, caller, place, refusal, (text) => poster.post(to, { markdown: markdown(text, 500), audience: 'open' }));
    }
    return undefined;
  };

  const unknown = (ask: Ask, written: string, nearest: string | undefined): Promise<void> => {
    const hint = nearest === undefined ? 'Write `help` to see what I know.' : `Did you mean \`${nearest}\`?`;
    const command = nearest === undefined ? undefined : table.find(nearest);
    return runner.say(ask, `I do not know “${markdown(written, 60)}”. ${hint}`, command === undefined ? undefined : {
      template: 'bot/text', data: { title: `I do not know “${written}”`, lines: [`Did you mean ${nameOf(command)}?`] },
      buttons: [{ title: nameOf(command), command: nameOf(command), arguments: {}, only: ask.caller.personId }],
    });
  };

  /** A file without words: its header says what it could be for. */
  const onlyFile = async (ask: Ask, csv: CsvSource): Promise<void> => {
    const file = await csv.load();
    const fitting = file === undefined ? [] : commandsForCsv(file, table.all).slice(0, 5);
    if (fitting.length === 0) return runner.say(ask, 'I do not know what to do with this file. Write a command with it, such as `delegates import`.');
    const lines = [`The columns of ${file?.filename ?? 'the file'} fit. What shall I do with it? Nothing changes before you have seen a plan.`];
    return runner.say(ask, markdown(lines[0] ?? '', 300), {
      template: 'bot/text', data: { title: 'A file for me', lines },
      buttons: fitting.map((command) => ({ title: nameOf(command), command: nameOf(command), arguments: { 'csv.message': csv.messageId }, only: ask.caller.personId })),
    });
  };

  const dispatch = async (ask: Ask, message: Message): Promise<unknown> => {
    const csv: CsvSource | undefined = message.files.length === 0 ? undefined : { messageId: message.id, load: () => csvOf(parts.bot, clock, message) };
    const asked = parse(spoken(message, made.bot), table);
    const menu = table.find(ask.place.roomType === 'direct' ? 'menu' : 'help');
    switch (asked.kind) {
      case 'command': return runner.run(ask, asked.command, asked.given, csv);
      case 'nothing': return csv !== undefined ? onlyFile(ask, csv) : menu && runner.run(ask, menu, {});
      case 'greeting': return menu && runner.run(ask, menu, {});
      case 'noun': return runner.say(ask, nounHelp(table, asked.noun), {
        template: 'bot/text', data: { title: asked.noun, lines: table.of(asked.noun).filter(({ hidden }) => hidden !== true).map((command) => `${nameOf(command)}: ${command.summary}`) },
        buttons: table.of(asked.noun).filter(({ hidden }) => hidden !== true).slice(0, 5).map((command) => ({ title: nameOf(command), command: nameOf(command), arguments: {} })),
      });
      case 'unknown': return unknown(ask, asked.written, asked.nearest);
    }
  };

  const refusePress = async (caller: Caller, action: AttachmentAction, place: Place, refused: Refused): Promise<void> => {
    await audit.record(refused.organization ?? caller.orgId, {
      actor: caller.personId, action: 'card.refused', subject: action.messageId, details: { reason: refused.refused, roomId: action.roomId },
    });
    // Only what a card of ours can lead to is answered; what was made up is not.
    if (['unknown card', 'expired', 'spent'].includes(refused.refused) && typeof action.inputs['token'] === 'string') {
      await runner.say(await askOf(caller, place, 'button'), refused.refused === 'spent' ? 'This button was pressed before and has done its work.' : GONE);
    }
  };

  const formPress = async (ask: Ask, pressed: Pressed, action: FormAction): Promise<void> => {
    const id = pressed.bound['form'] ?? '';
    const records = parts.store.organization(ask.organization.id);
    const form = await findForm(records, id, ask.caller.personId);
    const command: Command | undefined = form && table.find(form.command);
    if (!form || !command || action === 'cancel') {
      await dropForm(records, id);
      await poster.remove(pressed.card);
      if (action !== 'cancel') await runner.say(ask, GONE);
      return;
    }
    const means = await runner.admit(ask, command);
    if (!means) return;
    const step = await pressForm(records, id, form, command, action, pressed.filled, means.finder, { organization: ask.organization, clock });
    if (step.kind === 'show') {
      await poster.post({ place: ask.place, person: ask.caller.personId, organization: ask.organization.id }, step.view);
    } else {
      const given = form.csvMessage === undefined ? step.given : { ...step.given, 'csv.message': form.csvMessage };
      if (!(await runner.run(ask, command, given))) return;
      await dropForm(records, id);
    }
    await poster.remove(pressed.card);
  };

  const act = async (ask: Ask, pressed: Pressed): Promise<void> => {
    const [, formAction] = /^form (search|remove|next|cancel)$/.exec(pressed.command) ?? [];
    if (formAction !== undefined) {
      await formPress(ask, pressed, formAction as FormAction);
      return;
    }
    const command = table.find(pressed.command);
    if (!command) {
      await runner.say(ask, GONE);
      return;
    }
    const declared = Object.entries(pressed.filled).filter(([name]) => command.arguments.some((argument) => argument.name === name));
    if (await runner.run(ask, command, { ...pressed.bound, ...Object.fromEntries(declared) })) await pressed.spend();
  };

  return {
    message: async (message, sender, late) => {
      const place: Place = {
        roomId: message.roomId, roomType: message.roomType === 'direct' ? 'direct' : 'group', messageId: message.id,
        ...(message.parentId === undefined ? {} : { threadId: message.parentId }),
      };
      const caller = await admittedCaller(sender, place);
      if (!caller) return;
      await told(caller, place, async () => {
        const ask = await askOf(caller, place, 'text');
        if (late) await runner.say(ask, `I was not running when you wrote “${markdown(message.text, 80)}”, so I have not done it. Please write it again.`);
        else await dispatch(ask, message);
      });
    },
    press: async (action, presser, late) => {
      const pressed = await buttons.find(action);
      const place: Place = 'refused' in pressed ? { roomId: action.roomId, roomType: 'group', messageId: action.messageId } : pressed.place;
      const caller = isAnswer(pressed, presser) ? callerOf(presser) : await admittedCaller(presser, place);
      if (!caller) {
        await audit.record(pressed.organization, {
          actor: presser.id, action: 'card.refused', subject: action.messageId, details: { reason: 'may not use Steward', roomId: action.roomId },
        });
        return;
      }
      await told(caller, place, () => ('refused' in pressed ? refusePress(caller, action, place, pressed) : pressOurs(caller, action, place, pressed, late)));
    },
  };

  async function pressOurs(caller: Caller, action: AttachmentAction, place: Place, pressed: Pressed, late: boolean): Promise<void> {
    const ask = await askOf(caller, place, 'button', pressed.organization);
    if (pressed.only !== undefined && !sameId(pressed.only, caller.personId)) {
      await audit.record(pressed.organization, {
        actor: caller.personId, action: 'card.refused', subject: action.messageId, details: { reason: 'for somebody else', command: pressed.command, roomId: action.roomId },
      });
      await runner.say(ask, 'Only the person for whom this card was made can press that.');
      return;
    }
    if (late) {
      await runner.say(ask, 'I was not running when you pressed the button, so I have not done it. Please press it again.');
      return;
    }
    const lease = `press ${pressed.key}`;
    if (!(await parts.store.shared.lease(lease, action.id, PRESS_MS))) {
      await runner.say(ask, 'This is being done already.');
      return;
    }
    try {
      await act(ask, pressed);
    } finally {
      await parts.store.shared.release(lease, action.id);
    }
  }
}

function callerOf({ id, emails, displayName, orgId }: Person): Caller {
  return { personId: id, email: (emails[0] ?? '').toLowerCase(), displayName, orgId };
}
