import { z } from 'zod';
import type { PersonRef } from '../../../bot/define.js';
import type { Applied, Step, StepDraft, StepKind } from '../../../changes/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { idKey } from '../../../lib/ids.js';
import type { Clock } from '../../../lib/clock.js';
import { CHANGE_ACCESS } from '../change-arguments.js';
import type { Ask, AskParts } from './define.js';
import { questionView } from './question.js';
import { askedOf, findAsk } from './records.js';

const KIND = 'license-ask';
/** The job that plans what comes of the answers. */
export const ANSWERS_JOB = 'licenses answers';

const inputSchema = z.object({
  organization: z.string(),
  ask: z.string(),
  label: z.string(),
  name: z.string(),
  person: z.object({ id: z.string(), email: z.string(), displayName: z.string(), orgId: z.string() }),
});
type Input = z.output<typeof inputSchema>;

/** One person gets the card of a question in the 1:1. */
export function askStep(ask: Ask, person: PersonRef, name: string): StepDraft {
  const { id, email, displayName, orgId } = person;
  return draft({ organization: ask.organization.id, ask: ask.id, label: ask.license.label, name, person: { id, email, displayName, orgId } }, true);
}

/**
 * Asking somebody, and taking the question back. The message is the bot's own, so nothing is written with the account. Whether it hangs there
 * is known by our record; a message whose record could not be kept any more is a card without use.
 */
export function askStepKind(parts: AskParts & { clock: Clock }): StepKind {
  /** Questions whose schedule is being made, since their steps run side by side. */
  const scheduling = new Map<string, Promise<unknown>>();
  const schedule = async (ask: Ask): Promise<void> => {
    const making = scheduling.get(ask.id) ?? parts.schedules(ask.organization, ask.asker).add({
      id: ask.id, job: ANSWERS_JOB, input: { ask: ask.id }, title: `Answers about ${ask.license.label}`, when: { kind: 'once', at: ask.by }, tz: ask.tz,
    });
    scheduling.set(ask.id, making);
    await making.finally(() => { scheduling.delete(ask.id); });
  };
  const stored = ({ organization, ask, person }: Input): ReturnType<typeof askedOf> => askedOf({ sealed: parts.sealed(organization) }, ask, person.id);

  const put = async (input: Input): Promise<Applied> => {
    const ask = await findAsk({ sealed: parts.sealed(input.organization) }, input.ask);
    if (ask === undefined || ask.by <= parts.clock.iso()) throw new CallerMistake({ code: 'ASK_OVER', message: 'The time to answer is over, so nobody is asked any more. Ask anew from “licenses idle”.' });
    await schedule(ask);
    const message = await parts.poster.post({ person: input.person.id, organization: input.organization }, questionView(ask, input.person.id));
    await stored(input).put({ ask: ask.id, person: input.person, message }, 0);
    return {};
  };
  const takeBack = async (input: Input): Promise<Applied> => {
    const found = await stored(input).read();
    if (found === undefined) return {};
    // First what counts: a card without its record is without use.
    await stored(input).remove(found.version);
    await parts.poster.remove(found.value.message);
    return {};
  };
  return {
    name: KIND, label: 'ask in 1:1', version: 1, reversible: true, privileged: false, check: 'read', callsPerStep: 1, needs: CHANGE_ACCESS,
    read: async (_webex, step) => ((await stored(given(step)).read()) === undefined ? 'absent' : 'present'),
    apply: (_webex, step) => (step.after === 'present' ? put(given(step)) : takeBack(given(step))),
    invert: (step, changed) => draft(given(step), changed.before === 'present'),
  };
}

function draft(input: Input, isAsked: boolean): StepDraft {
  const [before, after] = isAsked ? ['absent', 'present'] : ['present', 'absent'];
  const sentence = isAsked ? `${input.name} is asked whether ${input.label} is still needed` : `${input.name} is no longer asked about ${input.label}, and an answer is forgotten`;
  return { kind: KIND, target: `license-ask ${input.ask} ${idKey(input.person.id)}`, input, before, after, sentence };
}

function given({ input }: Pick<Step, 'input'>): Input {
  return inputSchema.parse(input);
}
