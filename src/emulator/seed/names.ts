import { COMPLIANCE_OFFICER, DEVICE_ADMIN, FULL_ADMIN, READ_ONLY_ADMIN, SUPPORT_ADMIN, USER_ADMIN } from '../roles.js';

/** Where someone is host (`us`, `eu`), or only attendee (`us-`, `eu-`). The first is the default site. */
export type Seat = 'us' | 'eu' | 'us-' | 'eu-';

/** One person whom one meets: address before the `@`, first name, last name, department, title, seats, and what is special. */
export interface Named {
  email: string;
  first: string;
  last: string;
  department: string;
  title: string;
  seats: Seat[];
  roles?: string[];
  siteAdmin?: true;
  delegates?: string[];
  /** Never signed in. */
  pending?: true;
  /** May not sign in. */
  disabled?: true;
  displayName?: string;
}

const row = (email: string, first: string, last: string, department: string, title: string, seats: Seat[], extra: Partial<Named> = {}): Named =>
  ({ email, first, last, department, title, seats, ...extra });

/** The people of Acme. The first eight hold roles. Two names are borne by two people each. */
export const NAMED: readonly Named[] = [
  row('anna.berg', 'Anna', 'Berg', 'IT', 'Collaboration Lead', ['us', 'eu'], { roles: [FULL_ADMIN], siteAdmin: true }),
  row('ben.okoye', 'Ben', 'Okoye', 'IT', 'Collaboration Engineer', ['us', 'eu'], { roles: [FULL_ADMIN], siteAdmin: true }),
  row('carl.jensen', 'Carl', 'Jensen', 'IT', 'Identity Engineer', ['us'], { roles: [FULL_ADMIN] }),
  row('dora.silva', 'Dora', 'Silva', 'IT', 'Service Desk Lead', ['us'], { roles: [USER_ADMIN] }),
  row('erik.lund', 'Erik', 'Lund', 'Internal Audit', 'Auditor', ['eu'], { roles: [READ_ONLY_ADMIN] }),
  row('fatima.haddad', 'Fatima', 'Haddad', 'Legal', 'Compliance Counsel', ['us'], { roles: [COMPLIANCE_OFFICER] }),
  row('gus.meyer', 'Gus', 'Meyer', 'IT', 'Support Engineer', ['us-'], { roles: [SUPPORT_ADMIN] }),
  row('hana.sato', 'Hana', 'Satō', 'Workplace', 'Device Manager', ['us'], { roles: [DEVICE_ADMIN] }),
  row('cara.olsen', 'Cara', 'Olsen', 'Executive', 'Chief Executive Officer', ['us', 'eu'], { delegates: ['amy.adams'] }),
  row('amy.adams', 'Amy', 'Adams', 'Executive', 'Executive Assistant', ['us', 'eu']),
  row('bob.nguyen', 'Bob', 'Nguyễn', 'Executive', 'Executive Assistant', ['us']),
  row('victor.stone', 'Victor', 'Stone', 'Executive', 'Chief Financial Officer', ['us'], { delegates: ['amy.adams', 'bob.nguyen'] }),
  row('ingrid.dahl', 'Ingrid', 'Dahl', 'Executive', 'Managing Director EMEA', ['eu'], { delegates: ['juergen.mueller', 'zoe.kraus'] }),
  row('juergen.mueller', 'Jürgen', 'Müller', 'Executive', 'Assistant to the Managing Director', ['eu']),
  row('zoe.kraus', 'Zoë', 'Kraus', 'Executive', 'Assistant', ['eu']),
  row("sinead.o'connor", 'Sinéad', "O'Connor", 'Sales', 'Head of Sales', ['us', 'eu'], { delegates: ['priya.natarajan'] }),
  row('priya.natarajan', 'Priya', 'Natarajan', 'Sales', 'Sales Coordinator', ['us']),
  row('daniel.kim', 'Daniel', 'Kim', 'Sales', 'Account Executive', ['us']),
  row('daniel.kim2', 'Daniel', 'Kim', 'Engineering', 'Software Engineer', ['us']),
  row('maria.garcia', 'María', 'García', 'Marketing', 'Campaign Manager', ['us']),
  row('maria.garcia.lopez', 'María', 'García', 'Finance', 'Controller', ['eu']),
  row('kwame.mensah', 'Kwame', 'Mensah', 'Engineering', 'Engineering Manager', ['us'], { delegates: ['noor.devries'] }),
  row('noor.devries', 'Noor', 'de Vries', 'Engineering', 'Programme Manager', ['us', 'eu']),
  row('lukasz.wojcik', 'Łukasz', 'Wójcik', 'Engineering', 'Site Reliability Engineer', ['eu']),
  row('soren.aakesson', 'Søren', 'Åkesson', 'Engineering', 'Architect', ['eu']),
  row('leo.wei', 'Li', 'Wei', 'Engineering', 'Software Engineer', ['us'], { displayName: 'Li <Leo> Wei' }),
  row('yusuf.oeztuerk', 'Yusuf', 'Öztürk', 'Finance', 'Accountant', ['eu']),
  row('ines.goncalves', 'Inês', 'Gonçalves', 'Marketing', 'Designer', ['us-']),
  row('xavier.darcy', 'Xavier', "D'Arcy", 'Legal', 'General Counsel', ['us'], { delegates: ['mary-jane.vandenberg'] }),
  row('mary-jane.vandenberg', 'Mary-Jane', 'van den Berg', 'Legal', 'Paralegal', ['us']),
  row('r&d.desk', 'R&D', 'Desk', 'Engineering', 'Shared account', ['us'], { displayName: 'R&D Desk' }),
  row('reception', 'Reception', '& Events', 'Workplace', 'Front Desk', ['us-'], { displayName: 'Reception & Events' }),
  row('tomas.novak', 'Tomáš', 'Novák', 'Sales', 'Sales Engineer', ['eu']),
  row('aoife.byrne', 'Aoife', 'Byrne', 'Human Resources', 'People Partner', ['eu', 'us-']),
  row('raj.patel', 'Raj', 'Patel', 'Human Resources', 'Recruiter', ['us']),
  row('olu.adeyemi', 'Olú', 'Adéyẹmí', 'Finance', 'Treasurer', ['us']),
  row('grace.hall', 'Grace', 'Hall', 'Marketing', 'Intern', ['us-']),
  row('pavel.orlov', 'Pavel', 'Orlov', 'Workplace', 'Facilities', ['eu-']),
  row('nina.rossi', 'Nina', 'Rossi', 'Human Resources', 'New joiner', ['us'], { pending: true }),
  row('hugo.leclerc', 'Hugo', 'Leclerc', 'Sales', 'On leave', ['eu'], { disabled: true }),
];

