import type { Context } from '../../../../src/bot/define.js';
import { createLog } from '../../../../src/lib/log.js';
import { startWorld, type World } from '../../webex/world.js';
import { records } from '../spaces/fake-context.js';

/** The emulator with what the reading commands use of a context; anything else is missing and fails. */
export interface Office {
  world: World;
  audited: { action: string; subject: string; details: Record<string, unknown> }[];
  context(local?: string): Context;
  licenseId(name: string): string;
  stop(): Promise<void>;
}

export async function startOffice(people = 60): Promise<Office> {
  const world = await startWorld(people);
  const { sealed } = records();
  const audited: Office['audited'] = [];
  return {
    world, audited,
    context: (local = 'anna.berg') => {
      const personId = world.idOf(local);
      const orgId = world.emulator.state.people.get(personId)?.orgId ?? '';
      const fake: Partial<Context> = {
        caller: { personId, email: `${local}@acme.test`, displayName: local, orgId }, organization: { id: orgId, name: 'Acme' },
        webex: world.as(local), clock: world.clock, log: createLog({ level: 'silent' }), sealed,
        audit: (action, subject, details) => {
          audited.push({ action, subject, details });
          return Promise.resolve();
        },
      };
      return fake as Context;
    },
    licenseId: (name) => [...world.emulator.state.licenses.values()].find((license) => license.name === name)?.id ?? '',
    stop: () => world.stop(),
  };
}
