import type { Capability } from '../../bot/define.js';
import { spaces } from './commands/spaces.js';
import { spacesConfirm } from './commands/spaces-confirm.js';
import { spacesExempt } from './commands/spaces-exempt.js';
import { spacesExemptions } from './commands/spaces-exemptions.js';
import { spacesExport } from './commands/spaces-export.js';
import { spacesImport } from './commands/spaces-import.js';
import { spacesLink } from './commands/spaces-link.js';
import { spacesPreview } from './commands/spaces-preview.js';
import { spacesRules } from './commands/spaces-rules.js';
import { spacesSchedule } from './commands/spaces-schedule.js';
import { spacesSync } from './commands/spaces-sync.js';
import { spacesUnexempt } from './commands/spaces-unexempt.js';
import { spacesUnlink } from './commands/spaces-unlink.js';
import type { SpacesParts } from './define.js';
import { driftReport } from './drift.js';
import { syncJob } from './job.js';
import { spaceStepKinds } from './steps.js';

/** Spaces that follow groups: who is in a space, as groups say; by hand, or on a schedule. */
export function createSpacesCapability(parts: SpacesParts): Capability {
  return {
    name: 'spaces',
    commands: [
      spaces, spacesRules, spacesLink(parts), spacesUnlink, spacesImport(parts), spacesExport, spacesPreview(parts), spacesSync(parts), spacesSchedule(parts),
      spacesExempt, spacesExemptions, spacesUnexempt, spacesConfirm(parts),
    ],
    stepKinds: spaceStepKinds(parts),
    jobs: [syncJob(parts)],
    reports: [driftReport(parts)],
  };
}
