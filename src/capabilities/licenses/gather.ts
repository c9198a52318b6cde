import { orgOption, type Context, type PersonRef } from '../../bot/define.js';
import type { PlanDraft, Problem } from '../../changes/define.js';
import { format } from '../../lib/csv.js';
import { sameId } from '../../lib/ids.js';
import { count, plain, sentenceList } from '../../lib/text.js';
import type { Catalog } from './catalog.js';
import type { Known, Wish } from './define.js';
import { readHolders, type Holders } from './holders.js';
import { IMPORT_COLUMNS, type Column } from './import-rows.js';
import { isCalling } from './kinds.js';
import type { Locations } from './locations.js';
import { namesOf } from './names.js';
import { NOTES, planLicenses } from './plan.js';
import type { Times } from '../../bot/times.js';

/** What a draft is made of besides the wishes. */
export interface Asked {
  /** What the plan is called, given the people whose licenses would change. */
  title: (who: string) => string;
  /** The command as text, by which [Plan again] makes a new plan. */
  command: string;
  problems: readonly Problem[];
  times?: Times;
  locations?: Locations | undefined;
}

/** Reads the people of the wishes live. */
export function readFor(context: Context, wishes: readonly Wish[]): Promise<Holders> {
  const touched = [...new Set(wishes.flatMap(({ operations }) => operations.flatMap((one) => (one.what === 'license' ? one.known : []))))];
  return readHolders(context, wishes.map(({ person }) => person), { calling: touched.some(isCalling), touched });
}

/** The plan draft of wishes whose people have been read. Who waits for a seat is in left-out.csv, which `licenses import` takes. */
export function draftOf(context: Context, catalog: Catalog, wishes: readonly Wish[], read: Holders, asked: Asked): PlanDraft {
  const { orgId } = orgOption(context);
  const { steps, warnings, problems, left } = planLicenses(wishes, read.holders, catalog, { orgId, locationName: (id) => asked.locations?.nameOf(id) });
  const nameOf = namesOf(wishes.map(({ person }) => person));
  const named = steps.length > 0 ? steps.map(({ input }) => (input as { name: string }).name) : wishes.map(({ person }) => nameOf(person));
  const kept = left.length === 0 ? [] : [`${count(left.length, 'person waits', 'people wait')} for a seat. left-out.csv keeps them: attach it to “licenses import” when there are seats.${asked.times?.until === undefined ? '' : ' What a file gives has no end: it stays until it is taken away.'}`];
  const own = steps.some(({ input, risk }) => risk === 'removal' && sameId((input as { personId: string }).personId, context.caller.personId));
  return {
    title: asked.title(sentenceList(named, 3) || 'nobody'), command: asked.command, steps, warnings: [...(own ? [`${plain(context.caller.displayName, 60)}, who asks for this, is one of those who lose something.`] : []), ...kept, ...warnings],
    problems: distinct([...asked.problems.map(({ subject, reason }) => ({ subject: plain(subject), reason: plain(reason, 400) })), ...read.problems, ...problems]),
    notes: NOTES, ...asked.times, ...(left.length === 0 ? {} : { files: [{ name: 'left-out.csv', content: leftOut(context, left, asked.locations) }] }),
  };
}

type ImportCells = { [column in Column]?: string };

function leftOut({ organization }: Pick<Context, 'organization'>, left: readonly Wish[], locations: Locations | undefined): Buffer {
  const outside = ({ orgId }: PersonRef): string => (sameId(orgId, organization.id) ? '' : 'yes');
  const rows = left.flatMap(({ person, operations }) => {
    // What is taken in exchange stands in the row of what is given: so the file is all or nothing again.
    const exchanged = new Set(operations.flatMap((one) => (one.what === 'license' ? one.from ?? [] : [])));
    return operations.flatMap((one): ImportCells[] => {
      const cells = { email: person.email, operation: one.operation, outside: outside(person) };
      if (one.what === 'site') return [{ ...cells, site: one.site }];
      if (one.operation === 'remove' && exchanged.has(one.known)) return [];
      const { extension = '', phoneNumber = '', locationId } = one.calling ?? {};
      return [{ ...cells, license: one.known.label, extension, phone: phoneNumber, location: locationText(locationId, locations), from: one.from?.label ?? '' }];
    });
  });
  return format(IMPORT_COLUMNS, rows.map((cells) => IMPORT_COLUMNS.map((column) => cells[column] ?? '')));
}

function locationText(id: string | undefined, locations: Locations | undefined): string {
  return id === undefined ? '' : locations?.nameOf(id) ?? id;
}

/** "Messaging and Webex Calling - Standard". */
export function labelsOf(known: readonly Known[]): string {
  return sentenceList(known.map(({ label }) => label), 3);
}

/** One wish per person. */
export function wishesFor(people: readonly PersonRef[], operations: Wish['operations'], together?: true): Wish[] {
  return people.map((person) => ({ person, operations, ...(together === undefined ? {} : { together }) }));
}

function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.subject}\n${problem.reason}`, problem])).values()];
}
