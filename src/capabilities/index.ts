import type { Capability } from '../bot/define.js';
import type { WriteClient } from '../webex/call.js';
import { delegatesCapability } from './delegates/index.js';
import { createLicensesCapability, type LicensesParts } from './licenses/index.js';
import { createSpacesCapability } from './spaces/index.js';

/**
 * The areas of admin work that make plans, those that are switched on by their name in FEATURES. What needs parts of the app
 * (accounts, changes, settings, schedules, reports) is made in app.ts.
 */
export function administration(features: readonly string[], parts: LicensesParts & { bot: WriteClient }): Capability[] {
  return [delegatesCapability, createSpacesCapability(parts), createLicensesCapability(parts)].filter((area) => features.includes(area.name));
}
