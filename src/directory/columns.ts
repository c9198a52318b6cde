/** A piece's place and the place in it stand in one number of 32 bits. A text that is longer gets a piece of its own. */
const PIECE_BITS = 16;
const PIECE_BYTES = 2 ** PIECE_BITS;
const END = 0x0a;

/**
 * Many texts in few pieces of memory, each text closed by a line feed: a tenth of what as many strings cost the garbage collector,
 * and one search finds a part in any of a piece. Line feeds in a text become spaces.
 */
export class TextColumn {
  private signs: string[] | undefined;

  private constructor(private readonly pieces: readonly Buffer[], private readonly starts: Uint32Array) {}

  static builder(): { add(text: string): void; finish(): TextColumn } {
    const pieces: Buffer[] = [];
    let piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    let used = 0;
    const starts = new Numbers();
    return {
      add: (text) => {
        const size = Buffer.byteLength(text) + 1;
        if (used + size > piece.length) {
          pieces.push(piece.subarray(0, used));
          piece = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, size));
          used = 0;
        }
        starts.push(placeOf(pieces.length, used));
        piece.write(text.replaceAll('\n', ' '), used);
        used += size;
        piece[used - 1] = END;
      },
      finish: () => new TextColumn([...pieces, piece.subarray(0, used)], starts.finish()),
    };
  }

  get length(): number {
    return this.starts.length;
  }

  get(i: number): string {
    const start = this.starts[i] ?? 0;
    const piece = this.pieces[start >>> PIECE_BITS] as Buffer;
    const at = start % PIECE_BYTES;
    return piece.toString('utf8', at, piece.indexOf(END, at));
  }

  /** The places of the texts that hold `part`. */
  *holding(part: string): Generator<number> {
    // Each byte as one sign: so places in the text are places in the bytes, and the engine's quick search for short texts is used.
    this.signs ??= this.pieces.map((piece) => piece.toString('latin1'));
    const wanted = Buffer.from(part, 'utf8').toString('latin1');
    let i = 0;
    for (const [piece, signs] of this.signs.entries()) {
      for (let at = signs.indexOf(wanted); at >= 0; at = signs.indexOf(wanted, signs.indexOf('\n', at))) {
        while ((this.starts[i + 1] ?? Infinity) <= placeOf(piece, at)) i += 1;
        yield i;
      }
    }
  }
}

function placeOf(piece: number, at: number): number {
  return piece * PIECE_BYTES + Math.min(at, PIECE_BYTES - 1);
}

/** The first place of 0 … `length`-1 for which `test` holds, when it holds for all behind it too; else `length`. */
export function firstWhere(length: number, test: (i: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Numbers of 32 bits, of which it is not known how many come. */
export class Numbers {
  length = 0;
  private numbers = new Uint32Array(1024);

  push(value: number): void {
    if (this.length === this.numbers.length) {
      const bigger = new Uint32Array(Math.ceil(this.length * 1.5));
      bigger.set(this.numbers);
      this.numbers = bigger;
    }
    this.numbers[this.length] = value;
    this.length += 1;
  }

  get(at: number): number {
    return this.numbers[at] ?? 0;
  }

  /** Whether `value` is among those from place `from` on. */
  has(value: number, from: number): boolean {
    for (let at = from; at < this.length; at += 1) if (this.numbers[at] === value) return true;
    return false;
  }

  finish(): Uint32Array {
    return this.numbers.slice(0, this.length);
  }
}

/** A column of texts of which there are few different ones. */
export class Interned {
  private readonly texts: string[] = [];
  private readonly known = new Map<string, number>();
  private readonly column = new Numbers();

  add(text: string): void {
    let place = this.known.get(text);
    if (place === undefined) {
      place = this.texts.push(text) - 1;
      this.known.set(text, place);
    }
    this.column.push(place);
  }

  placeOf(i: number): number {
    return this.column.get(i);
  }

  get(i: number): string {
    return this.texts[this.placeOf(i)] ?? '';
  }

  /** The places of the texts that pass a test. */
  places(test: (text: string) => boolean): Set<number> {
    return new Set(this.texts.flatMap((text, place) => (test(text) ? [place] : [])));
  }

  counts(): { name: string; people: number }[] {
    const counted = this.texts.map((name) => ({ name, people: 0 }));
    for (let i = 0; i < this.column.length; i += 1) {
      const one = counted[this.placeOf(i)];
      if (one) one.people += 1;
    }
    return counted;
  }
}

/** The order of texts everywhere here: by their UTF-16 units, as `<` does. */
export function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const RUN = 1024;

/** Sorts numbers by a comparison in small parts, and lets others run in between: a sort of 100,000 at once would hold up every answer. */
export async function sortGently(items: Uint32Array, compare: (a: number, b: number) => number): Promise<Uint32Array> {
  let from: Uint32Array = items;
  let to: Uint32Array = new Uint32Array(items.length);
  for (let at = 0; at < from.length; at += RUN) {
    from.subarray(at, at + RUN).sort(compare);
    await breath();
  }
  for (let width = RUN; width < from.length; width *= 2) {
    for (let at = 0; at < from.length; at += 2 * width) {
      await merge(from, to, at, Math.min(at + width, from.length), Math.min(at + 2 * width, from.length), compare);
    }
    [from, to] = [to, from];
  }
  return from;
}

async function merge(from: Uint32Array, to: Uint32Array, start: number, middle: number, end: number, compare: (a: number, b: number) => number): Promise<void> {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at += 1) {
    const a = from[left] ?? 0;
    const b = from[right] ?? 0;
    const takeLeft = right >= end || (left < middle && compare(a, b) <= 0);
    to[at] = takeLeft ? a : b;
    if (takeLeft) left += 1;
    else right += 1;
    if (at % (4 * RUN) === 0) await breath();
  }
}

/** Lets what waits run. */
export function breath(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve); });
}
