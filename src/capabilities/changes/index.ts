import type { Capability, PlanMaker } from '../../bot/define.js';
import { Announcer } from './announce.js';
import { auditVerify } from './commands/audit-verify.js';
import { changesCommand } from './commands/changes.js';
import { changesAgain } from './commands/changes-again.js';
import { changesApprove } from './commands/changes-approve.js';
import { changesCancel } from './commands/changes-cancel.js';
import { changesExport } from './commands/changes-export.js';
import { changesPause } from './commands/changes-pause.js';
import { changesReject } from './commands/changes-reject.js';
import { changesRemind } from './commands/changes-remind.js';
import { changesResume } from './commands/changes-resume.js';
import { changesRetry } from './commands/changes-retry.js';
import { changesShow } from './commands/changes-show.js';
import { changesUndo } from './commands/changes-undo.js';
import { changesWithdraw } from './commands/changes-withdraw.js';
import { callerOf, type CommandParts } from './asking.js';
import type { ChangesParts } from './parts.js';
import { filesView, nothingView } from './plan-view.js';

export type { ChangesParts } from './parts.js';

/** The commands around plans and changes, and what is told of them in Webex. */
export interface ChangesCapability extends Capability {
  /** Stores the draft that a command made, and shows its card where it was asked for. */
  planMaker: PlanMaker;
  /** Starts to tell what the engine does; call it before the engine starts. Gives a function that ends it. */
  announce(): () => void;
}

export function createChangesCapability(parts: ChangesParts): ChangesCapability {
  const announcer = new Announcer(parts);
  const all: CommandParts = { ...parts, announcer };
  const commands = [
    changesCommand, changesShow, changesApprove, changesReject, changesWithdraw, changesRemind, changesPause, changesResume, changesCancel,
    changesUndo, changesRetry, changesAgain, changesExport, auditVerify,
  ].map((make) => make(all));
  return {
    name: 'changes',
    commands,
    stepKinds: [],
    announce: () => announcer.listen(),
    planMaker: async (context, draft) => {
      const { organization, place, caller } = context;
      const to = { place, person: caller.personId, organization: organization.id };
      if (draft.steps.length === 0) {
        await parts.poster.post(to, nothingView(organization.name, draft));
      } else {
        const plan = await parts.engine.plan({ organization, requester: callerOf(context), draft, origin: { place: { ...place } } });
        await announcer.settled(plan);
      }
      if (draft.files !== undefined && draft.files.length > 0) await parts.poster.post(to, filesView(organization.name, draft));
    },
  };
}
