import type { Capability } from '../../bot/define.js';
import { delegates } from './commands/delegates.js';
import { delegatesAdd } from './commands/delegates-add.js';
import { delegatesCopy } from './commands/delegates-copy.js';
import { delegatesExpiring } from './commands/delegates-expiring.js';
import { delegatesExport } from './commands/delegates-export.js';
import { delegatesImport } from './commands/delegates-import.js';
import { delegatesList } from './commands/delegates-list.js';
import { delegatesRemove } from './commands/delegates-remove.js';
import { delegatesSet } from './commands/delegates-set.js';
import { delegateStepKinds } from './steps.js';

/** Scheduling permissions: who may schedule meetings on behalf of whom, by REST and by the Meetings XML API. */
export const delegatesCapability: Capability = {
  name: 'delegates',
  commands: [delegates, delegatesList, delegatesAdd, delegatesSet, delegatesRemove, delegatesCopy, delegatesImport, delegatesExport, delegatesExpiring],
  stepKinds: delegateStepKinds,
};
