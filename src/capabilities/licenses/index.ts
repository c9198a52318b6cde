import type { Capability } from '../../bot/define.js';
import { licensesAssign } from './commands/licenses-assign.js';
import { licensesImport } from './commands/licenses-import.js';
import { licensesMove } from './commands/licenses-move.js';
import { licensesRemove } from './commands/licenses-remove.js';
import { licensesSiteAdd } from './commands/licenses-site-add.js';
import { licensesSiteRemove } from './commands/licenses-site-remove.js';
import { licenseStepKinds } from './steps.js';

/** Licenses: who has them, how many are left, and giving and taking them. */
export const licensesCapability: Capability = {
  name: 'licenses',
  commands: [licensesAssign, licensesRemove, licensesMove, licensesSiteAdd, licensesSiteRemove, licensesImport],
  stepKinds: licenseStepKinds,
};
