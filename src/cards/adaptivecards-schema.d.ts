/** What adaptivecards-templating's own types want from the sources of adaptivecards, which do not compile here. */
export interface IAdaptiveCard {
  type: 'AdaptiveCard';
  [member: string]: unknown;
}