/** First and last names that the generated people are made of. */
export const FIRST = ['Ada', 'Alan', 'Beatriz', 'Bruno', 'Chiara', 'Chen', 'Dagny', 'Dmitri', 'Elif', 'Emeka', 'Freya', 'Felix', 'Gita', 'Goran', 'Helga', 'Hiro',
  'Ida', 'Ivan', 'Jana', 'Jorge', 'Keiko', 'Kofi', 'Leila', 'Luca', 'Mei', 'Milan', 'Nadia', 'Nils', 'Oda', 'Omar', 'Paula', 'Per', 'Rosa', 'Rémi', 'Sofia', 'Tariq'];
export const LAST = ['Abbott', 'Andersson', 'Bauer', 'Bianchi', 'Castro', 'Cohen', 'Diallo', 'Dubois', 'Eriksen', 'Farah', 'Fischer', 'Gupta', 'Hansen', 'Ivanova',
  'Jansen', 'Kaya', 'Kowalski', 'Larsen', 'Lopez', 'Mbeki', 'Moreau', 'Nakamura', 'Novak', 'Okafor', 'Park', 'Quinn', 'Ruiz', 'Schäfer', 'Singh', 'Tanaka', 'Weiß', 'Zhang'];
export const DEPARTMENTS = ['Engineering', 'Sales', 'Marketing', 'Finance', 'Human Resources', 'Legal', 'Workplace', 'Operations'];
