import type { Capability } from '../../bot/define.js';
import { licenses } from './commands/licenses.js';
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

/** Licenses: who has them, how many are left, and giving and taking them. */
export const licensesCapability: Capability = {
  name: 'licenses',
  commands: [
    licenses, licensesShow, licensesUsers, licensesAssign, licensesRemove, licensesMove, licensesSiteAdd, licensesSiteRemove, licensesImport, licensesExport,
    licensesIdle, licensesReclaim(licensesRemove), licensesTemplates, licensesTemplate, licensesUntemplate,
  ],
  stepKinds: licenseStepKinds,
};
