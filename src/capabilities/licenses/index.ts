import type { Capability } from '../../bot/define.js';
import type { Clock } from '../../lib/clock.js';
import type { AskParts } from './asks/define.js';
import { answersJob } from './asks/job.js';
import { askStepKind } from './asks/steps.js';
import { licenses } from './commands/licenses.js';
import { licensesAnswer } from './commands/licenses-answer.js';
import { licensesAnswers } from './commands/licenses-answers.js';
import { licensesAsk } from './commands/licenses-ask.js';
import { licensesAssign } from './commands/licenses-assign.js';
import { licensesExport } from './commands/licenses-export.js';
import { licensesIdle } from './commands/licenses-idle.js';
import { licensesImport } from './commands/licenses-import.js';
import { licensesMove } from './commands/licenses-move.js';
import { licensesReclaim } from './commands/licenses-reclaim.js';
import { licensesRemove } from './commands/licenses-remove.js';
import { licensesShow } from './commands/licenses-show.js';
import { licensesSiteAdd } from './commands/licenses-site-add.js';
import { licensesSiteRemove } from './commands/licenses-site-remove.js';
import { licensesTemplate } from './commands/licenses-template.js';
import { licensesTemplates } from './commands/licenses-templates.js';
import { licensesUntemplate } from './commands/licenses-untemplate.js';
import { licensesUsers } from './commands/licenses-users.js';
import { licenseStepKinds } from './steps.js';

/** What the capability is made of. */
export interface LicensesParts extends AskParts {
  clock: Clock;
}

/** Licenses: who has them, how many are left, and giving and taking them. */
export function createLicensesCapability(parts: LicensesParts): Capability {
  return {
    name: 'licenses',
    commands: [
      licenses, licensesShow, licensesUsers, licensesAssign, licensesRemove, licensesMove, licensesSiteAdd, licensesSiteRemove, licensesImport, licensesExport,
      licensesIdle, licensesReclaim(licensesRemove), licensesAsk, licensesAnswer, licensesAnswers, licensesTemplates, licensesTemplate, licensesUntemplate,
    ],
    stepKinds: [...licenseStepKinds, askStepKind(parts)],
    jobs: [answersJob(licensesRemove)],
  };
}
