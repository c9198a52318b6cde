/** What may come back from one input of a card. */
export interface CardInput {
  /** For choices: the values that the card offered. Anything else was made up. */
  choices?: string[];
  /** Several choices come back as one text, joined by commas. */
  multiple?: boolean;
}

/** The inputs of a card by id. */
export function inputsOf(card: unknown): Record<string, CardInput> {
  const found: Record<string, CardInput> = {};
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(walk);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const element = value as { type?: unknown; id?: unknown; choices?: unknown; isMultiSelect?: unknown };
    if (typeof element.type === 'string' && element.type.startsWith('Input.') && typeof element.id === 'string') {
      found[element.id] = element.type === 'Input.ChoiceSet' && Array.isArray(element.choices)
        ? { choices: (element.choices as { value: string }[]).map((choice) => choice.value), ...(element.isMultiSelect === true ? { multiple: true } : {}) }
        : {};
    }
    Object.values(value).forEach(walk);
  };
  walk(card);
  return found;
}

/**
 * What was filled in, of what the card has: inputs that it does not have are left out. Empty and missing ones are left out too.
 * Undefined when a choice came back that was not offered.
 */
export function filledIn(inputs: Record<string, CardInput>, came: Readonly<Record<string, unknown>>): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [id, input] of Object.entries(inputs)) {
    const value = came[id];
    if (typeof value !== 'string' || value.trim() === '') continue;
    const parts = input.multiple === true ? value.split(',') : [value];
    if (input.choices !== undefined && !parts.every((part) => input.choices?.includes(part))) return undefined;
    values[id] = value;
  }
  return values;
}
